package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.ShellFailure;
import dev.clusterlab.lab.shell.Units;
import dev.clusterlab.lab.shell.Words;
import dev.clusterlab.lab.shell.docker.DockerCommand.Names;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code docker node …}. */
final class DockerNodeCommands {
    private DockerNodeCommands() {}

    static List<DockerCommand> all() {
        return List.of(
                DockerCommand.of(
                        "node ls, node list",
                        "[OPTIONS]",
                        "List nodes in the swarm",
                        Flags.of(
                                "-f, --filter filter Filter output based on conditions provided",
                                "--format string Format output using a Go template",
                                "-q, --quiet bool Only display IDs"),
                        0,
                        0,
                        Names.NONE,
                        DockerNodeCommands::list),
                DockerCommand.of(
                        "node ps",
                        "[OPTIONS] [NODE...]",
                        "List tasks running on one or more nodes, defaults to current node",
                        TaskListing.FLAGS,
                        0,
                        -1,
                        Names.NODE,
                        DockerNodeCommands::tasks),
                DockerCommand.of(
                        "node inspect",
                        "[OPTIONS] self|NODE [NODE...]",
                        "Display detailed information on one or more nodes",
                        Flags.of(
                                "-f, --format string Format output using a Go template",
                                "--pretty bool Print the information in a human friendly format"),
                        1,
                        -1,
                        Names.NODE,
                        DockerNodeCommands::inspect),
                DockerCommand.of(
                        "node update",
                        "[OPTIONS] NODE",
                        "Update a node",
                        Flags.of(
                                "--availability string Availability of the node: active, pause, drain",
                                "--label-add list Add or update a node label (key=value)",
                                "--label-rm list Remove a node label if exists",
                                "--role string Role of the node: worker, manager"),
                        1,
                        1,
                        Names.NODE,
                        DockerNodeCommands::update),
                DockerCommand.of(
                        "node promote",
                        "NODE [NODE...]",
                        "Promote one or more nodes to manager in the swarm",
                        Flags.of(),
                        1,
                        -1,
                        Names.NODE,
                        call -> role(call, "manager")),
                DockerCommand.of(
                        "node demote",
                        "NODE [NODE...]",
                        "Demote one or more nodes from manager in the swarm",
                        Flags.of(),
                        1,
                        -1,
                        Names.NODE,
                        call -> role(call, "worker")),
                DockerCommand.of(
                        "node rm, node remove",
                        "[OPTIONS] NODE [NODE...]",
                        "Remove one or more nodes from the swarm",
                        Flags.of("-f, --force bool Force remove a node from the swarm"),
                        1,
                        -1,
                        Names.NODE,
                        call -> call.each(name -> {
                            call.api()
                                    .delete("/nodes/" + DockerCall.id(name)
                                            + (call.given().is("force") ? "?force=1" : ""));
                            call.line(name);
                        })));
    }

    private static int list(DockerCall call) throws InterruptedException {
        JsonNode nodes = call.api().get("/nodes" + DockerApi.query(call.filters()));
        String self = call.api().get("/info").at("/Swarm/NodeID").asText();
        Listing listing = new Listing(
                List.of("IdAndSelf", "Hostname", "Status", "Availability", "ManagerStatus", "EngineVersion"),
                "ID=ID",
                "IdAndSelf=ID",
                "Self=SELF",
                "Hostname=HOSTNAME",
                "Status=STATUS",
                "Availability=AVAILABILITY",
                "ManagerStatus=MANAGER STATUS",
                "EngineVersion=ENGINE VERSION",
                "TLSStatus=TLS STATUS");
        List<JsonNode> sorted = new ArrayList<>();
        nodes.forEach(sorted::add);
        sorted.sort(Comparator.comparing(
                        (JsonNode node) -> node.at("/Description/Hostname").asText())
                .thenComparing(node -> node.path("ID").asText()));
        for (JsonNode node : sorted) {
            String id = node.path("ID").asText();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("ID", id);
            row.put("IdAndSelf", id + (id.equals(self) ? " *" : "  "));
            row.put("Self", id.equals(self));
            row.put("Hostname", node.at("/Description/Hostname").asText());
            row.put("Status", Words.capitalised(node.at("/Status/State").asText()));
            row.put(
                    "Availability",
                    Words.capitalised(node.at("/Spec/Availability").asText()));
            row.put("ManagerStatus", managerStatus(node));
            row.put(
                    "EngineVersion",
                    node.at("/Description/Engine/EngineVersion").asText());
            row.put("TLSStatus", "Ready");
            listing.row(row);
        }
        return listing.print(call, "ID");
    }

    private static String managerStatus(JsonNode node) {
        JsonNode manager = node.path("ManagerStatus");
        if (manager.path("Leader").asBoolean()) {
            return "Leader";
        }
        return Words.capitalised(manager.path("Reachability").asText(""));
    }

    private static String self(DockerCall call, String name) throws InterruptedException {
        if (!name.equals("self")) {
            return name;
        }
        JsonNode info = call.api().get("/info");
        String id = info.at("/Swarm/NodeID").asText();
        if (id.isEmpty()) {
            throw new ShellFailure(
                    1,
                    "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this"
                            + " node to swarm and try again.");
        }
        return id;
    }

