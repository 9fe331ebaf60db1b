package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.Interruptible;
import dev.clusterlab.lab.shell.ShellFailure;
import dev.clusterlab.lab.shell.Words;
import dev.clusterlab.lab.shell.docker.DockerCommand.Names;
import dev.clusterlab.provisioning.ServicePlan;
import dev.clusterlab.provisioning.client.DockerRefusedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code docker service …}. */
final class DockerServiceCommands {
    /** Registry credentials are those that the service was created with. */
    private static final Map<String, String> KEEP_CREDENTIALS = Map.of("registryAuthFrom", "spec");

    private DockerServiceCommands() {}

    static List<DockerCommand> all() {
        Flags filtering = Flags.of(
                "-f, --filter filter Filter output based on conditions provided",
                "--format string Format output using a Go template",
                "-q, --quiet bool Only display IDs");
        return List.of(
                DockerCommand.of(
                                "service create",
                                "[OPTIONS] IMAGE [COMMAND] [ARG...]",
                                "Create a new service",
                                ServiceSpecs.CREATE,
                                1,
                                -1,
                                Names.NONE,
                                DockerServiceCommands::create)
                        .optionsFirst(),
                DockerCommand.of(
                        "service ls, service list",
                        "[OPTIONS]",
                        "List services",
                        filtering,
                        0,
                        0,
                        Names.NONE,
                        DockerServiceCommands::list),
                DockerCommand.of(
                        "service ps",
                        "[OPTIONS] SERVICE [SERVICE...]",
                        "List the tasks of one or more services",
                        TaskListing.FLAGS,
                        1,
                        -1,
                        Names.SERVICE,
                        DockerServiceCommands::tasks),
                DockerCommand.of(
                        "service inspect",
                        "[OPTIONS] SERVICE [SERVICE...]",
                        "Display detailed information on one or more services",
                        Flags.of(
                                "-f, --format string Format output using a Go template",
                                "--pretty bool Print the information in a human friendly format"),
                        1,
                        -1,
                        Names.SERVICE,
                        DockerServiceCommands::inspect),
                DockerCommand.of(
                        "service scale",
                        "SERVICE=REPLICAS [SERVICE=REPLICAS...]",
                        "Scale one or multiple replicated services",
                        Flags.of("-d, --detach bool Exit immediately instead of waiting for the service to converge"),
                        1,
                        -1,
                        Names.SERVICE,
                        DockerServiceCommands::scale),
                DockerCommand.of(
                        "service update",
                        "[OPTIONS] SERVICE",
                        "Update a service",
                        ServiceSpecs.UPDATE,
                        1,
                        1,
                        Names.SERVICE,
                        DockerServiceCommands::update),
                DockerCommand.of(
                        "service rollback",
                        "[OPTIONS] SERVICE",
                        "Revert changes to a service's configuration",
                        Flags.of(
                                "-d, --detach bool Exit immediately instead of waiting for the service to converge",
                                "-q, --quiet bool Suppress progress output"),
                        1,
                        1,
                        Names.SERVICE,
                        call -> rollback(call, Map.of())),
                DockerCommand.of(
                        "service logs",
                        "[OPTIONS] SERVICE|TASK",
                        "Fetch the logs of a service or task",
                        DockerLogs.FLAGS.and(Flags.of(
                                "--no-resolve bool Do not map IDs to names",
                                "--no-task-ids bool Do not include task IDs in output",
                                "--no-trunc bool Do not truncate output",
                                "--raw bool Do not neatly format logs")),
                        1,
                        1,
                        Names.SERVICE,
                        DockerLogs::service),
                DockerCommand.of(
                        "service rm, service remove",
                        "SERVICE [SERVICE...]",
                        "Remove one or more services",
                        Flags.of(),
                        1,
                        -1,
                        Names.SERVICE,
                        call -> call.each(name -> {
                            call.api().delete("/services/" + DockerCall.id(name));
                            call.line(name);
                        })));
    }

