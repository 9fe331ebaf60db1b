package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.Units;
import dev.clusterlab.lab.shell.Words;
import dev.clusterlab.lab.shell.docker.DockerCommand.Names;
import dev.clusterlab.provisioning.client.DockerRefusedException;
import dev.clusterlab.shell.text.HumanDuration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** {@code docker ps}, {@code run}, {@code exec}, {@code logs}, {@code kill}, …. */
final class DockerContainerCommands {
    private static final int COMMAND_LENGTH_MAX = 20;

    private DockerContainerCommands() {}

    static List<DockerCommand> all() {
        Flags running = Flags.of(
                "-d, --detach bool Run container in background and print container ID",
                "-e, --env list Set environment variables",
                "--entrypoint string Overwrite the entry point of the image",
                "-h, --hostname string Container host name",
                "-i, --interactive bool Keep STDIN open (there is nothing to type here)",
                "-l, --label list Set meta data on a container",
                "--name string Assign a name to the container",
                "--network string Connect a container to a network",
                "--net string Connect a container to a network",
                "--network-alias list Add network-scoped alias for the container",
                "-p, --publish list Publish a container's port(s) to the host",
                "--restart string Restart policy to apply when a container exits (default no)",
                "--rm bool Remove the container when it exits",
                "-t, --tty bool Allocate a pseudo-TTY",
                "-u, --user string Username or UID",
                "-v, --volume list Bind mount a volume",
                "-w, --workdir string Working directory inside the container");
        List<DockerCommand> commands = new ArrayList<>(List.of(
                DockerCommand.of(
                        "ps, container ls, container ps, container list",
                        "[OPTIONS]",
                        "List containers",
                        Flags.of(
                                "-a, --all bool Show all containers (default shows just running)",
                                "-f, --filter filter Filter output based on conditions provided",
                                "--format string Format output using a Go template",
                                "-n, --last int Show n last created containers (includes all states)",
                                "-l, --latest bool Show the latest created container (includes all states)",
                                "--no-trunc bool Do not truncate output",
                                "-q, --quiet bool Only display container IDs"),
                        0,
                        0,
                        Names.NONE,
                        DockerContainerCommands::list),
                DockerCommand.of(
                                "run, container run",
                                "[OPTIONS] IMAGE [COMMAND] [ARG...]",
                                "Create and run a new container from an image",
                                running,
                                1,
                                -1,
                                Names.NONE,
                                DockerContainerCommands::runNew)
                        .optionsFirst(),
                DockerCommand.of(
                                "exec, container exec",
                                "[OPTIONS] CONTAINER COMMAND [ARG...]",
                                "Execute a command in a running container",
                                Flags.of(
                                        "-d, --detach bool Run command in the background",
                                        "-e, --env list Set environment variables",
                                        "-i, --interactive bool Keep STDIN open (there is nothing to type here)",
                                        "-t, --tty bool Allocate a pseudo-TTY",
                                        "-u, --user string Username or UID",
                                        "-w, --workdir string Working directory inside the container"),
                                2,
                                -1,
                                Names.CONTAINER,
                                DockerContainerCommands::exec)
                        .optionsFirst(),
                DockerCommand.of(
                        "logs, container logs",
                        "[OPTIONS] CONTAINER",
                        "Fetch the logs of a container",
                        DockerLogs.FLAGS,
                        1,
                        1,
                        Names.CONTAINER,
                        DockerLogs::container),
                DockerCommand.of(
                        "kill, container kill",
                        "[OPTIONS] CONTAINER [CONTAINER...]",
                        "Kill one or more running containers",
                        Flags.of("-s, --signal string Signal to send to the container (default SIGKILL)"),
                        1,
                        -1,
                        Names.CONTAINER,
                        call -> act(
                                call,
                                "/kill"
                                        + DockerApi.query(
                                                Map.of("signal", call.given().text("signal", "SIGKILL"))))),
                DockerCommand.of(
                        "stop, container stop",
                        "[OPTIONS] CONTAINER [CONTAINER...]",
                        "Stop one or more running containers",
                        Flags.of(
                                "-t, --time int Seconds to wait before killing the container",
                                "--timeout int Seconds to wait before killing the container",
                                "-s, --signal string Signal to send to the container"),
                        1,
                        -1,
                        Names.CONTAINER,
                        call -> act(call, "/stop" + stopQuery(call))),
                DockerCommand.of(
                        "restart, container restart",
                        "[OPTIONS] CONTAINER [CONTAINER...]",
                        "Restart one or more containers",
                        Flags.of(
                                "-t, --time int Seconds to wait before killing the container",
                                "--timeout int Seconds to wait before killing the container",
                                "-s, --signal string Signal to send to the container"),
                        1,
                        -1,
                        Names.CONTAINER,
                        call -> act(call, "/restart" + stopQuery(call))),
                DockerCommand.of(
                        "rm, container rm, container remove",
                        "[OPTIONS] CONTAINER [CONTAINER...]",
                        "Remove one or more containers",
                        Flags.of(
                                "-f, --force bool Force the removal of a running container (uses SIGKILL)",
                                "-v, --volumes bool Remove anonymous volumes associated with the container"),
                        1,
                        -1,
                        Names.CONTAINER,
                        call -> call.each(name -> {
                            Map<String, String> query = new TreeMap<>();
                            if (call.given().is("force")) {
                                query.put("force", "1");
                            }
                            if (call.given().is("volumes")) {
                                query.put("v", "1");
                            }
                            call.api().delete("/containers/" + DockerCall.id(name) + DockerApi.query(query));
                            call.line(name);
                        })),
                DockerCommand.of(
                        "rename, container rename",
                        "CONTAINER NEW_NAME",
                        "Rename a container",
                        Flags.of(),
                        2,
                        2,
                        Names.CONTAINER,
                        call -> {
                            call.api()
                                    .post(
                                            "/containers/" + DockerCall.id(call.argument(0)) + "/rename"
                                                    + DockerApi.query(Map.of("name", call.argument(1))),
                                            null);
                            return 0;
                        }),
                DockerCommand.of(
                        "wait, container wait",
                        "CONTAINER [CONTAINER...]",
                        "Block until one or more containers stop, then print their exit codes",
                        Flags.of(),
                        1,
                        -1,
                        Names.CONTAINER,
                        call -> call.each(name -> call.line(call.api()
                                .post("/containers/" + DockerCall.id(name) + "/wait", null)
                                .path("StatusCode")
                                .asText()))),
                DockerCommand.of(
                        "container inspect",
                        "[OPTIONS] CONTAINER [CONTAINER...]",
                        "Display detailed information on one or more containers",
                        Flags.of(
                                "-f, --format string Format output using a Go template",
                                "-s, --size bool Display total file sizes"),
                        1,
                        -1,
                        Names.CONTAINER,
                        call -> call.inspect(name -> call.api().get("/containers/" + DockerCall.id(name) + "/json"))),
                DockerCommand.of(
                        "stats, container stats",
                        "[OPTIONS] [CONTAINER...]",
                        "Display resource usage of containers (one shot)",
                        Flags.of(
                                "-a, --all bool Show all containers",
                                "--no-stream bool Only one result (always so here)",
                                "--no-trunc bool Do not truncate output",
                                "--format string Format output using a Go template"),
                        0,
                        -1,
                        Names.CONTAINER,
                        DockerContainerCommands::stats)));
        for (String verb : List.of("start", "pause", "unpause")) {
            commands.add(DockerCommand.of(
                    verb + ", container " + verb,
                    "CONTAINER [CONTAINER...]",
                    Words.capitalised(verb) + " one or more containers",
                    Flags.of(),
                    1,
                    -1,
                    Names.CONTAINER,
                    call -> act(call, "/" + verb)));
        }
        return commands;
    }

