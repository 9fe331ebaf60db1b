package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.Words;
import dev.clusterlab.lab.shell.docker.DockerCommand.Names;
import dev.clusterlab.provisioning.Engine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code docker network …}. */
final class DockerNetworkCommands {
    private DockerNetworkCommands() {}

    static List<DockerCommand> all() {
        return List.of(
                DockerCommand.of(
                        "network create",
                        "[OPTIONS] NETWORK",
                        "Create a network",
                        Flags.of(
                                "-d, --driver string Driver to manage the network (default bridge)",
                                "--subnet list Subnet in CIDR format that represents a network segment",
                                "--gateway list IPv4 or IPv6 gateway for the subnet",
                                "--ip-range list Allocate container addresses from a sub-range",
                                "--attachable bool Enable manual container attachment",
                                "--internal bool Restrict external access to the network",
                                "--ingress bool Create swarm routing-mesh network",
                                "--ipv6 bool Enable IPv6 networking",
                                "--scope string Control the network's scope",
                                "--label list Set metadata on a network",
                                "-o, --opt list Set driver specific options"),
                        1,
                        1,
                        Names.NONE,
                        DockerNetworkCommands::create),
                DockerCommand.of(
                        "network ls, network list",
                        "[OPTIONS]",
                        "List networks",
                        Flags.of(
                                "-f, --filter filter Provide filter values (e.g. driver=overlay)",
                                "--format string Format output using a Go template",
                                "--no-trunc bool Do not truncate the output",
                                "-q, --quiet bool Only display network IDs"),
                        0,
                        0,
                        Names.NONE,
                        DockerNetworkCommands::list),
                DockerCommand.of(
                        "network inspect",
                        "[OPTIONS] NETWORK [NETWORK...]",
                        "Display detailed information on one or more networks",
                        Flags.of(
                                "-f, --format string Format output using a Go template",
                                "-v, --verbose bool Verbose output for diagnostics"),
                        1,
                        -1,
                        Names.NETWORK,
                        call -> call.inspect(name -> call.api()
                                .get("/networks/" + DockerCall.id(name)
                                        + (call.given().is("verbose") ? "?verbose=true" : "")))),
                DockerCommand.of(
                        "network rm, network remove",
                        "NETWORK [NETWORK...]",
                        "Remove one or more networks",
                        Flags.of("-f, --force bool Do not error if the network does not exist"),
                        1,
                        -1,
                        Names.NETWORK,
                        call -> call.each(name -> {
                            call.api().delete("/networks/" + DockerCall.id(name));
                            call.line(name);
                        })),
                DockerCommand.of(
                        "network connect",
                        "[OPTIONS] NETWORK CONTAINER",
                        "Connect a container to a network",
                        Flags.of("--alias list Add network-scoped alias for the container", "--ip string IPv4 address"),
                        2,
                        2,
                        Names.NETWORK,
                        call -> connect(call, "connect")),
                DockerCommand.of(
                        "network disconnect",
                        "[OPTIONS] NETWORK CONTAINER",
                        "Disconnect a container from a network",
                        Flags.of("-f, --force bool Force the container to disconnect"),
                        2,
                        2,
                        Names.NETWORK,
                        call -> connect(call, "disconnect")));
    }

    private static int connect(DockerCall call, String verb) throws InterruptedException {
        ObjectNode request = DockerCall.object().put("Container", call.argument(1));
        if (verb.equals("disconnect")) {
            request.put("Force", call.given().is("force"));
        } else if (call.given().has("alias")) {
            call.given()
                    .list("alias")
                    .forEach(request.putObject("EndpointConfig").putArray("Aliases")::add);
        }
        call.api().post("/networks/" + DockerCall.id(call.argument(0)) + "/" + verb, request);
        return 0;
    }

    private static int create(DockerCall call) throws InterruptedException {
        ObjectNode request = DockerCall.object();
        request.put("Name", call.argument(0));
        request.put("Driver", call.given().text("driver", "bridge"));
        request.put("Scope", call.given().text("scope", ""));
        request.put("EnableIPv6", call.given().is("ipv6"));
        request.put("Internal", call.given().is("internal"));
        request.put("Attachable", call.given().is("attachable"));
        request.put("Ingress", call.given().is("ingress"));
        ObjectNode ipam = request.putObject("IPAM").put("Driver", "default");
        ArrayNode config = ipam.putArray("Config");
        List<String> subnets = call.given().list("subnet");
        for (int i = 0; i < subnets.size(); i++) {
            ObjectNode one = config.addObject().put("Subnet", subnets.get(i));
            at(call.given().list("gateway"), i).forEach(value -> one.put("Gateway", value));
            at(call.given().list("ip-range"), i).forEach(value -> one.put("IPRange", value));
        }
        if (subnets.isEmpty() && call.given().has("gateway")) {
            call.error("every ip-range or gateway must have a corresponding subnet");
            return 1;
        }
        pairs(request.putObject("Options"), call.given().list("opt"));
        pairs(labelled(call.invocation().engine(), request), call.given().list("label"));
        JsonNode answer = call.api().post("/networks/create", request);
        if (!answer.path("Warning").asText("").isEmpty()) {
            call.error("WARNING: " + answer.path("Warning").asText());
        }
        call.line(answer.path("Id").asText());
        return 0;
    }

    private static List<String> at(List<String> list, int index) {
        return index < list.size() ? List.of(list.get(index)) : List.of();
    }

    /** The labels of something that is to be made: those of the engine, and what will be added. */
    static ObjectNode labelled(Engine engine, ObjectNode request) {
        ObjectNode labels = request.putObject("Labels");
        engine.labels().forEach(labels::put);
        return labels;
    }

    static void pairs(ObjectNode target, List<String> texts) {
        for (String text : texts) {
            int equal = text.indexOf('=');
            target.put(equal < 0 ? text : text.substring(0, equal), equal < 0 ? "" : text.substring(equal + 1));
        }
    }

    private static int list(DockerCall call) throws InterruptedException {
        List<JsonNode> networks = new ArrayList<>();
        call.api().get("/networks" + DockerApi.query(call.filters())).forEach(networks::add);
        networks.sort(Comparator.comparing(network -> network.path("Name").asText()));
        Listing listing = new Listing(
                List.of("ID", "Name", "Driver", "Scope"),
                "ID=NETWORK ID",
                "Name=NAME",
                "Driver=DRIVER",
                "Scope=SCOPE",
                "IPv6=IPV6",
                "Internal=INTERNAL",
                "Labels=LABELS",
                "CreatedAt=CREATED AT");
        for (JsonNode network : networks) {
            String id = network.path("Id").asText();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("ID", call.given().is("no-trunc") ? id : Words.shortId(id));
            row.put("Name", network.path("Name").asText());
            row.put("Driver", network.path("Driver").asText());
            row.put("Scope", network.path("Scope").asText());
            row.put("IPv6", network.path("EnableIPv6").asBoolean());
            row.put("Internal", network.path("Internal").asBoolean());
            row.put("Labels", labels(network.path("Labels")));
            row.put("CreatedAt", network.path("Created").asText());
            listing.row(row);
        }
        return listing.print(call, "ID");
    }

    static String labels(JsonNode labels) {
        List<String> result = new ArrayList<>();
        labels.properties()
                .forEach(label ->
                        result.add(label.getKey() + "=" + label.getValue().asText()));
        return String.join(",", result);
    }
}
