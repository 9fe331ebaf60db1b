package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.lab.Json;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.ShellFailure;
import dev.clusterlab.lab.shell.Units;
import dev.clusterlab.lab.shell.Words;
import dev.clusterlab.lab.shell.docker.DockerCommand.Names;
import dev.clusterlab.lab.shell.text.GoTemplate;
import dev.clusterlab.provisioning.client.DockerRefusedException;
import dev.clusterlab.shell.text.HumanDuration;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** {@code docker info}, {@code version}, {@code events}, {@code inspect}, {@code images}, {@code pull}. */
final class DockerSystemCommands {
    private DockerSystemCommands() {}

    static List<DockerCommand> all() {
        Flags format = Flags.of("-f, --format string Format output using a Go template");
        return List.of(
                DockerCommand.of(
                        "info, system info",
                        "[OPTIONS]",
                        "Display system-wide information",
                        format,
                        0,
                        0,
                        Names.NONE,
                        DockerSystemCommands::info),
                DockerCommand.of(
                        "version",
                        "[OPTIONS]",
                        "Show the Docker version information",
                        format,
                        0,
                        0,
                        Names.NONE,
                        DockerSystemCommands::version),
                DockerCommand.of(
                        "events, system events",
                        "[OPTIONS]",
                        "Get events from the server, up to now or --until",
                        Flags.of(
                                "-f, --filter filter Filter output based on conditions provided",
                                "--format string Format output using a Go template",
                                "--since string Show all events created since timestamp (default 1h)",
                                "--until string Show events until timestamp (default: now)"),
                        0,
                        0,
                        Names.NONE,
                        DockerSystemCommands::events),
                DockerCommand.of(
                        "inspect",
                        "[OPTIONS] NAME|ID [NAME|ID...]",
                        "Return low-level information on Docker objects",
                        Flags.of(
                                "-f, --format string Format output using a Go template",
                                "-s, --size bool Display total file sizes if the type is container",
                                "--type string Only inspect objects of the given type"),
                        1,
                        -1,
                        Names.ANY,
                        DockerSystemCommands::inspect),
                DockerCommand.of(
                        "images, image ls, image list",
                        "[OPTIONS] [REPOSITORY[:TAG]]",
                        "List images",
                        Flags.of(
                                "-a, --all bool Show all images",
                                "-f, --filter filter Filter output based on conditions provided",
                                "--format string Format output using a Go template",
                                "--no-trunc bool Do not truncate output",
                                "-q, --quiet bool Only show image IDs"),
                        0,
                        1,
                        Names.NONE,
                        DockerSystemCommands::images),
                DockerCommand.of(
                        "pull, image pull",
                        "[OPTIONS] NAME[:TAG|@DIGEST]",
                        "Download an image from a registry",
                        Flags.of(
                                "-q, --quiet bool Suppress verbose output",
                                "-a, --all-tags bool Download all tagged images"),
                        1,
                        1,
                        Names.NONE,
                        call -> {
                            boolean quiet = call.given().is("quiet");
                            int status = pull(call, call.argument(0), quiet ? text -> {} : call::line);
                            if (status == 0) {
                                call.line(reference(call.argument(0)));
                            }
                            return status;
                        }),
                DockerCommand.of(
                        "rmi, image rm, image remove",
                        "IMAGE [IMAGE...]",
                        "Remove one or more images",
                        Flags.of("-f, --force bool Force removal of the image"),
                        1,
                        -1,
                        Names.NONE,
                        call -> call.each(name -> {
                            call.api().delete("/images/" + name + (call.given().is("force") ? "?force=1" : ""));
                            call.line("Untagged: " + name);
                        })));
    }

    private static String reference(String image) {
        String whole =
                image.lastIndexOf(':') > image.lastIndexOf('/') || image.contains("@") ? image : image + ":latest";
        return whole.contains("/") ? "docker.io/" + whole : "docker.io/library/" + whole;
    }

