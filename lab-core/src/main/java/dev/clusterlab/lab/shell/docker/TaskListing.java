package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.Units;
import dev.clusterlab.lab.shell.Words;
import dev.clusterlab.provisioning.client.DockerRefusedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tasks as {@code service ps} and {@code node ps} print them: by name, the newest of a slot first. */
final class TaskListing {
    static final Flags FLAGS = Flags.of(
            "-f, --filter filter Filter output based on conditions provided",
            "--format string Format output using a Go template",
            "--no-resolve bool Do not map IDs to names",
            "--no-trunc bool Do not truncate output",
            "-q, --quiet bool Only display task IDs");
    private static final int ERROR_LENGTH_MAX = 30;

    private TaskListing() {}

    static int print(DockerCall call, List<JsonNode> tasks) throws InterruptedException {
        boolean whole = call.given().is("no-trunc");
        boolean resolve = !call.given().is("no-resolve");
        Map<String, String> services = new TreeMap<>();
        Map<String, String> nodes = new TreeMap<>();
        Map<JsonNode, String> names = new LinkedHashMap<>();
        for (JsonNode task : tasks) {
            if (!matches(call, task)) {
                continue;
            }
            String service =
                    name(call, services, "/services/", task.path("ServiceID").asText(), "/Spec/Name", resolve);
            String node = name(call, nodes, "/nodes/", task.path("NodeID").asText(), "/Description/Hostname", resolve);
            int slot = task.path("Slot").asInt();
            names.put(
                    task,
                    service + "."
                            + (slot > 0
                                    ? String.valueOf(slot)
                                    : task.path("NodeID").asText()));
            nodes.putIfAbsent(task.path("NodeID").asText(), node);
        }
        List<JsonNode> sorted = new ArrayList<>(names.keySet());
        sorted.sort(Comparator.comparing((JsonNode task) -> serviceOf(names.getOrDefault(task, "")))
                .thenComparingInt(task -> task.path("Slot").asInt())
                .thenComparing(task -> names.getOrDefault(task, ""))
                .thenComparing(
                        task -> Units.instant(task.path("CreatedAt").asText(), java.time.Instant.EPOCH),
                        Comparator.reverseOrder()));
        Listing listing = new Listing(
                List.of("ID", "Name", "Image", "Node", "DesiredState", "CurrentState", "Error", "Ports"),
                "ID=ID",
                "Name=NAME",
                "Image=IMAGE",
                "Node=NODE",
                "DesiredState=DESIRED STATE",
                "CurrentState=CURRENT STATE",
                "Error=ERROR",
                "Ports=PORTS");
        String previous = "";
        for (JsonNode task : sorted) {
            String name = names.getOrDefault(task, "");
            boolean table = call.given()
                    .last("format")
                    .filter(text -> !text.startsWith("table"))
                    .isEmpty();
            Map<String, Object> row = new LinkedHashMap<>();
            String id = task.path("ID").asText();
            row.put("ID", whole ? id : Words.shortId(id));
            row.put("Name", (name.equals(previous) && table ? " \\_ " : "") + name);
            row.put("Image", image(task.at("/Spec/ContainerSpec/Image").asText(), whole));
            row.put("Node", nodes.getOrDefault(task.path("NodeID").asText(), ""));
            row.put("DesiredState", Words.capitalised(task.path("DesiredState").asText()));
            row.put(
                    "CurrentState",
                    Words.capitalised(task.at("/Status/State").asText()) + " "
                            + Units.ago(call.now(), task.at("/Status/Timestamp").asText())
                                    .toLowerCase(java.util.Locale.ROOT));
            String error = task.at("/Status/Err").asText();
            row.put("Error", error.isEmpty() ? "" : "\"" + (whole ? error : Words.cut(error, ERROR_LENGTH_MAX)) + "\"");
            row.put("Ports", ports(task.at("/Status/PortStatus/Ports")));
            listing.row(row);
            previous = name;
        }
        return listing.print(call, "ID");
    }

    private static boolean matches(DockerCall call, JsonNode task) {
        for (String filter : call.given().list("filter")) {
            String value = filter.substring(filter.indexOf('=') + 1);
            boolean good = filter.startsWith("desired-state=")
                    ? task.path("DesiredState").asText().equals(value)
                    : !filter.startsWith("id=") || task.path("ID").asText().startsWith(value);
            if (!good) {
                return false;
            }
        }
        return true;
    }

    private static String serviceOf(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    private static String name(
            DockerCall call, Map<String, String> known, String path, String id, String pointer, boolean resolve)
            throws InterruptedException {
        if (id.isEmpty() || !resolve) {
            return id;
        }
        String name = known.get(id);
        if (name == null) {
            try {
                name = call.api().get(path + id).at(pointer).asText(id);
            } catch (DockerRefusedException e) {
                name = id;
            }
            known.put(id, name);
        }
        return name;
    }

    /** Without the digest that the real command line hides too. */
    static String image(String image, boolean whole) {
        int digest = image.indexOf("@sha256:");
        return whole || digest < 0 ? image : image.substring(0, digest);
    }

    static String ports(JsonNode ports) {
        List<String> result = new ArrayList<>();
        for (JsonNode port : ports) {
            String prefix = port.path("PublishMode").asText().equals("host") ? "*:" : "*:";
            result.add(prefix + port.path("PublishedPort").asInt() + "->"
                    + port.path("TargetPort").asInt() + "/"
                    + port.path("Protocol").asText("tcp"));
        }
        return String.join(",", result);
    }
}
