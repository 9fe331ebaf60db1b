package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.lab.Suggestions;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.Invocation;
import dev.clusterlab.lab.shell.ShellCommand;
import dev.clusterlab.lab.shell.ShellFailure;
import dev.clusterlab.lab.shell.ShellState;
import dev.clusterlab.lab.shell.text.GoTemplate;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.client.DockerRefusedException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code docker}: finds the command, reads its options, and finds the daemon it is for. */
public final class DockerCli implements ShellCommand {
    private static final Map<String, String> GROUPS = Map.of(
            "container", "Manage containers",
            "image", "Manage images",
            "network", "Manage networks",
            "node", "Manage Swarm nodes",
            "service", "Manage Swarm services",
            "swarm", "Manage Swarm",
            "system", "Manage Docker");

    private final Map<String, DockerCommand> commands = new TreeMap<>();
    private final DockerHosts hosts;

    public DockerCli(Engine engine) {
        this.hosts = new DockerHosts(engine);
        List<DockerCommand> all = new ArrayList<>();
        all.addAll(DockerSwarmCommands.all());
        all.addAll(DockerNodeCommands.all());
        all.addAll(DockerNetworkCommands.all());
        all.addAll(DockerServiceCommands.all());
        all.addAll(DockerContainerCommands.all());
        all.addAll(DockerSystemCommands.all());
        for (DockerCommand command : all) {
            command.paths().forEach(path -> commands.put(path, command));
        }
    }

    @Override
    public String summary() {
        return "the Docker command line: swarm, node, network, service, ps, logs, exec, inspect, …";
    }

    @Override
    public int run(Invocation invocation) throws InterruptedException {
        List<String> words = new ArrayList<>(invocation.arguments());
        Optional<String> host = Optional.empty();
        while (!words.isEmpty() && words.getFirst().startsWith("-")) {
            String word = words.removeFirst();
            if (word.equals("-v") || word.equals("--version")) {
                invocation.line("Docker version 28.5.2, build clusterlab");
                return 0;
            }
            if (word.equals("--help") || word.equals("-h")) {
                invocation.out(overview());
                return 0;
            }
            String name = word.replaceFirst("=.*", "");
            if (List.of("-D", "--debug", "--tls", "--tlsverify").contains(name)) {
                continue;
            }
            boolean joined = word.startsWith("-H") && !word.equals("-H") && !word.startsWith("-H=");
            if (joined) {
                host = Optional.of(word.substring(2));
            } else if (List.of(
                            "-H",
                            "--host",
                            "-c",
                            "--context",
                            "--config",
                            "-l",
                            "--log-level",
                            "--tlscacert",
                            "--tlscert",
                            "--tlskey")
                    .contains(name)) {
                String value;
                if (word.contains("=")) {
                    value = word.substring(word.indexOf('=') + 1);
                } else if (!words.isEmpty()) {
                    value = words.removeFirst();
                } else {
                    invocation.error("flag needs an argument: " + word);
                    return 125;
                }
                if (List.of("-H", "--host", "-c", "--context").contains(name)) {
                    host = Optional.of(value);
                }
            } else {
                invocation.error("unknown flag: " + word + "\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]\n\n"
                        + "Run 'docker --help' for more information");
                return 125;
            }
        }
        if (words.isEmpty() || words.equals(List.of("help"))) {
            invocation.out(overview());
            return 0;
        }
        return dispatch(invocation, words, host);
    }

    private int dispatch(Invocation invocation, List<String> words, Optional<String> host) throws InterruptedException {
        String first = words.getFirst();
        DockerCommand command = null;
        int used = 1;
        if (GROUPS.containsKey(first)) {
            if (words.size() == 1 || words.get(1).equals("--help")) {
                invocation.out(groupHelp(first));
                return 0;
            }
            command = commands.get(first + " " + words.get(1));
            used = 2;
        }
        if (command == null) {
            command = commands.get(first);
            used = 1;
        }
        if (command == null) {
            boolean group = GROUPS.containsKey(first);
            String path = group ? first + " " + words.get(1) : first;
            String hint = meant(words, group)
                    .map(near -> "\nDid you mean 'docker " + near + "'?")
                    .orElse("");
            invocation.error("docker: unknown command: docker " + path + hint + "\n\n"
                    + (group
                            ? "Usage:  docker " + first + "\n\nRun 'docker " + first + " --help'"
                            : "Run 'docker --help'")
                    + " for more information");
            return 1;
        }
        List<String> rest = words.subList(used, words.size());
        if (rest.contains("--help")
                && (command.interspersed() || rest.getFirst().equals("--help"))) {
            invocation.out(help(command));
            return 0;
        }
        try {
            Flags.Given given = command.flags().parse(rest, command.interspersed());
            String wrong = wrongCount(command, given.arguments().size());
            if (wrong != null) {
                invocation.error(wrong);
                return 1;
            }
            DockerApi api = daemon(
                    invocation.state(),
                    host.or(() -> invocation.environment("DOCKER_HOST").filter(value -> !value.isEmpty())));
            return command.body().run(new DockerCall(invocation, api, command, given));
        } catch (Flags.Mistake mistake) {
            invocation.error(mistake.text() + "\n\nUsage:  docker " + command.name() + " " + command.usage()
                    + "\n\nRun 'docker " + command.name() + " --help' for more information");
            return 125;
        } catch (DockerRefusedException e) {
            invocation.error("Error response from daemon: " + e.text());
            return 1;
        } catch (GoTemplate.Mistake e) {
            invocation.error("template parsing error: " + e.getMessage());
            return 64;
        }
    }

