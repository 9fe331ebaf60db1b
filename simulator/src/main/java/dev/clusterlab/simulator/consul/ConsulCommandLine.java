package dev.clusterlab.simulator.consul;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.shell.text.TextTable;
import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Json;
import dev.clusterlab.simulator.programs.Program.ExecResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The {@code consul} command inside a container, over the agent's own HTTP API. */
final class ConsulCommandLine {

    private final HttpService api;
    private final AgentSettings settings;

    ConsulCommandLine(HttpService api, AgentSettings settings) {
        this.api = api;
        this.settings = settings;
    }

    /** Runs what stands behind {@code consul}. */
    void run(List<String> arguments, Consumer<ExecResult> done) {
        var words = new ArrayList<String>();
        var options = new LinkedHashMap<String, String>();
        for (String argument : arguments) {
            if (argument.startsWith("-") && argument.length() > 1 && !argument.equals("-")) {
                String name = argument.replaceFirst("^--?", "");
                int equals = name.indexOf('=');
                options.put(
                        equals < 0 ? name : name.substring(0, equals),
                        equals < 0 ? "true" : name.substring(equals + 1));
            } else {
                words.add(argument);
            }
        }
        String command = words.isEmpty() ? "" : words.get(0);
        String second = words.size() > 1 ? words.get(1) : "";
        switch (command) {
            case "version" -> done.accept(ExecResult.ok(version(settings)));
            case "members" -> members(options, done);
            case "info" -> get("/v1/agent/self", done, this::info);
            case "leave" ->
                call(
                        HttpMessage.Request.of("PUT", "/v1/agent/leave"),
                        done,
                        response -> ExecResult.ok("Graceful leave complete\n"));
            case "join" -> join(words.subList(1, words.size()), done);
            case "force-leave" ->
                call(
                        HttpMessage.Request.of("PUT", "/v1/agent/force-leave/" + second),
                        done,
                        response -> ExecResult.ok(""));
            case "kv" -> keys(second, words.subList(Math.min(2, words.size()), words.size()), options, done);
            case "catalog" -> catalog(second, done);
            case "operator" -> operator(second, words.size() > 2 ? words.get(2) : "", done);
            case "agent" -> done.accept(ExecResult.failed(1, "==> Address already in use: 8500\n"));
            default ->
                done.accept(ExecResult.failed(
                        127,
                        "Usage: consul [--version] [--help] <command> [<args>]\n\nAvailable commands here: catalog,"
                                + " force-leave, info, join, kv, leave, members, operator raft, version\n"));
        }
    }

    static String version(AgentSettings settings) {
        return version(settings.version());
    }

    static String version(String number) {
        return "Consul v" + number + "\nProtocol 2 spoken by default, understands 2 to 3 (agent will automatically use"
                + " protocol >2 when speaking to compatible agents)\n\n";
    }

    private void get(String path, Consumer<ExecResult> done, java.util.function.Function<JsonNode, ExecResult> show) {
        call(HttpMessage.Request.get(path), done, response -> show.apply(json(response)));
    }

    private void call(
            HttpMessage.Request request,
            Consumer<ExecResult> done,
            java.util.function.Function<HttpMessage.Response, ExecResult> show) {
        api.handle(new LocalExchange(request, response -> {
            if (response.status() >= 400 && response.status() != 404) {
                done.accept(ExecResult.failed(
                        1, "Error: Unexpected response code: " + response.status() + " (" + response.text() + ")\n"));
            } else {
                done.accept(show.apply(response));
            }
        }));
    }

    private static JsonNode json(HttpMessage.Response response) {
        try {
            return Json.MAPPER.readTree(response.text());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("our own API answered no JSON", e);
        }
    }

    private static String table(List<List<String>> rows) {
        TextTable table = TextTable.consul();
        rows.forEach(table::row);
        return table.toString();
    }

