package dev.clusterlab.lab.shell.lab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.lab.Suggestions;
import dev.clusterlab.lab.shell.Interruptible;
import dev.clusterlab.lab.shell.Invocation;
import dev.clusterlab.lab.shell.ShellCommand;
import dev.clusterlab.lab.shell.ShellFailure;
import dev.clusterlab.lab.shell.ShellState;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.client.ConsulPort;
import dev.clusterlab.shell.text.TextTable;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code consul}: members, catalog, kv, info, operator, over the HTTP API of one agent. */
public final class ConsulCommand implements ShellCommand {
    private static final int PORT = 8500;
    private static final Map<String, String> COMMANDS = new TreeMap<>(Map.ofEntries(
            Map.entry("members", "who is in the cluster, as this agent's gossip sees it"),
            Map.entry("catalog nodes", "nodes of the catalog"),
            Map.entry("catalog services", "services of the catalog (-tags)"),
            Map.entry("catalog datacenters", "known datacenters"),
            Map.entry("kv get", "reads a key (-recurse, -keys)"),
            Map.entry("kv put", "writes a key"),
            Map.entry("kv delete", "deletes a key (-recurse)"),
            Map.entry("info", "what the agent says of itself"),
            Map.entry("operator raft list-peers", "Raft peers and their leader"),
            Map.entry("operator autopilot get-config", "settings of autopilot"),
            Map.entry("operator autopilot state", "health of the servers"),
            Map.entry("join", "makes the agent join another"),
            Map.entry("leave", "makes the agent leave and stop"),
            Map.entry("force-leave", "declares a failed member to have left"),
            Map.entry("version", "version of the agent")));

    @Override
    public String summary() {
        return "the Consul command line: members, catalog, kv, info, operator raft list-peers";
    }

    @Override
    public int run(Invocation call) throws InterruptedException {
        List<String> words = new ArrayList<>();
        Map<String, String> options = new TreeMap<>();
        boolean plain = false;
        for (String word : call.arguments()) {
            if (!plain && word.startsWith("-") && word.length() > 1 && !word.equals("-")) {
                String option = word.replaceFirst("^--?", "");
                int equal = option.indexOf('=');
                options.put(
                        equal < 0 ? option : option.substring(0, equal),
                        equal < 0 ? "true" : option.substring(equal + 1));
            } else {
                words.add(word);
                plain = words.size() > 2
                        && words.getFirst().equals("kv")
                        && words.get(1).equals("put");
            }
        }
        Optional<String> found = COMMANDS.keySet().stream()
                .filter(name -> (String.join(" ", words) + " ").startsWith(name + " "))
                .findFirst();
        if (found.isEmpty() || options.containsKey("help") || options.containsKey("h")) {
            return help(call, words, options);
        }
        String command = found.get();
        List<String> arguments = words.subList(command.split(" ").length, words.size());
        ConsulPort agent = agent(call, options);
        try {
            return Interruptible.call(() -> execute(call, agent, command, arguments, options));
        } catch (LabException e) {
            call.error(doing(command) + ": " + e.getMessage());
            return 1;
        }
    }

    private static int help(Invocation call, List<String> words, Map<String, String> options) {
        StringBuilder text =
                new StringBuilder("Usage: consul [-http-addr=ADDRESS:PORT] COMMAND [ARGUMENTS]\n\nCommands:\n");
        COMMANDS.forEach((name, what) -> text.append(String.format("    %-32s %s%n", name, what)));
        boolean asked = words.isEmpty() || options.containsKey("help") || options.containsKey("h");
        if (asked) {
            call.out(text.toString());
            return 0;
        }
        String given = String.join(" ", words);
        String near = Suggestions.nearest(given, COMMANDS.keySet())
                .map(value -> " Did you mean 'consul " + value + "'?")
                .orElse("");
        call.error("consul: unknown command '" + given + "'." + near + "\n"
                + text.toString().stripTrailing());
        return 127;
    }

    private static String doing(String command) {
        return switch (command) {
            case "members" -> "Error retrieving members";
            case "catalog nodes" -> "Error listing nodes";
            case "catalog services" -> "Error listing services";
            case "info" -> "Error querying agent";
            case "operator raft list-peers" -> "Error getting peers: Failed to retrieve raft configuration";
            case "kv get" -> "Error querying Consul agent";
            case "kv put" -> "Error! Failed writing data";
            case "kv delete" -> "Error! Did not delete key";
            default -> "Error";
        };
    }