    private static @Nullable String wrongCount(DockerCommand command, int count) {
        int min = command.argumentsMin();
        int max = command.argumentsMax();
        if (count >= min && (max < 0 || count <= max)) {
            return null;
        }
        String needed;
        if (max == 0) {
            needed = "accepts no arguments";
        } else if (min == max) {
            needed = "requires " + min + (min == 1 ? " argument" : " arguments");
        } else if (count < min) {
            needed = "requires at least " + min + (min == 1 ? " argument" : " arguments");
        } else {
            needed = "requires at most " + max + (max == 1 ? " argument" : " arguments");
        }
        String see = min != max && count < min ? "See" : "Run";
        return "docker: 'docker " + command.name() + "' " + needed + "\n\nUsage:  docker " + command.name() + " "
                + command.usage() + "\n\n" + see + " 'docker " + command.name() + " --help' for more information";
    }

    /** The daemon of an address, of a machine's name, or of the machine that is used when nothing is said. */
    private DockerApi daemon(ShellState state, Optional<String> host) {
        Optional<Machine> machine = host.isPresent() ? state.machineOf(host.get()) : state.defaultMachine();
        String shown = host.orElseGet(
                () -> machine.map(found -> "tcp://" + found.ip() + ":2376").orElse(""));
        if (machine.isPresent() && !state.reaches(machine.get())) {
            throw new ShellFailure(
                    1,
                    "Cannot connect to the Docker daemon at " + shown
                            + ". Is the docker daemon running?\n(The network between "
                            + state.home().orElse("") + " and " + machine.get().name() + " is cut.)");
        }
        if (machine.isPresent()) {
            Optional<URI> endpoint = machine.get().dockerEndpoint();
            if (endpoint.isEmpty()) {
                throw new ShellFailure(
                        1,
                        "Cannot connect to the Docker daemon at " + shown + ". Is the docker daemon running?\n(Machine "
                                + machine.get().name() + " is "
                                + machine.get().state().name().toLowerCase(java.util.Locale.ROOT)
                                + "; eval \"$(docker-machine env NAME)\" chooses another one.)");
            }
            return hosts.at(endpoint.get(), shown);
        }
        if (host.isPresent() && host.get().matches("tcp://(127\\.0\\.0\\.1|localhost):\\d+")) {
            return hosts.at(URI.create(host.get()), shown);
        }
        throw new ShellFailure(
                1,
                host.isPresent()
                        ? "Cannot connect to the Docker daemon at " + host.get()
                                + ". Is the docker daemon running?\n(No machine of this lab has that address: see"
                                + " 'docker-machine ls'.)"
                        : "Cannot connect to a Docker daemon: no machine is running. Create one with 'docker-machine"
                                + " create NAME', or start one with 'docker-machine start NAME'.");
    }

    // ---- help

    private String overview() {
        StringBuilder text = new StringBuilder("Usage:  docker [OPTIONS] COMMAND\n\nManagement Commands:\n");
        new TreeMap<>(GROUPS).forEach((name, what) -> text.append(String.format("  %-11s %s%n", name, what)));
        text.append("\nCommands:\n");
        commands.forEach((path, command) -> {
            if (!path.contains(" ")) {
                text.append(String.format("  %-11s %s%n", path, command.summary()));
            }
        });
        text.append(
                "\nGlobal Options:\n  -H, --host string   Daemon to talk to: tcp://ADDRESS:2376, or a machine's name\n"
                        + "\nRun 'docker COMMAND --help' for more information on a command.\n");
        return text.toString();
    }

