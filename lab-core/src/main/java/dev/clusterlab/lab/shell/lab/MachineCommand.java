package dev.clusterlab.lab.shell.lab;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.lab.Json;
import dev.clusterlab.lab.Suggestions;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.Interruptible;
import dev.clusterlab.lab.shell.Invocation;
import dev.clusterlab.lab.shell.PrettyJson;
import dev.clusterlab.lab.shell.ShellCommand;
import dev.clusterlab.lab.shell.ShellFailure;
import dev.clusterlab.lab.shell.ShellState;
import dev.clusterlab.lab.shell.text.GoTemplate;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.Observer;
import dev.clusterlab.shell.text.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code docker-machine}: the machines of the lab. */
public final class MachineCommand implements ShellCommand {
    private static final Map<String, String> COMMANDS = new TreeMap<>(Map.ofEntries(
            Map.entry("active", "Print which machine is active"),
            Map.entry("config", "Print the connection config for machine"),
            Map.entry("create", "Create machines: one, or several together"),
            Map.entry("env", "Display the commands to set up the environment for the Docker client"),
            Map.entry("inspect", "Inspect information about a machine"),
            Map.entry("ip", "Get the IP address of a machine"),
            Map.entry("kill", "Cut the power of a machine"),
            Map.entry("ls", "List machines"),
            Map.entry("pause", "Freeze a machine (not in the real docker-machine)"),
            Map.entry("restart", "Restart a machine"),
            Map.entry("rm", "Remove a machine"),
            Map.entry("ssh", "Run a command on a machine"),
            Map.entry("start", "Start a machine"),
            Map.entry("status", "Get the status of a machine"),
            Map.entry("stop", "Stop a machine"),
            Map.entry("unpause", "Let a frozen machine go on (not in the real docker-machine)"),
            Map.entry("url", "Get the URL of a machine"),
            Map.entry("version", "Show the version")));
    private static final int DOCKER_PORT = 2376;

    @Override
    public String summary() {
        return "machines: create, ls, ip, env, start, stop, kill, rm, …";
    }

    private interface Each {
        void on(String name) throws InterruptedException;
    }

    @Override
    public int run(Invocation call) throws InterruptedException {
        List<String> words = new ArrayList<>(call.arguments());
        while (!words.isEmpty()
                && (words.getFirst().equals("-D") || words.getFirst().equals("--debug"))) {
            words.removeFirst();
        }
        if (words.isEmpty() || words.getFirst().matches("--help|-h|help")) {
            StringBuilder text = new StringBuilder("Usage: docker-machine COMMAND [arg...]\n\nCommands:\n");
            COMMANDS.forEach((name, what) -> text.append(String.format("  %-10s %s%n", name, what)));
            call.out(text.toString());
            return 0;
        }
        String command = words.removeFirst();
        if (command.equals("-v") || command.equals("--version")) {
            command = "version";
        }
        try {
            return execute(call, command, words);
        } catch (LabException e) {
            call.error(e.getMessage() + (e.advice().isEmpty() ? "" : "\n" + e.advice()));
            return e.kind() == LabException.Kind.CONFLICT ? 3 : 1;
        } catch (GoTemplate.Mistake e) {
            call.error("template parsing error: " + e.getMessage());
            return 1;
        }
    }