    private void members(Map<String, String> options, Consumer<ExecResult> done) {
        get("/v1/agent/members", done, members -> {
            var rows = new ArrayList<List<String>>();
            boolean detailed = options.containsKey("detailed");
            rows.add(
                    detailed
                            ? List.of("Node", "Address", "Status", "Tags")
                            : settings.legacy()
                                    ? List.of("Node", "Address", "Status", "Type", "Build", "Protocol", "DC")
                                    : List.of(
                                            "Node",
                                            "Address",
                                            "Status",
                                            "Type",
                                            "Build",
                                            "Protocol",
                                            "DC",
                                            "Partition",
                                            "Segment"));
            var servers = new ArrayList<List<String>>();
            var clients = new ArrayList<List<String>>();
            for (JsonNode member : members) {
                JsonNode tags = member.path("Tags");
                boolean server = tags.path("role").asText().equals("consul");
                String build = tags.path("build").asText();
                String address =
                        member.path("Addr").asText() + ":" + member.path("Port").asText();
                String status = switch (member.path("Status").asInt()) {
                    case 1 -> "alive";
                    case 2 -> "leaving";
                    case 3 -> "left";
                    case 4 -> "failed";
                    default -> "none";
                };
                var row = new ArrayList<String>();
                row.add(member.path("Name").asText());
                row.add(address);
                row.add(status);
                if (detailed) {
                    var pairs = new ArrayList<String>();
                    tags.properties()
                            .forEach(tag -> pairs.add(
                                    tag.getKey() + "=" + tag.getValue().asText()));
                    row.add(String.join(",", pairs));
                } else {
                    row.add(server ? "server" : "client");
                    row.add(build.contains(":") ? build.substring(0, build.indexOf(':')) : build);
                    row.add(tags.path("vsn").asText());
                    row.add(tags.path("dc").asText());
                    if (!settings.legacy()) {
                        row.add("default");
                        row.add(server ? "<all>" : "<default>");
                    }
                }
                (server ? servers : clients).add(List.copyOf(row));
            }
            rows.addAll(servers);
            rows.addAll(clients);
            return ExecResult.ok(table(rows));
        });
    }

    private ExecResult info(JsonNode self) {
        var text = new StringBuilder();
        var groups = new TreeMap<String, JsonNode>();
        self.path("Stats").properties().forEach(group -> groups.put(group.getKey(), group.getValue()));
        groups.forEach((name, values) -> {
            text.append(name).append(":\n");
            var sorted = new TreeMap<String, String>();
            values.properties()
                    .forEach(
                            value -> sorted.put(value.getKey(), value.getValue().asText()));
            sorted.forEach((key, value) ->
                    text.append('\t').append(key).append(" = ").append(value).append('\n'));
        });
        return ExecResult.ok(text.toString());
    }

    private void join(List<String> addresses, Consumer<ExecResult> done) {
        if (addresses.isEmpty()) {
            done.accept(ExecResult.failed(1, "At least one address to join must be specified.\n"));
            return;
        }
        call(
                HttpMessage.Request.of("PUT", "/v1/agent/join/" + addresses.get(0)),
                done,
                response -> ExecResult.ok("Successfully joined cluster by contacting 1 nodes.\n"));
    }

    private void catalog(String what, Consumer<ExecResult> done) {
        switch (what) {
            case "nodes" ->
                get("/v1/catalog/nodes", done, nodes -> {
                    var rows = new ArrayList<List<String>>();
                    rows.add(List.of("Node", "ID", "Address", "DC"));
                    for (JsonNode node : nodes) {
                        String id = node.path("ID").asText();
                        rows.add(List.of(
                                node.path("Node").asText(),
                                id.substring(0, Math.min(8, id.length())),
                                node.path("Address").asText(),
                                node.path("Datacenter").asText()));
                    }
                    return ExecResult.ok(table(rows));
                });
            case "services" ->
                get("/v1/catalog/services", done, services -> {
                    var names = new StringBuilder();
                    services.fieldNames()
                            .forEachRemaining(name -> names.append(name).append('\n'));
                    return ExecResult.ok(names.toString());
                });
            case "datacenters" -> done.accept(ExecResult.ok(settings.datacenter() + "\n"));
            default -> done.accept(ExecResult.failed(1, "Usage: consul catalog <nodes|services|datacenters>\n"));
        }
    }