    private static String stopQuery(DockerCall call) {
        Map<String, String> query = new TreeMap<>();
        call.given().last("time").ifPresent(value -> query.put("t", value));
        call.given().last("timeout").ifPresent(value -> query.put("t", value));
        call.given().last("signal").ifPresent(value -> query.put("signal", value));
        return DockerApi.query(query);
    }

    private static int act(DockerCall call, String verb) throws InterruptedException {
        return call.each(name -> {
            call.api().post("/containers/" + DockerCall.id(name) + verb, null);
            call.line(name);
        });
    }

    // ---- ps

    private static int list(DockerCall call) throws InterruptedException {
        Map<String, String> query = new TreeMap<>(call.filters());
        long last = call.given().is("latest") ? 1 : call.given().number("last", -1);
        if (call.given().is("all") || last > 0) {
            query.put("all", "1");
        }
        if (last > 0) {
            query.put("limit", String.valueOf(last));
        }
        boolean whole = call.given().is("no-trunc");
        Listing listing = new Listing(
                List.of("ID", "Image", "Command", "RunningFor", "Status", "Ports", "Names"),
                "ID=CONTAINER ID",
                "Image=IMAGE",
                "Command=COMMAND",
                "RunningFor=CREATED",
                "CreatedAt=CREATED AT",
                "Status=STATUS",
                "State=STATE",
                "Ports=PORTS",
                "Names=NAMES",
                "Labels=LABELS",
                "Label=LABEL",
                "Networks=NETWORKS",
                "Mounts=MOUNTS");
        for (JsonNode container : call.api().get("/containers/json" + DockerApi.query(query))) {
            listing.row(row(call, container, whole));
        }
        return listing.print(call, "ID");
    }