    /** The agent of -http-addr or CONSUL_HTTP_ADDR; else the one on the machine that docker talks to, or the first. */
    private static ConsulPort agent(Invocation call, Map<String, String> options) {
        Optional<String> given =
                Optional.ofNullable(options.get("http-addr")).or(() -> call.environment("CONSUL_HTTP_ADDR"));
        if (given.isPresent()) {
            String address = given.get().contains("://") ? given.get() : "http://" + given.get();
            URI uri;
            try {
                uri = LabAddress.parse(address, PORT);
            } catch (IllegalArgumentException e) {
                throw call.failure("'" + given.get() + "' is not an address, write HOST:PORT");
            }
            return call.state()
                    .http()
                    .loopback(uri)
                    .map(call.state().consuls()::at)
                    .orElseThrow(() -> new ShellFailure(
                            1,
                            "Error: Get \"" + uri + "/v1/\": dial tcp " + uri.getAuthority()
                                    + ": connect: connection refused"));
        }
        List<Machine> machines = new ArrayList<>();
        call.state().activeMachine().ifPresent(machines::add);
        machines.addAll(call.engine().machines());
        for (int port : new int[] {PORT, PORT + 1}) {
            for (Machine machine : machines) {
                String at = machine.ports().get(port);
                if (machine.state() == Machine.State.RUNNING && at != null) {
                    return call.state().consuls().at(at);
                }
            }
        }
        throw new ShellFailure(
                1,
                "Error: no machine publishes Consul's port " + PORT
                        + ". Say which agent: consul -http-addr=ADDRESS:PORT …");
    }

    private static int execute(
            Invocation call, ConsulPort agent, String command, List<String> arguments, Map<String, String> options) {
        return switch (command) {
            case "members" -> members(call, agent, options);
            case "catalog nodes" -> nodes(call, agent);
            case "catalog services" -> services(call, agent, options);
            case "catalog datacenters" -> {
                agent.getJson("/v1/catalog/datacenters").forEach(name -> call.line(name.asText()));
                yield 0;
            }
            case "kv get" -> get(call, agent, arguments, options);
            case "kv put" -> put(call, agent, arguments);
            case "kv delete" -> delete(call, agent, arguments, options);
            case "info" -> info(call, agent);
            case "operator raft list-peers" -> peers(call, agent);
            case "operator autopilot get-config" ->
                autopilot(call, agent.getJson("/v1/operator/autopilot/configuration"));
            case "operator autopilot state" -> health(call, agent.getJson("/v1/operator/autopilot/health"));
            case "join" -> {
                int joined = 0;
                for (String address : arguments) {
                    joined += agent.join(address) ? 1 : 0;
                }
                if (joined == 0) {
                    throw call.failure("no agent could be joined");
                }
                call.line("Successfully joined cluster by contacting " + joined + " nodes.");
                yield 0;
            }
            case "leave" -> {
                agent.leave();
                call.line("Graceful leave complete");
                yield 0;
            }
            case "force-leave" -> {
                if (arguments.isEmpty()) {
                    throw call.failure("a node is missing");
                }
                agent.forceLeave(arguments.getFirst());
                yield 0;
            }
            default -> {
                call.line("Consul v" + agent.self().at("/Config/Version").asText());
                yield 0;
            }
        };
    }

    private static TextTable table() {
        return new TextTable(0, 2);
    }

    private static int members(Invocation call, ConsulPort agent, Map<String, String> options) {
        TextTable table =
                table().row("Node", "Address", "Status", "Type", "Build", "Protocol", "DC", "Partition", "Segment");
        String wanted = options.getOrDefault("status", ".*");
        for (ConsulPort.Member member : agent.members()) {
            if (!member.status().matches(wanted)) {
                continue;
            }
            Map<String, String> tags = member.tags();
            String build = tags.getOrDefault("build", "").replaceFirst(":.*", "");
            table.row(
                    member.name(),
                    member.address() + ":" + member.port(),
                    member.status(),
                    member.server() ? "server" : "client",
                    build,
                    tags.getOrDefault("vsn", "2"),
                    tags.getOrDefault("dc", "dc1"),
                    "default",
                    member.server() ? "<all>" : "<default>");
        }
        call.out(table.toString());
        return 0;
    }

    private static int nodes(Invocation call, ConsulPort agent) {
        TextTable table = table().row("Node", "ID", "Address", "DC");
        for (JsonNode node : agent.getJson("/v1/catalog/nodes")) {
            String id = node.path("ID").asText();
            table.row(
                    node.path("Node").asText(),
                    id.substring(0, Math.min(8, id.length())),
                    node.path("Address").asText(),
                    node.path("Datacenter").asText());
        }
        call.out(table.toString());
        return 0;
    }