    private String groupHelp(String group) {
        StringBuilder text =
                new StringBuilder("Usage:  docker " + group + " COMMAND\n\n" + GROUPS.get(group) + "\n\nCommands:\n");
        commands.forEach((path, command) -> {
            if (path.startsWith(group + " ") && isMain(command, path)) {
                text.append(String.format("  %-11s %s%n", path.substring(group.length() + 1), command.summary()));
            }
        });
        return text.append("\nRun 'docker " + group + " COMMAND --help' for more information on a command.\n")
                .toString();
    }

    /** What somebody probably meant by the first words of an unknown command. */
    private Optional<String> meant(List<String> words, boolean group) {
        String first = words.getFirst();
        if (group) {
            return Suggestions.nearest(first + " " + words.get(1), commands.keySet());
        }
        TreeSet<String> heads = new TreeSet<>(GROUPS.keySet());
        commands.keySet().stream().filter(path -> !path.contains(" ")).forEach(heads::add);
        return Suggestions.nearest(first, heads).map(near -> {
            String longer = words.size() > 1 ? near + " " + words.get(1) : near;
            return commands.containsKey(longer) ? longer : near;
        });
    }

    /** Whether a path is the name under which its group's help lists a command, not another name for it. */
    private static boolean isMain(DockerCommand command, String path) {
        return command.paths().stream()
                .filter(other -> other.contains(" "))
                .findFirst()
                .filter(path::equals)
                .isPresent();
    }

    private static String help(DockerCommand command) {
        String aliases = command.paths().size() > 1
                ? "\nAliases:\n  docker " + String.join(", docker ", command.paths()) + "\n"
                : "";
        return "Usage:  docker " + command.name() + " " + command.usage() + "\n\n" + command.summary() + "\n" + aliases
                + (command.flags().all().isEmpty() ? "" : "\n" + command.flags().help());
    }

    // ---- completion

    @Override
    public List<String> complete(ShellState state, List<String> words) {
        List<String> before = words.subList(0, words.size() - 1);
        String last = words.getLast();
        TreeSet<String> result = new TreeSet<>();
        if (before.isEmpty()) {
            result.addAll(GROUPS.keySet());
            commands.keySet().stream().map(path -> path.split(" ")[0]).forEach(result::add);
            return List.copyOf(result);
        }
        DockerCommand command = null;
        if (before.size() >= 2) {
            command = commands.get(before.get(0) + " " + before.get(1));
        }
        if (command == null && GROUPS.containsKey(before.getFirst())) {
            if (before.size() > 1) {
                return List.of();
            }
            String prefix = before.getFirst() + " ";
            commands.keySet().stream()
                    .filter(path -> path.startsWith(prefix))
                    .map(path -> path.substring(prefix.length()))
                    .forEach(result::add);
            return List.copyOf(result);
        }
        if (command == null) {
            command = commands.get(before.getFirst());
        }
        if (command == null) {
            return List.of();
        }
        if (last.startsWith("-")) {
            command.flags().all().forEach(flag -> result.add("--" + flag.name()));
            return List.copyOf(result);
        }
        return names(state, command, before.getLast());
    }

    private List<String> names(ShellState state, DockerCommand command, String previous) {
        try {
            DockerApi api = daemon(state, state.exported("DOCKER_HOST").filter(value -> !value.isEmpty()));
            if (previous.equals("--network")) {
                return fields(api.get("/networks"), "/Name");
            }
            return switch (command.names()) {
                case NONE -> List.of();
                case NODE -> fields(api.get("/nodes"), "/Description/Hostname");
                case SERVICE -> fields(api.get("/services"), "/Spec/Name");
                case NETWORK -> fields(api.get("/networks"), "/Name");
                case CONTAINER ->
                    fields(api.get("/containers/json?all=1"), "/Names/0").stream()
                            .map(name -> name.replaceFirst("^/", ""))
                            .toList();
                case ANY -> {
                    Map<String, String> all = new LinkedHashMap<>();
                    fields(api.get("/containers/json?all=1"), "/Names/0")
                            .forEach(name -> all.put(name.replaceFirst("^/", ""), ""));
                    fields(api.get("/networks"), "/Name").forEach(name -> all.put(name, ""));
                    fields(api.get("/services"), "/Spec/Name").forEach(name -> all.put(name, ""));
                    yield List.copyOf(all.keySet());
                }
            };
        } catch (DockerRefusedException | ShellFailure e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    @Override
    public void close() {
        hosts.close();
    }

    private static List<String> fields(JsonNode list, String pointer) {
        List<String> result = new ArrayList<>();
        list.forEach(item -> result.add(item.at(pointer).asText()));
        result.removeIf(String::isEmpty);
        return result;
    }
}