    private static Map<String, Object> row(DockerCall call, JsonNode container, boolean whole) {
        Map<String, Object> row = new LinkedHashMap<>();
        String id = container.path("Id").asText();
        Instant created = Instant.ofEpochSecond(container.path("Created").asLong());
        String command = container.path("Command").asText();
        row.put("ID", whole ? id : Words.shortId(id));
        row.put("Image", TaskListing.image(container.path("Image").asText(), whole));
        row.put("Command", "\"" + (whole ? command : Words.cut(command, COMMAND_LENGTH_MAX)) + "\"");
        row.put("RunningFor", HumanDuration.ago(Duration.between(created, call.now())));
        row.put("CreatedAt", created.toString());
        row.put("Status", container.path("Status").asText());
        row.put("State", container.path("State").asText());
        row.put("Ports", ports(container.path("Ports")));
        List<String> names = new ArrayList<>();
        container.path("Names").forEach(name -> names.add(name.asText().replaceFirst("^/", "")));
        row.put("Names", String.join(",", names));
        row.put("Labels", DockerNetworkCommands.labels(container.path("Labels")));
        Function<Object, Object> label =
                key -> container.path("Labels").path(key.toString()).asText("");
        row.put("Label", label);
        List<String> networks = new ArrayList<>();
        container.at("/NetworkSettings/Networks").fieldNames().forEachRemaining(networks::add);
        row.put("Networks", String.join(",", networks));
        row.put("Mounts", "");
        return row;
    }

    private static String ports(JsonNode ports) {
        TreeSet<String> result = new TreeSet<>();
        for (JsonNode port : ports) {
            String target =
                    port.path("PrivatePort").asInt() + "/" + port.path("Type").asText("tcp");
            result.add(
                    port.path("PublicPort").asInt() > 0
                            ? port.path("IP").asText("0.0.0.0") + ":"
                                    + port.path("PublicPort").asInt() + "->" + target
                            : target);
        }
        return String.join(", ", result);
    }

    // ---- run