    private void operator(String group, String verb, Consumer<ExecResult> done) {
        if (!group.equals("raft") || !verb.equals("list-peers")) {
            done.accept(ExecResult.failed(1, "Usage: consul operator raft list-peers\n"));
            return;
        }
        get("/v1/operator/raft/configuration", done, configuration -> {
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("Node", "ID", "Address", "State", "Voter", "RaftProtocol"));
            for (JsonNode server : configuration.path("Servers")) {
                rows.add(List.of(
                        server.path("Node").asText(),
                        server.path("ID").asText(),
                        server.path("Address").asText(),
                        server.path("Leader").asBoolean() ? "leader" : "follower",
                        server.path("Voter").asText(),
                        server.path("ProtocolVersion").asText()));
            }
            return ExecResult.ok(table(rows));
        });
    }

    private void keys(String verb, List<String> words, Map<String, String> options, Consumer<ExecResult> done) {
        String key = words.isEmpty() ? "" : words.get(0);
        switch (verb) {
            case "get" -> {
                boolean recurse = options.containsKey("recurse");
                boolean names = options.containsKey("keys");
                HttpMessage.Request request = HttpMessage.Request.get("/v1/kv/" + key);
                if (recurse) {
                    request = request.withQuery("recurse", "");
                }
                if (names) {
                    request = request.withQuery("keys", "")
                            .withQuery("separator", options.getOrDefault("separator", "/"));
                }
                call(request, done, response -> {
                    if (response.status() == 404) {
                        return recurse || names
                                ? ExecResult.ok("")
                                : ExecResult.failed(1, "Error! No key exists at: " + key + "\n");
                    }
                    var text = new StringBuilder();
                    for (JsonNode entry : json(response)) {
                        if (names) {
                            text.append(entry.asText()).append('\n');
                        } else if (recurse) {
                            text.append(entry.path("Key").asText())
                                    .append(':')
                                    .append(value(entry))
                                    .append('\n');
                        } else {
                            text.append(value(entry)).append('\n');
                        }
                    }
                    return ExecResult.ok(text.toString());
                });
            }
            case "put" -> {
                String value = words.size() > 1 ? words.get(1) : "";
                call(
                        HttpMessage.Request.of("PUT", "/v1/kv/" + key).withBody(value),
                        done,
                        response -> response.text().startsWith("true")
                                ? ExecResult.ok("Success! Data written to: " + key + "\n")
                                : ExecResult.failed(1, "Error! Did not write to " + key + "\n"));
            }
            case "delete" -> {
                boolean recurse = options.containsKey("recurse");
                HttpMessage.Request request = HttpMessage.Request.of("DELETE", "/v1/kv/" + key);
                call(
                        recurse ? request.withQuery("recurse", "") : request,
                        done,
                        response -> ExecResult.ok(
                                recurse
                                        ? "Success! Deleted keys with prefix: " + key + "\n"
                                        : "Success! Deleted key: " + key + "\n"));
            }
            default -> done.accept(ExecResult.failed(1, "Usage: consul kv <get|put|delete> [options] KEY [DATA]\n"));
        }
    }

    private static String value(JsonNode entry) {
        return new String(
                Base64.getDecoder().decode(entry.path("Value").asText("").replace("null", "")), StandardCharsets.UTF_8);
    }

    /** A request from within the container. */
    private static final class LocalExchange implements HttpExchange {
        private final HttpMessage.Request request;
        private final Consumer<HttpMessage.Response> done;

        LocalExchange(HttpMessage.Request request, Consumer<HttpMessage.Response> done) {
            this.request = request;
            this.done = done;
        }

        @Override
        public HttpMessage.Request request() {
            return request;
        }

        @Override
        public void respond(HttpMessage.Response response) {
            done.accept(response);
        }

        @Override
        public Stream stream(HttpMessage.Response head) {
            throw new UnsupportedOperationException("Consul's API does not stream here");
        }

        @Override
        public void fail(Failure failure) {
            done.accept(HttpMessage.Response.text(500, failure.name()));
        }

        @Override
        public void longPoll() {}

        @Override
        public boolean abandoned() {
            return false;
        }
    }

    /** The result of a command that must be known at once; says so if it has to ask another machine. */
    static ExecResult now(Consumer<Consumer<ExecResult>> command) {
        @Nullable ExecResult[] result = {null};
        command.accept(answer -> result[0] = answer);
        ExecResult found = result[0];
        return found != null
                ? found
                : ExecResult.failed(1, "Error: the answer has to come from another server; ask asynchronously\n");
    }
}