    private static int create(DockerCall call) throws InterruptedException {
        ServicePlan plan = ServicePlan.of(
                new ServiceSpecs(call).create(), call.invocation().engine().abilities());
        plan.note().ifPresent(call::error);
        ObjectNode spec = plan.specification();
        pin(call, spec);
        JsonNode answer = call.api().post("/services/create", spec);
        warnings(call, answer);
        String id = answer.path("ID").asText();
        call.line(id);
        return call.given().is("detach") ? 0 : new ServiceConvergence(call, id).await();
    }

    private static void warnings(DockerCall call, JsonNode answer) {
        answer.path("Warnings").forEach(warning -> call.error(warning.asText()));
    }

    /** Names the image's tag, its digest and the platforms that it is for, as the docker program does. */
    private static void pin(DockerCall call, ObjectNode spec) throws InterruptedException {
        ObjectNode container = spec.withObject("/TaskTemplate/ContainerSpec");
        String asked = container.path("Image").asText();
        String image =
                asked.contains("@") || asked.lastIndexOf(':') > asked.lastIndexOf('/') ? asked : asked + ":latest";
        container.put("Image", image);
        if (call.given().is("no-resolve-image")) {
            return;
        }
        boolean pinned = image.contains("@");
        if (!pinned && Interruptible.call(() -> call.invocation().engine().provideImage(image))) {
            return;
        }
        try {
            JsonNode known = call.api().get("/distribution/" + image + "/json");
            String digest = known.at("/Descriptor/digest").asText("");
            if (!digest.isEmpty() && !pinned) {
                container.put("Image", image + "@" + digest);
            }
            platforms(spec, known.path("Platforms"));
        } catch (DockerRefusedException e) {
            call.error("image " + image + " could not be accessed on a registry to record\nits digest. Each node will"
                    + " access " + image + " independently,\npossibly leading to different nodes running different\n"
                    + "versions of the image.\n");
        }
    }

    /** Variants of arm are left out: nodes name them in ways that would not match. */
    private static void platforms(ObjectNode spec, JsonNode known) {
        if (known.isEmpty()) {
            return;
        }
        ArrayNode platforms = spec.withObject("/TaskTemplate/Placement").putArray("Platforms");
        for (JsonNode platform : known) {
            ObjectNode one = platforms.addObject();
            String architecture = platform.path("architecture").asText("");
            if (!architecture.isEmpty() && !architecture.equals("arm")) {
                one.put("Architecture", architecture);
            }
            one.put("OS", platform.path("os").asText());
        }
    }

    private static int list(DockerCall call) throws InterruptedException {
        Map<String, String> query = new TreeMap<>(call.filters());
        query.put("status", "true");
        List<JsonNode> services = new ArrayList<>();
        call.api().get("/services" + DockerApi.query(query)).forEach(services::add);
        services.sort(Comparator.comparing(service -> service.at("/Spec/Name").asText()));
        Listing listing = new Listing(
                List.of("ID", "Name", "Mode", "Replicas", "Image", "Ports"),
                "ID=ID",
                "Name=NAME",
                "Mode=MODE",
                "Replicas=REPLICAS",
                "Image=IMAGE",
                "Ports=PORTS");
        boolean quiet = call.given().is("quiet");
        for (JsonNode service : services) {
            Map<String, Object> row = new LinkedHashMap<>();
            String id = service.path("ID").asText();
            row.put("ID", quiet ? id : Words.shortId(id));
            row.put("Name", service.at("/Spec/Name").asText());
            row.put("Mode", service.at("/Spec/Mode").has("Global") ? "global" : "replicated");
            String replicas = quiet ? "" : replicas(call, service);
            int max = service.at("/Spec/TaskTemplate/Placement/MaxReplicas").asInt();
            row.put("Replicas", replicas + (max > 0 ? " (max " + max + " per node)" : ""));
            row.put(
                    "Image",
                    TaskListing.image(
                            service.at("/Spec/TaskTemplate/ContainerSpec/Image").asText(), false));
            row.put("Ports", ingressPorts(service));
            listing.row(row);
        }
        return listing.print(call, "ID");
    }