    private static int runNew(DockerCall call) throws InterruptedException {
        Flags.Given given = call.given();
        String image = call.argument(0);
        ObjectNode request = DockerCall.object().put("Image", image);
        List<String> command = call.arguments().subList(1, call.arguments().size());
        if (!command.isEmpty()) {
            command.forEach(request.putArray("Cmd")::add);
        }
        given.last("entrypoint")
                .ifPresent(value -> request.putArray("Entrypoint").add(value));
        given.last("hostname").ifPresent(value -> request.put("Hostname", value));
        given.last("user").ifPresent(value -> request.put("User", value));
        given.last("workdir").ifPresent(value -> request.put("WorkingDir", value));
        if (given.has("env")) {
            for (String text : given.list("env")) {
                request.withArray("/Env")
                        .add(
                                text.contains("=")
                                        ? text
                                        : text + "="
                                                + call.invocation()
                                                        .environment(text)
                                                        .orElse(""));
            }
        }
        request.put("Tty", false);
        DockerNetworkCommands.pairs(
                DockerNetworkCommands.labelled(call.invocation().engine(), request), given.list("label"));
        ObjectNode host = request.putObject("HostConfig");
        host.put("AutoRemove", false);
        given.last("restart").ifPresent(value -> host.putObject("RestartPolicy").put("Name", value));
        given.list("volume").forEach(value -> host.withArray("/Binds").add(value));
        for (String publish : given.list("publish")) {
            publish(call, request, host, publish);
        }
        String network = given.last("network").or(() -> given.last("net")).orElse("");
        if (!network.isEmpty()) {
            host.put("NetworkMode", network);
            ObjectNode endpoint =
                    request.withObject("/NetworkingConfig/EndpointsConfig").putObject(network);
            given.list("network-alias")
                    .forEach(alias -> endpoint.withArray("/Aliases").add(alias));
        }
        String query = DockerApi.query(
                given.last("name").map(name -> Map.of("name", name)).orElse(Map.of()));
        JsonNode created;
        try {
            created = call.api().post("/containers/create" + query, request);
        } catch (DockerRefusedException e) {
            if (e.status() != 404
                    || !e.text().toLowerCase(java.util.Locale.ROOT).contains("no such image")) {
                call.error("docker: Error response from daemon: " + e.text()
                        + "\n\nRun 'docker run --help' for more information");
                return 125;
            }
            String tagged = image.lastIndexOf(':') > image.lastIndexOf('/') ? image : image + ":latest";
            call.error("Unable to find image '" + tagged + "' locally");
            int pulled = DockerSystemCommands.pull(call, image, call::error);
            if (pulled != 0) {
                return 125;
            }
            created = call.api().post("/containers/create" + query, request);
        }
        created.path("Warnings").forEach(warning -> call.error("WARNING: " + warning.asText()));
        String id = created.path("Id").asText();
        try {
            call.api().post("/containers/" + id + "/start", null);
        } catch (DockerRefusedException e) {
            call.error("docker: Error response from daemon: " + e.text()
                    + "\n\nRun 'docker run --help' for more information");
            return 125;
        }
        if (given.is("detach")) {
            call.line(id);
            return 0;
        }
        int status = call.api()
                .post("/containers/" + id + "/wait", null)
                .path("StatusCode")
                .asInt();
        print(
                call,
                call.api().stream("GET", "/containers/" + id + "/logs?stdout=1&stderr=1", null, DockerLogs::frames));
        if (given.is("rm")) {
            call.api().delete("/containers/" + id + "?force=1");
        }
        return status;
    }