    private static int tasks(DockerCall call) throws InterruptedException {
        List<String> names = call.arguments().isEmpty() ? List.of("self") : call.arguments();
        List<JsonNode> found = new ArrayList<>();
        for (String name : names) {
            String id = call.api()
                    .get("/nodes/" + DockerCall.id(self(call, name)))
                    .path("ID")
                    .asText();
            call.api()
                    .get("/tasks"
                            + DockerApi.query(Map.of("filters", DockerCall.filterJson(Map.of("node", List.of(id))))))
                    .forEach(found::add);
        }
        return TaskListing.print(call, found);
    }

    private static int inspect(DockerCall call) throws InterruptedException {
        DockerCall.Lookup lookup = name -> call.api().get("/nodes/" + DockerCall.id(self(call, name)));
        if (!call.given().is("pretty")) {
            return call.inspect(lookup);
        }
        return call.each(name -> call.line(pretty(lookup.find(name))));
    }

    private static String pretty(JsonNode node) {
        StringBuilder text = new StringBuilder("ID:\t\t\t" + node.path("ID").asText() + "\n");
        if (!node.at("/Spec/Labels").isEmpty()) {
            text.append("Labels:\n");
            node.at("/Spec/Labels")
                    .properties()
                    .forEach(label -> text.append(
                            " - " + label.getKey() + "=" + label.getValue().asText() + "\n"));
        }
        text.append("Hostname:              \t"
                        + node.at("/Description/Hostname").asText() + "\n")
                .append("Joined at:             \t" + node.path("CreatedAt").asText() + "\n")
                .append("Status:\n")
                .append(" State:\t\t\t"
                        + Words.capitalised(node.at("/Status/State").asText()) + "\n");
        if (!node.at("/Status/Message").asText().isEmpty()) {
            text.append(" Message:\t\t" + node.at("/Status/Message").asText() + "\n");
        }
        text.append(" Availability:         \t"
                        + Words.capitalised(node.at("/Spec/Availability").asText()) + "\n")
                .append(" Address:\t\t" + node.at("/Status/Addr").asText() + "\n");
        JsonNode manager = node.path("ManagerStatus");
        if (manager.isObject()) {
            text.append("Manager Status:\n")
                    .append(" Address:\t\t" + manager.path("Addr").asText() + "\n")
                    .append(" Raft Status:\t\t"
                            + Words.capitalised(manager.path("Reachability").asText()) + "\n")
                    .append(" Leader:\t\t" + (manager.path("Leader").asBoolean() ? "Yes" : "No") + "\n");
        }
        text.append("Platform:\n")
                .append(" Operating System:\t"
                        + node.at("/Description/Platform/OS").asText() + "\n")
                .append(" Architecture:\t\t"
                        + node.at("/Description/Platform/Architecture").asText() + "\n")
                .append("Resources:\n")
                .append(" CPUs:\t\t\t"
                        + node.at("/Description/Resources/NanoCPUs").asLong() / 1_000_000_000L + "\n")
                .append(" Memory:\t\t"
                        + Units.binarySize(
                                node.at("/Description/Resources/MemoryBytes").asLong()) + "\n")
                .append("Engine Version:\t\t"
                        + node.at("/Description/Engine/EngineVersion").asText());
        return text.toString();
    }

    private static int update(DockerCall call) throws InterruptedException {
        JsonNode node = call.api().get("/nodes/" + DockerCall.id(call.argument(0)));
        ObjectNode spec = node.get("Spec").deepCopy();
        call.given().last("availability").ifPresent(value -> spec.put("Availability", value));
        call.given().last("role").ifPresent(value -> spec.put("Role", value));
        ObjectNode labels = spec.get("Labels") instanceof ObjectNode existing ? existing : spec.putObject("Labels");
        for (String label : call.given().list("label-add")) {
            int equal = label.indexOf('=');
            labels.put(equal < 0 ? label : label.substring(0, equal), equal < 0 ? "" : label.substring(equal + 1));
        }
        for (String label : call.given().list("label-rm")) {
            if (labels.remove(label) == null) {
                call.error("key " + label + " doesn't exist in node's labels");
                return 1;
            }
        }
        post(call, node, spec);
        call.line(call.argument(0));
        return 0;
    }

    private static void post(DockerCall call, JsonNode node, ObjectNode spec) throws InterruptedException {
        call.api()
                .post(
                        "/nodes/" + node.path("ID").asText() + "/update?version="
                                + node.at("/Version/Index").asText(),
                        spec);
    }

    private static int role(DockerCall call, String role) throws InterruptedException {
        return call.each(name -> {
            JsonNode node = call.api().get("/nodes/" + DockerCall.id(name));
            if (node.at("/Spec/Role").asText().equals(role)) {
                call.line("Node " + name + " is already a " + role + ".");
                return;
            }
            ObjectNode spec = node.get("Spec").deepCopy();
            spec.put("Role", role);
            post(call, node, spec);
            call.line(
                    role.equals("manager")
                            ? "Node " + name + " promoted to a manager in the swarm."
                            : "Manager " + name + " demoted in the swarm.");
        });
    }
}