    private static String replicas(DockerCall call, JsonNode service) throws InterruptedException {
        JsonNode status = service.path("ServiceStatus");
        if (status.isObject()) {
            return status.path("RunningTasks").asInt() + "/"
                    + status.path("DesiredTasks").asInt();
        }
        int running = 0;
        int desired = 0;
        for (JsonNode task : tasksOf(call, service.path("ID").asText())) {
            boolean wanted = task.path("DesiredState").asText().equals("running");
            desired += wanted ? 1 : 0;
            running += task.at("/Status/State").asText().equals("running") ? 1 : 0;
        }
        JsonNode replicated = service.at("/Spec/Mode/Replicated/Replicas");
        return running + "/" + (replicated.isMissingNode() ? desired : replicated.asInt());
    }

    private static String ingressPorts(JsonNode service) {
        List<String> result = new ArrayList<>();
        for (JsonNode port : service.at("/Endpoint/Ports")) {
            if (port.path("PublishMode").asText("ingress").equals("ingress")) {
                result.add("*:" + port.path("PublishedPort").asInt() + "->"
                        + port.path("TargetPort").asInt() + "/"
                        + port.path("Protocol").asText("tcp"));
            }
        }
        return String.join(", ", result);
    }

    private static JsonNode tasksOf(DockerCall call, String serviceId) throws InterruptedException {
        return call.api()
                .get("/tasks"
                        + DockerApi.query(
                                Map.of("filters", DockerCall.filterJson(Map.of("service", List.of(serviceId))))));
    }