    static int pull(DockerCall call, String image, Consumer<String> out) throws InterruptedException {
        boolean tagged = image.lastIndexOf(':') > image.lastIndexOf('/');
        String name = tagged ? image.substring(0, image.lastIndexOf(':')) : image;
        String tag = tagged ? image.substring(image.lastIndexOf(':') + 1) : "latest";
        if (!tagged && !image.contains("@")) {
            out.accept("Using default tag: latest");
        }
        Map<String, String> query = new TreeMap<>(Map.of("fromImage", name, "tag", tag));
        List<String> lines;
        try {
            lines = call.api().stream("POST", "/images/create" + DockerApi.query(query), null, body -> {
                try (BufferedReader reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
                    return reader.lines().filter(line -> !line.isBlank()).toList();
                }
            });
        } catch (DockerRefusedException e) {
            call.error("Error response from daemon: " + e.text());
            return 1;
        }
        for (String line : lines) {
            JsonNode message = parse(line);
            if (message.has("error")) {
                call.error(
                        "Error response from daemon: " + message.path("error").asText());
                return 1;
            }
            String id = message.path("id").asText("");
            String status = message.path("status").asText("");
            if (!status.isEmpty() && message.path("progressDetail").isEmpty()) {
                out.accept(id.isEmpty() ? status : id + ": " + status);
            }
        }
        return 0;
    }

    private static JsonNode parse(String line) {
        try {
            return Json.MAPPER.readTree(line);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return Json.MAPPER.createObjectNode().put("status", line);
        }
    }

    // ---- inspect

    private static int inspect(DockerCall call) throws InterruptedException {
        Map<String, String> places = new LinkedHashMap<>();
        places.put("container", "/containers/%s/json");
        places.put("image", "/images/%s/json");
        places.put("network", "/networks/%s");
        places.put("volume", "/volumes/%s");
        places.put("service", "/services/%s");
        places.put("task", "/tasks/%s");
        places.put("node", "/nodes/%s");
        String only = call.given().text("type", "");
        if (!only.isEmpty() && !places.containsKey(only)) {
            call.error("\"" + only + "\" is not a valid value for --type");
            return 1;
        }
        return call.inspect(name -> {
            for (Map.Entry<String, String> place : places.entrySet()) {
                if (!only.isEmpty() && !only.equals(place.getKey())) {
                    continue;
                }
                try {
                    return call.api().get(place.getValue().replace("%s", DockerCall.id(name)));
                } catch (DockerRefusedException e) {
                    // A worker refuses to look for swarm objects: then it is none of its own.
                    continue;
                }
            }
            throw new ShellFailure(1, "Error: No such " + (only.isEmpty() ? "object" : only) + ": " + name);
        });
    }

    // ---- events