    private static void publish(DockerCall call, ObjectNode request, ObjectNode host, String text) {
        String protocol = text.contains("/") ? text.substring(text.indexOf('/') + 1) : "tcp";
        String[] pieces = text.replaceFirst("/.*", "").split(":", -1);
        String target = pieces[pieces.length - 1];
        String published = pieces.length > 1 ? pieces[pieces.length - 2] : "";
        if (!target.matches("\\d{1,5}") || !published.matches("\\d{0,5}")) {
            throw call.given().invalid("publish", text, "invalid containerPort: " + target);
        }
        String key = target + "/" + protocol;
        ((ObjectNode) request.withObject("/ExposedPorts")).putObject(key);
        ObjectNode bindings =
                host.get("PortBindings") instanceof ObjectNode known ? known : host.putObject("PortBindings");
        bindings.putArray(key).addObject().put("HostIp", "").put("HostPort", published);
    }

    static void print(DockerCall call, List<DockerLogs.Line> frames) {
        for (DockerLogs.Line frame : frames) {
            if (frame.error()) {
                call.invocation().streams().err().accept(frame.text());
            } else {
                call.invocation().out(frame.text());
            }
        }
    }

    // ---- exec

    private static int exec(DockerCall call) throws InterruptedException {
        Flags.Given given = call.given();
        boolean detach = given.is("detach");
        ObjectNode request = DockerCall.object();
        request.put("AttachStdout", !detach).put("AttachStderr", !detach).put("Tty", false);
        given.last("user").ifPresent(value -> request.put("User", value));
        given.last("workdir").ifPresent(value -> request.put("WorkingDir", value));
        given.list("env").forEach(value -> request.withArray("/Env").add(value));
        call.arguments().subList(1, call.arguments().size()).forEach(request.putArray("Cmd")::add);
        String container = DockerCall.id(call.argument(0));
        String id = call.api()
                .post("/containers/" + container + "/exec", request)
                .path("Id")
                .asText();
        ObjectNode start = DockerCall.object().put("Detach", detach).put("Tty", false);
        print(call, call.api().stream("POST", "/exec/" + id + "/start", start, DockerLogs::frames));
        return detach
                ? 0
                : call.api().get("/exec/" + id + "/json").path("ExitCode").asInt();
    }

    // ---- stats

    private static int stats(DockerCall call) throws InterruptedException {
        List<String> names = new ArrayList<>(call.arguments());
        if (names.isEmpty()) {
            for (JsonNode container : call.api().get("/containers/json")) {
                names.add(container.path("Id").asText());
            }
        }
        Listing listing = new Listing(
                List.of("ID", "Name", "CPUPerc", "MemUsage", "MemPerc", "NetIO", "BlockIO", "PIDs"),
                "ID=CONTAINER ID",
                "Name=NAME",
                "CPUPerc=CPU %",
                "MemUsage=MEM USAGE / LIMIT",
                "MemPerc=MEM %",
                "NetIO=NET I/O",
                "BlockIO=BLOCK I/O",
                "PIDs=PIDS");
        for (String name : names) {
            JsonNode stats;
            try {
                stats = call.api().get("/containers/" + DockerCall.id(name) + "/stats?stream=false&one-shot=true");
            } catch (DockerRefusedException e) {
                if (e.status() == 404 && e.text().contains("No such container")) {
                    throw e;
                }
                call.error("docker stats: resource usage is not modelled by this engine (" + e.text() + ")");
                return 1;
            }
            long used = stats.at("/memory_stats/usage").asLong();
            long limit = stats.at("/memory_stats/limit").asLong();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("ID", Words.shortId(stats.path("id").asText(name)));
            row.put("Name", stats.path("name").asText().replaceFirst("^/", ""));
            row.put("CPUPerc", "0.00%");
            row.put("MemUsage", Units.binarySize(used) + " / " + Units.binarySize(limit));
            row.put(
                    "MemPerc",
                    limit == 0 ? "0.00%" : String.format(java.util.Locale.ROOT, "%.2f%%", 100.0 * used / limit));
            row.put("NetIO", "--");
            row.put("BlockIO", "--");
            row.put("PIDs", stats.at("/pids_stats/current").asText("--"));
            listing.row(row);
        }
        return listing.print(call, "ID");
    }
}