    private static int tasks(DockerCall call) throws InterruptedException {
        List<JsonNode> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String name : call.arguments()) {
            Optional<String> id = serviceId(call, name);
            if (id.isEmpty()) {
                missing.add("no such service: " + name);
                continue;
            }
            Optional<String> node = call.given().list("filter").stream()
                    .filter(filter -> filter.startsWith("node="))
                    .map(filter -> filter.substring(5))
                    .findFirst();
            String nodeId = node.isEmpty() ? "" : nodeId(call, node.get());
            for (JsonNode task : tasksOf(call, id.get())) {
                if (nodeId.isEmpty() || task.path("NodeID").asText().equals(nodeId)) {
                    found.add(task);
                }
            }
        }
        if (missing.size() == call.arguments().size()) {
            missing.forEach(call::error);
            return 1;
        }
        int status = TaskListing.print(call, found);
        missing.forEach(call::error);
        return missing.isEmpty() ? status : 1;
    }

    private static String nodeId(DockerCall call, String name) throws InterruptedException {
        return name.equals("self")
                ? call.api().get("/info").at("/Swarm/NodeID").asText()
                : call.api().get("/nodes/" + DockerCall.id(name)).path("ID").asText();
    }

    private static Optional<String> serviceId(DockerCall call, String name) throws InterruptedException {
        try {
            return Optional.of(call.api()
                    .get("/services/" + DockerCall.id(name))
                    .path("ID")
                    .asText());
        } catch (DockerRefusedException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static int inspect(DockerCall call) throws InterruptedException {
        DockerCall.Lookup lookup = name -> {
            try {
                return call.api().get("/services/" + DockerCall.id(name));
            } catch (DockerRefusedException e) {
                if (e.status() == 404) {
                    throw new ShellFailure(1, "Status: Error: no such service: " + name + ", Code: 1");
                }
                throw e;
            }
        };
        if (!call.given().is("pretty")) {
            return call.inspect(lookup);
        }
        return call.each(name -> call.line(ServicePretty.write(lookup.find(name), id -> {
            try {
                return call.api().get("/networks/" + id).path("Name").asText(id);
            } catch (DockerRefusedException e) {
                return id;
            }
        })));
    }

    private static int scale(DockerCall call) throws InterruptedException {
        Map<String, Long> wanted = new LinkedHashMap<>();
        for (String text : call.arguments()) {
            int equal = text.indexOf('=');
            if (equal < 1) {
                call.error("invalid scale specifier '" + text + "'.\nSee 'docker service scale --help'.\n\n"
                        + "Usage:  docker service scale SERVICE=REPLICAS [SERVICE=REPLICAS...]\n\n"
                        + "Scale one or multiple replicated services");
                return 1;
            }
            String value = text.substring(equal + 1);
            try {
                wanted.put(text.substring(0, equal), Long.parseUnsignedLong(value));
            } catch (NumberFormatException e) {
                call.error(text.substring(0, equal) + ": invalid replicas value " + value
                        + ": strconv.ParseUint: parsing \"" + value + "\": invalid syntax");
                return 1;
            }
        }
        int status = 0;
        List<String> waiting = new ArrayList<>();
        for (Map.Entry<String, Long> entry : wanted.entrySet()) {
            String name = entry.getKey();
            try {
                JsonNode service = call.api().get("/services/" + DockerCall.id(name));
                ObjectNode spec = service.get("Spec").deepCopy();
                if (!spec.path("Mode").has("Replicated")) {
                    call.error(name + ": scale can only be used with replicated or replicated-job mode");
                    status = 1;
                    continue;
                }
                ((ObjectNode) spec.at("/Mode/Replicated")).put("Replicas", entry.getValue());
                warnings(call, post(call, service, spec, Map.of()));
                call.line(name + " scaled to " + entry.getValue());
                waiting.add(service.path("ID").asText());
            } catch (DockerRefusedException e) {
                call.error(name + ": Error response from daemon: " + e.text());
                status = 1;
            }
        }
        if (!call.given().is("detach")) {
            for (String id : waiting) {
                status = Math.max(status, new ServiceConvergence(call, id).await());
            }
        }
        return status;
    }

    private static JsonNode post(DockerCall call, JsonNode service, ObjectNode spec, Map<String, String> more)
            throws InterruptedException {
        Map<String, String> query = new TreeMap<>(more);
        query.put("version", service.at("/Version/Index").asText());
        return call.api().post("/services/" + service.path("ID").asText() + "/update" + DockerApi.query(query), spec);
    }

    private static int update(DockerCall call) throws InterruptedException {
        if (call.given().is("rollback")) {
            if (!call.given().all(List.of("rollback", "detach", "quiet"))) {
                throw new ShellFailure(1, "other flags may not be combined with --rollback");
            }
            return rollback(call, KEEP_CREDENTIALS);
        }
        JsonNode service = call.api().get("/services/" + DockerCall.id(call.argument(0)));
        ObjectNode spec = service.get("Spec").deepCopy();
        new ServiceSpecs(call).update(spec);
        ServicePlan plan = ServicePlan.of(spec, call.invocation().engine().abilities());
        plan.note().ifPresent(call::error);
        Map<String, String> credentials = call.given().is("with-registry-auth") ? Map.of() : KEEP_CREDENTIALS;
        if (call.given().has("image")) {
            pin(call, plan.specification());
        }
        warnings(call, post(call, service, plan.specification(), credentials));
        call.line(call.argument(0));
        return finish(call, service);
    }

    private static int rollback(DockerCall call, Map<String, String> credentials) throws InterruptedException {
        JsonNode service = call.api().get("/services/" + DockerCall.id(call.argument(0)));
        ObjectNode spec = service.get("Spec").deepCopy();
        Map<String, String> query = new TreeMap<>(credentials);
        query.put("rollback", "previous");
        warnings(call, post(call, service, spec, query));
        call.line(call.argument(0));
        return finish(call, service);
    }

    private static int finish(DockerCall call, JsonNode service) throws InterruptedException {
        return call.given().is("detach")
                ? 0
                : new ServiceConvergence(call, service.path("ID").asText()).await();
    }
}