    private static int execute(Invocation call, String command, List<String> words) throws InterruptedException {
        return switch (command) {
            case "create" -> create(call, words);
            case "ls", "list" -> list(call, words);
            case "ip" -> ip(call, words);
            case "url" ->
                each(
                        call,
                        words,
                        name -> call.line("tcp://" + running(call, name).ip() + ":" + DOCKER_PORT));
            case "config" ->
                each(
                        call,
                        words,
                        name -> call.line("-H=tcp://" + running(call, name).ip() + ":" + DOCKER_PORT));
            case "env" -> environment(call, words);
            case "active" -> active(call);
            case "status" -> each(call, words, name -> call.line(state(machine(call, name))));
            case "inspect" -> inspect(call, words);
            case "ssh" -> ssh(call, words);
            case "version" -> {
                call.line("docker-machine of Cluster Lab's built-in shell");
                yield 0;
            }
            case "start" ->
                each(call, words, name -> {
                    machine(call, name);
                    call.line("Starting \"" + name + "\"...");
                    Interruptible.run(() -> call.state().context().faults().inject(new Fault.MachineStart(name)));
                    call.line("Machine \"" + name + "\" was started.");
                });
            case "stop" ->
                each(call, words, name -> {
                    machine(call, name);
                    call.line("Stopping \"" + name + "\"...");
                    Interruptible.run(() -> call.state().context().faults().inject(new Fault.MachineStop(name)));
                    call.line("Machine \"" + name + "\" was stopped.");
                    tellIfCutOff(call, name);
                });
            case "kill" ->
                each(call, words, name -> {
                    machine(call, name);
                    call.line("Killing \"" + name + "\"...");
                    Interruptible.run(() -> call.state().context().faults().inject(new Fault.MachineKill(name)));
                    call.line("Machine \"" + name + "\" was killed.");
                    tellIfCutOff(call, name);
                });
            case "restart" ->
                each(call, words, name -> {
                    machine(call, name);
                    call.line("Restarting \"" + name + "\"...");
                    Engine engine = call.engine();
                    Interruptible.run(() -> engine.stopMachine(name));
                    Interruptible.run(() -> engine.startMachine(name));
                    call.line(
                            "Restarted machines may have new IP addresses. You may need to re-run the `docker-machine env`"
                                    + " command.");
                });
            case "pause" ->
                each(call, words, name -> {
                    machine(call, name);
                    Interruptible.run(() ->
                            call.state().context().faults().inject(new Fault.MachinePause(name, Optional.empty())));
                    call.line("Machine \"" + name + "\" is paused.");
                });
            case "unpause" ->
                each(call, words, name -> {
                    machine(call, name);
                    Interruptible.run(() -> call.state().context().faults().inject(new Fault.MachineUnpause(name)));
                    call.line("Machine \"" + name + "\" goes on.");
                });
            case "rm" -> {
                boolean force = words.stream().anyMatch(word -> word.matches("-f|--force|-fy|-yf"));
                List<String> names =
                        words.stream().filter(word -> !word.startsWith("-")).toList();
                yield each(call, names, name -> {
                    if (force && call.engine().machine(name).isEmpty()) {
                        call.line("Successfully removed " + name);
                        return;
                    }
                    machine(call, name);
                    call.line("About to remove " + name);
                    Interruptible.run(() -> call.state().context().faults().inject(new Fault.MachineRemove(name)));
                    call.line("Successfully removed " + name);
                });
            }
            case "upgrade", "provision", "regenerate-certs", "scp", "mount" -> {
                call.error("docker-machine " + command + " has no meaning for the machines of this lab.");
                yield 1;
            }
            default -> {
                String near = Suggestions.nearest(command, COMMANDS.keySet())
                        .map(value -> " Did you mean '" + value + "'?")
                        .orElse("");
                call.error("docker-machine: '" + command + "' is not a docker-machine command." + near + "\nThere are "
                        + String.join(", ", COMMANDS.keySet()) + ".");
                yield 127;
            }
        };
    }

    private static int each(Invocation call, List<String> words, Each action) throws InterruptedException {
        List<String> names =
                words.stream().filter(word -> !word.startsWith("-")).toList();
        if (names.isEmpty()) {
            names = List.of("default");
        }
        int status = 0;
        for (String name : names) {
            try {
                action.on(name);
            } catch (LabException e) {
                call.error(e.getMessage() + (e.advice().isEmpty() ? "" : "\n" + e.advice()));
                status = 1;
            } catch (ShellFailure e) {
                call.error(e.text());
                status = e.status();
            }
        }
        return status;
    }

    /** Whoever reads on must know that it is not off. */
    private static void tellIfCutOff(Invocation call, String name) {
        if (machine(call, name).cutOff()) {
            call.line(
                    "Nobody has given a command that switches it off: it is cut off from the other machines, and what runs in it goes on.");
        }
    }

    private static Machine machine(Invocation call, String name) {
        return call.engine()
                .machine(name)
                .orElseThrow(() -> new ShellFailure(
                        1,
                        "Docker machine \"" + name
                                + "\" does not exist. Use \"docker-machine ls\" to list machines. Use \"docker-machine"
                                + " create\" to add a new one."));
    }