    private static int services(Invocation call, ConsulPort agent, Map<String, String> options) {
        Map<String, List<String>> services = new TreeMap<>();
        agent.getJson("/v1/catalog/services").properties().forEach(entry -> {
            List<String> tags = new ArrayList<>();
            entry.getValue().forEach(tag -> tags.add(tag.asText()));
            services.put(entry.getKey(), tags.stream().sorted().toList());
        });
        if (!options.containsKey("tags")) {
            services.keySet().forEach(call::line);
            return 0;
        }
        TextTable table = new TextTable(0, 4);
        services.forEach((name, tags) -> table.row(name, String.join(",", tags)));
        call.out(table.toString());
        return 0;
    }

    private static String key(Invocation call, List<String> arguments) {
        if (arguments.isEmpty()) {
            throw new ShellFailure(1, "Error! Missing KEY argument");
        }
        return arguments.getFirst().replaceFirst("^/", "");
    }

    private static int get(Invocation call, ConsulPort agent, List<String> arguments, Map<String, String> options) {
        if (options.containsKey("keys")) {
            agent.keys(arguments.isEmpty() ? "" : key(call, arguments)).forEach(call::line);
            return 0;
        }
        if (options.containsKey("recurse")) {
            agent.list(arguments.isEmpty() ? "" : key(call, arguments))
                    .forEach((name, value) -> call.line(name + ":" + value));
            return 0;
        }
        String key = key(call, arguments);
        Optional<String> value = agent.get(key);
        if (value.isEmpty()) {
            call.error("Error! No key exists at: " + key);
            return 1;
        }
        call.line(value.get());
        return 0;
    }

    private static int put(Invocation call, ConsulPort agent, List<String> arguments) {
        String key = key(call, arguments);
        String value = arguments.size() > 1 ? arguments.get(1) : "";
        if (value.equals("-")) {
            value = call.streams().in().rest();
        } else if (value.startsWith("@")) {
            value = call.read(List.of(value.substring(1)));
        }
        if (!agent.put(key, value)) {
            call.error("Error! Did not write to " + key);
            return 1;
        }
        call.line("Success! Data written to: " + key);
        return 0;
    }

    private static int delete(Invocation call, ConsulPort agent, List<String> arguments, Map<String, String> options) {
        String key = key(call, arguments);
        if (options.containsKey("recurse")) {
            agent.deleteTree(key);
            call.line("Success! Deleted keys with prefix: " + key);
        } else {
            agent.delete(key);
            call.line("Success! Deleted key: " + key);
        }
        return 0;
    }

    private static int info(Invocation call, ConsulPort agent) {
        Map<String, JsonNode> groups = new TreeMap<>();
        agent.self().path("Stats").properties().forEach(group -> groups.put(group.getKey(), group.getValue()));
        groups.forEach((name, group) -> {
            call.line(name + ":");
            Map<String, String> values = new TreeMap<>();
            group.properties()
                    .forEach(
                            entry -> values.put(entry.getKey(), entry.getValue().asText()));
            values.forEach((key, value) -> call.line("\t" + key + " = " + value));
        });
        return 0;
    }

    private static int peers(Invocation call, ConsulPort agent) {
        TextTable table = table().row("Node", "ID", "Address", "State", "Voter", "RaftProtocol");
        for (ConsulPort.RaftServer server : agent.raftConfiguration()) {
            table.row(
                    server.node(),
                    server.id(),
                    server.address(),
                    server.leader() ? "leader" : "follower",
                    String.valueOf(server.voter()),
                    "3");
        }
        call.out(table.toString());
        return 0;
    }

    private static int autopilot(Invocation call, JsonNode configuration) {
        configuration.properties().forEach(entry -> {
            if (!entry.getKey().endsWith("Index")) {
                call.line(entry.getKey() + " = " + entry.getValue().asText());
            }
        });
        return 0;
    }

    private static int health(Invocation call, JsonNode health) {
        call.line("Healthy:           " + health.path("Healthy").asBoolean());
        call.line("Failure Tolerance: " + health.path("FailureTolerance").asInt());
        TextTable table = table().row("Name", "Address", "SerfStatus", "Leader", "Voter", "Healthy", "StableSince");
        for (JsonNode server : health.path("Servers")) {
            table.row(
                    server.path("Name").asText(),
                    server.path("Address").asText(),
                    server.path("SerfStatus").asText(),
                    server.path("Leader").asText(),
                    server.path("Voter").asText(),
                    server.path("Healthy").asText(),
                    server.path("StableSince").asText());
        }
        call.out(table.toString());
        return health.path("Healthy").asBoolean() ? 0 : 1;
    }

    @Override
    public List<String> complete(ShellState state, List<String> words) {
        String before = String.join(" ", words.subList(0, words.size() - 1));
        String prefix = before.isEmpty() ? "" : before + " ";
        return COMMANDS.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()).split(" ")[0])
                .distinct()
                .toList();
    }
}