    private static int events(DockerCall call) throws InterruptedException {
        Map<String, String> query = new TreeMap<>(call.filters());
        query.put("since", DockerLogs.moment(call, call.given().text("since", "1h")));
        Instant now = call.now();
        query.put(
                "until",
                call.given()
                        .last("until")
                        .map(value -> DockerLogs.moment(call, value))
                        .orElse(now.getEpochSecond() + "." + String.format("%09d", now.getNano())));
        GoTemplate template = call.given()
                .last("format")
                .map(text -> new GoTemplate(text.equals("json") ? "{{json .}}" : text, false))
                .orElse(new GoTemplate("", false));
        boolean shaped = call.given().has("format");
        List<String> lines = call.api().stream("GET", "/events" + DockerApi.query(query), null, body -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
                return reader.lines().filter(line -> !line.isBlank()).toList();
            }
        });
        for (String line : lines) {
            JsonNode event = parse(line);
            call.line(shaped ? template.apply(event) : eventLine(event));
        }
        return 0;
    }

    private static String eventLine(JsonNode event) {
        long nanoseconds = event.path("timeNano").asLong(event.path("time").asLong() * 1_000_000_000L);
        Instant time = Instant.ofEpochSecond(0, nanoseconds);
        List<String> attributes = new ArrayList<>();
        Map<String, String> sorted = new TreeMap<>();
        event.at("/Actor/Attributes")
                .properties()
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue().asText()));
        sorted.forEach((key, value) -> attributes.add(key + "=" + value));
        return time + " " + event.path("Type").asText() + " "
                + event.path("Action").asText() + " "
                + event.at("/Actor/ID").asText()
                + (attributes.isEmpty() ? "" : " (" + String.join(", ", attributes) + ")");
    }

    // ---- images

    private static int images(DockerCall call) throws InterruptedException {
        Listing listing = new Listing(
                List.of("Repository", "Tag", "ID", "CreatedSince", "Size"),
                "Repository=REPOSITORY",
                "Tag=TAG",
                "ID=IMAGE ID",
                "Digest=DIGEST",
                "CreatedSince=CREATED",
                "CreatedAt=CREATED AT",
                "Size=SIZE");
        boolean whole = call.given().is("no-trunc");
        for (JsonNode image : call.api().get("/images/json" + DockerApi.query(call.filters()))) {
            List<String> tags = new ArrayList<>();
            image.path("RepoTags").forEach(tag -> tags.add(tag.asText()));
            if (tags.isEmpty()) {
                tags.add("<none>:<none>");
            }
            for (String tag : tags) {
                int colon = tag.lastIndexOf(':');
                String repository = tag.substring(0, colon);
                if (!call.arguments().isEmpty()
                        && !call.argument(0).equals(repository)
                        && !call.argument(0).equals(tag)) {
                    continue;
                }
                Instant created = Instant.ofEpochSecond(image.path("Created").asLong());
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("Repository", repository);
                row.put("Tag", tag.substring(colon + 1));
                row.put(
                        "ID",
                        whole
                                ? image.path("Id").asText()
                                : Words.shortId(image.path("Id").asText()));
                row.put("Digest", image.at("/RepoDigests/0").asText("<none>").replaceFirst("^.*@", ""));
                row.put("CreatedSince", HumanDuration.ago(Duration.between(created, call.now())));
                row.put("CreatedAt", created.toString());
                row.put("Size", Units.size(image.path("Size").asLong()));
                listing.row(row);
            }
        }
        return listing.print(call, "ID");
    }

    // ---- version and info

    private static int version(DockerCall call) throws InterruptedException {
        JsonNode server = call.api().get("/version");
        var client = DockerCall.object();
        client.put("Version", "28.5.2")
                .put("ApiVersion", server.path("ApiVersion").asText())
                .put("Os", "any")
                .put("Arch", "any");
        if (call.given().has("format")) {
            var all = DockerCall.object();
            all.set("Client", client);
            all.set("Server", server);
            String text = call.given().text("format", "");
            call.line(text.equals("json") ? all.toString() : new GoTemplate(text, true).apply(all));
            return 0;
        }
        call.line("Client: Cluster Lab's built-in shell");
        call.line(" API version:       " + server.path("ApiVersion").asText());
        call.line("");
        call.line("Server: " + server.at("/Platform/Name").asText("Docker Engine"));
        call.line(" Engine:");
        call.line("  Version:          " + server.path("Version").asText());
        call.line("  API version:      " + server.path("ApiVersion").asText() + " (minimum version "
                + server.path("MinAPIVersion").asText() + ")");
        call.line("  Go version:       " + server.path("GoVersion").asText());
        call.line("  Git commit:       " + server.path("GitCommit").asText());
        call.line("  Built:            " + server.path("BuildTime").asText());
        call.line("  OS/Arch:          " + server.path("Os").asText() + "/"
                + server.path("Arch").asText());
        return 0;
    }

    private static int info(DockerCall call) throws InterruptedException {
        JsonNode info = call.api().get("/info");
        if (call.given().has("format")) {
            String text = call.given().text("format", "");
            call.line(text.equals("json") ? info.toString() : new GoTemplate(text, true).apply(info));
            return 0;
        }
        call.line("Server:");
        call.line(" Containers: " + info.path("Containers").asInt());
        call.line("  Running: " + info.path("ContainersRunning").asInt());
        call.line("  Paused: " + info.path("ContainersPaused").asInt());
        call.line("  Stopped: " + info.path("ContainersStopped").asInt());
        call.line(" Images: " + info.path("Images").asInt());
        call.line(" Server Version: " + info.path("ServerVersion").asText());
        call.line(" Storage Driver: " + info.path("Driver").asText());
        call.line(" Logging Driver: " + info.path("LoggingDriver").asText());
        swarm(call, info.path("Swarm"));
        call.line(" Kernel Version: " + info.path("KernelVersion").asText());
        call.line(" Operating System: " + info.path("OperatingSystem").asText());
        call.line(" OSType: " + info.path("OSType").asText());
        call.line(" Architecture: " + info.path("Architecture").asText());
        call.line(" CPUs: " + info.path("NCPU").asInt());
        call.line(" Total Memory: " + Units.binarySize(info.path("MemTotal").asLong()));
        call.line(" Name: " + info.path("Name").asText());
        call.line(" ID: " + info.path("ID").asText());
        call.line(" Docker Root Dir: " + info.path("DockerRootDir").asText());
        if (!info.path("Labels").isEmpty()) {
            call.line(" Labels:");
            info.path("Labels").forEach(label -> call.line("  " + label.asText()));
        }
        info.path("Warnings").forEach(warning -> call.error(warning.asText()));
        info.at("/Swarm/Warnings").forEach(warning -> call.error(warning.asText()));
        return 0;
    }

    private static void swarm(DockerCall call, JsonNode swarm) {
        String state = swarm.path("LocalNodeState").asText("inactive");
        call.line(" Swarm: " + state);
        if (state.equals("inactive") || state.equals("locked")) {
            return;
        }
        call.line("  NodeID: " + swarm.path("NodeID").asText());
        if (!swarm.path("Error").asText("").isEmpty()) {
            call.line("  Error: " + swarm.path("Error").asText());
        }
        boolean manager = swarm.path("ControlAvailable").asBoolean();
        call.line("  Is Manager: " + manager);
        JsonNode cluster = swarm.path("Cluster");
        if (manager && cluster.isObject() && swarm.path("Error").asText("").isEmpty()) {
            JsonNode spec = cluster.path("Spec");
            call.line("  ClusterID: " + cluster.path("ID").asText());
            call.line("  Managers: " + swarm.path("Managers").asInt());
            call.line("  Nodes: " + swarm.path("Nodes").asInt());
            List<String> pools = new ArrayList<>();
            cluster.path("DefaultAddrPool").forEach(pool -> pools.add(pool.asText()));
            call.line("  Default Address Pool: " + String.join("  ", pools) + "  ");
            call.line("  SubnetSize: " + cluster.path("SubnetSize").asInt());
            call.line("  Data Path Port: " + DockerSwarmCommands.dataPathPort(cluster));
            call.line("  Orchestration:");
            call.line("   Task History Retention Limit: "
                    + spec.at("/Orchestration/TaskHistoryRetentionLimit").asInt(5));
            call.line("  Raft:");
            call.line(
                    "   Snapshot Interval: " + spec.at("/Raft/SnapshotInterval").asInt(10000));
            call.line("   Number of Old Snapshots to Retain: "
                    + spec.at("/Raft/KeepOldSnapshots").asInt());
            call.line("   Heartbeat Tick: " + spec.at("/Raft/HeartbeatTick").asInt(1));
            call.line("   Election Tick: " + spec.at("/Raft/ElectionTick").asInt(10));
            call.line("  Dispatcher:");
            call.line("   Heartbeat Period: "
                    + HumanDuration.format(Duration.ofNanos(
                            spec.at("/Dispatcher/HeartbeatPeriod").asLong(5_000_000_000L))));
        }
        call.line("  Node Address: " + swarm.path("NodeAddr").asText());
        if (!swarm.path("RemoteManagers").isEmpty()) {
            call.line("  Manager Addresses:");
            List<String> addresses = new ArrayList<>();
            swarm.path("RemoteManagers")
                    .forEach(remote -> addresses.add(remote.path("Addr").asText()));
            addresses.stream().sorted().forEach(address -> call.line("   " + address));
        }
    }
}