    private static Machine running(Invocation call, String name) {
        Machine machine = machine(call, name);
        if (machine.state() != Machine.State.RUNNING) {
            throw new ShellFailure(
                    1, "Host is not running: " + name + " is " + state(machine).toLowerCase(java.util.Locale.ROOT));
        }
        return machine;
    }

    private static String state(Machine machine) {
        return switch (machine.state()) {
            case RUNNING -> "Running";
            case PAUSED -> "Paused";
            case STOPPED, KILLED -> "Stopped";
        };
    }

    // ---- create

    private static int create(Invocation call, List<String> words) throws InterruptedException {
        List<String> names = new ArrayList<>();
        List<String> ignored = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("-")) {
                names.add(word);
                continue;
            }
            ignored.add(word.replaceFirst("=.*", ""));
            boolean takesValue = !word.contains("=")
                    && i + 1 < words.size()
                    && !words.get(i + 1).startsWith("-")
                    && !List.of("--swarm", "--swarm-master", "--swarm-experimental")
                            .contains(word)
                    && !word.matches("--virtualbox-(no-.*|host-dns-resolver|dns-proxy)")
                    && i + 2 < words.size();
            if (takesValue) {
                i++;
            }
        }
        if (names.isEmpty()) {
            throw new ShellFailure(1, "Error: No machine name specified");
        }
        for (String name : names) {
            if (call.engine().machine(name).isPresent()) {
                throw new ShellFailure(3, "Docker machine \"" + name + "\" already exists");
            }
        }
        if (!ignored.isEmpty()) {
            call.error("(" + String.join(", ", ignored) + ": not needed here, the "
                    + call.engine().name() + " engine supplies the machine)");
        }
        call.line("Running pre-create checks...");
        call.line(names.size() == 1 ? "Creating machine..." : "Creating " + names.size() + " machines...");
        // The docker-machine of old took one name; here several are made together, as far as the engine can.
        for (Machine machine : Interruptible.call(() -> call.engine().createMachines(names))) {
            call.line("(" + machine.name() + ") Machine is running, its address is " + machine.ip());
        }
        call.line("Docker is up and running!");
        call.line("To see how to connect your Docker Client to the Docker Engine running on this virtual machine, run:"
                + " docker-machine env " + names.getFirst());
        return 0;
    }

    // ---- what is said about machines

    private static int list(Invocation call, List<String> words) {
        Flags.Given given;
        try {
            given = Flags.of(
                            "-q, --quiet bool Enable quiet mode",
                            "--filter list Filter output: name=, state=",
                            "-f, --format string Pretty-print machines using a Go template",
                            "-t, --timeout uint Timeout in seconds")
                    .parse(words, true);
        } catch (Flags.Mistake mistake) {
            throw call.failure(mistake.text());
        }
        String active = call.state().activeMachine().map(Machine::name).orElse("");
        TextTable table =
                new TextTable(5, 3).row("NAME", "ACTIVE", "DRIVER", "STATE", "URL", "SWARM", "DOCKER", "ERRORS");
        for (Machine machine : call.engine().machines()) {
            boolean kept = given.list("filter").stream().allMatch(filter -> {
                String value = filter.substring(filter.indexOf('=') + 1);
                return filter.startsWith("name=")
                        ? machine.name().matches(value)
                        : !filter.startsWith("state=") || state(machine).equalsIgnoreCase(value);
            });
            if (!kept) {
                continue;
            }
            boolean up = machine.state() == Machine.State.RUNNING;
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("Name", machine.name());
            row.put("Active", machine.name().equals(active) ? "*" : "-");
            row.put("DriverName", call.engine().name());
            row.put("State", state(machine));
            row.put("URL", up ? "tcp://" + machine.ip() + ":" + DOCKER_PORT : "");
            if (given.is("quiet")) {
                call.line(machine.name());
            } else if (given.has("format")) {
                call.line(new GoTemplate(given.text("format", ""), false).apply(row));
            } else {
                table.row(
                        machine.name(),
                        machine.name().equals(active) ? "*" : "-",
                        call.engine().name(),
                        state(machine),
                        up ? "tcp://" + machine.ip() + ":" + DOCKER_PORT : "",
                        "",
                        up ? version(call, machine) : "Unknown",
                        "");
            }
        }
        if (!given.is("quiet") && !given.has("format")) {
            call.out(table.toString());
        }
        return 0;
    }

    /** As its daemon says; one that was just made may not have been asked yet. */
    private static String version(Invocation call, Machine machine) {
        Observer observer = call.state().context().observer();
        return version(observer.latest(), machine)
                .or(() -> version(observer.observe(), machine))
                .map(version -> "v" + version)
                .orElse("");
    }

    private static Optional<String> version(ClusterSnapshot seen, Machine machine) {
        return seen.machine(machine.name()).map(view -> view.engineVersion()).filter(version -> !version.isEmpty());
    }

    private static int ip(Invocation call, List<String> words) throws InterruptedException {
        return each(call, words, name -> call.line(running(call, name).ip()));
    }

    private static int environment(Invocation call, List<String> words) {
        if (words.contains("-u") || words.contains("--unset")) {
            call.line("unset DOCKER_TLS_VERIFY\nunset DOCKER_HOST\nunset DOCKER_CERT_PATH\nunset DOCKER_MACHINE_NAME");
            call.line("# Run this command to configure your shell: \n# eval $(docker-machine env -u)");
            return 0;
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).equals("--shell")) {
                i++;
            } else if (!words.get(i).startsWith("-")) {
                names.add(words.get(i));
            }
        }
        if (names.size() != 1) {
            throw new ShellFailure(1, "Error: Expected one machine name");
        }
        String name = names.getFirst();
        Machine machine = running(call, name);
        call.engine().tls().ifPresent(tls -> {
            call.line("export DOCKER_TLS_VERIFY=\"1\"");
            call.line("export DOCKER_CERT_PATH=\"" + tls.folder() + "\"");
        });
        call.line("export DOCKER_HOST=\"tcp://" + machine.ip() + ":" + DOCKER_PORT + "\"");
        call.line("export DOCKER_MACHINE_NAME=\"" + name + "\"");
        call.line("# Run this command to configure your shell: \n# eval \"$(docker-machine env " + name + ")\"");
        return 0;
    }

    private static int active(Invocation call) {
        Optional<Machine> machine =
                call.environment("DOCKER_HOST").filter(host -> !host.isEmpty()).flatMap(call.state()::machineOf);
        if (machine.isEmpty()) {
            call.error("No active host found");
            return 1;
        }
        call.line(machine.get().name());
        return 0;
    }

    private static int inspect(Invocation call, List<String> words) throws InterruptedException {
        Flags.Given given;
        try {
            given = Flags.of("-f, --format string Format the output using a Go template")
                    .parse(words, true);
        } catch (Flags.Mistake mistake) {
            throw call.failure(mistake.text());
        }
        return each(call, given.arguments(), name -> {
            Machine machine = machine(call, name);
            ObjectNode json = Json.MAPPER.createObjectNode();
            json.put("ConfigVersion", 3);
            ObjectNode driver = json.putObject("Driver");
            driver.put("IPAddress", machine.ip()).put("MachineName", name);
            json.put("DriverName", call.engine().name());
            json.put("Name", name);
            json.put("State", state(machine));
            call.line(
                    given.has("format")
                            ? new GoTemplate(given.text("format", ""), true).apply(json)
                            : PrettyJson.write(json));
        });
    }

    private static int ssh(Invocation call, List<String> words) throws InterruptedException {
        if (words.isEmpty()) {
            throw new ShellFailure(1, "Error: Expected a machine name and a command");
        }
        Machine machine = running(call, words.getFirst());
        String text = String.join(" ", words.subList(1, words.size()));
        if (text.isBlank()) {
            throw new ShellFailure(
                    1,
                    "docker-machine ssh needs a command here, such as: docker-machine ssh " + machine.name()
                            + " docker ps");
        }
        ShellState.Saved saved = call.state().save();
        try {
            call.state().assign("DOCKER_HOST", "tcp://" + machine.ip() + ":" + DOCKER_PORT);
            call.state().export("DOCKER_HOST");
            call.state().assign("HOSTNAME", machine.name());
            return call.interpreter().evaluate(text.replaceAll("\\bsudo ", ""), call.streams());
        } finally {
            call.state().restore(saved);
        }
    }

    @Override
    public List<String> complete(ShellState state, List<String> words) {
        return words.size() == 1 ? List.copyOf(COMMANDS.keySet()) : state.machineNames();
    }
}
