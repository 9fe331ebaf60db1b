package dev.clusterlab.simulator.programs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Shows the nodes and tasks of the swarm as the engine behind its mounted socket sees them. */
public final class VisualizerProgram implements Program {
    private static final Duration ENGINE_TIMEOUT = Duration.ofSeconds(25);
    private static final int PORT = 8080;
    private static final int REFRESH_SECONDS = 2;

    private final ProgramContext context;

    public VisualizerProgram(ProgramContext context) {
        this.context = context;
    }

    @Override
    public void start() {
        context.listen(PORT, this::handle, Request::reads);
        context.stdout("Listening on port " + PORT);
    }

    private void handle(HttpExchange exchange) {
        String path = exchange.request().path();
        if (path.equals("/") || path.equals("/index.html")) {
            show(exchange);
        } else if (path.matches("/apis/(nodes|services|tasks)")) {
            pass(exchange, path.substring("/apis".length()));
        } else {
            exchange.respond(Response.text(404, "Cannot GET " + path + "\n"));
        }
    }

    private void pass(HttpExchange exchange, String path) {
        context.dockerSocket(
                Request.get(path),
                ENGINE_TIMEOUT,
                result -> exchange.respond(
                        switch (result) {
                            case HttpResult.Answered answered -> answered.response();
                            case HttpResult.Failed failed -> Response.json(500, Map.of("message", unreachable(failed)));
                        }));
    }

    private void show(HttpExchange exchange) {
        ask(
                "/nodes",
                exchange,
                nodes -> ask(
                        "/services",
                        exchange,
                        services -> ask(
                                "/tasks",
                                exchange,
                                tasks -> exchange.respond(Response.html(page(nodes, services, tasks))))));
    }

    private void ask(String path, HttpExchange exchange, Consumer<JsonNode> next) {
        context.dockerSocket(Request.get(path), ENGINE_TIMEOUT, result -> {
            switch (result) {
                case HttpResult.Answered answered
                when answered.response().status() == 200 ->
                    next.accept(parse(answered.response().body()));
                case HttpResult.Answered answered -> {
                    JsonNode error = parse(answered.response().body());
                    problem(
                            exchange,
                            error.path("message").asText(answered.response().text()));
                }
                case HttpResult.Failed failed -> problem(exchange, unreachable(failed));
            }
        });
    }

    private static JsonNode parse(byte[] body) {
        try {
            return Json.MAPPER.readTree(body);
        } catch (IOException e) {
            return Json.MAPPER.createObjectNode();
        }
    }

    private static String unreachable(HttpResult.Failed failed) {
        return switch (failed.failure()) {
            case REFUSED ->
                "The engine's socket is not there. Mount it: --mount"
                        + " type=bind,source=/var/run/docker.sock,target=/var/run/docker.sock";
            case RESET, TIMEOUT, UNREACHABLE, UNKNOWN_HOST -> "The engine does not answer.";
        };
    }

    private static void problem(HttpExchange exchange, String what) {
        exchange.respond(Response.html(Html.page(
                "Visualizer",
                REFRESH_SECONDS,
                "<h1>Visualizer</h1>\n<p>" + Html.badge("bad", "no view") + " " + Html.text(what) + "</p>\n")));
    }

    private String page(JsonNode nodes, JsonNode services, JsonNode tasks) {
        Map<String, String> serviceNames = new LinkedHashMap<>();
        services.forEach(each -> serviceNames.put(
                each.path("ID").asText(), each.path("Spec").path("Name").asText()));
        var body = new StringBuilder("<h1>Visualizer <small>as seen by ")
                .append(Html.text(context.machine()))
                .append("</small></h1>\n<div class=\"nodes\">\n");
        List<JsonNode> ordered = new ArrayList<>();
        nodes.forEach(ordered::add);
        ordered.sort(java.util.Comparator.comparing(
                (JsonNode node) -> node.path("Description").path("Hostname").asText()));
        for (JsonNode node : ordered) {
            node(body, node, tasks, serviceNames);
        }
        return Html.page("Visualizer", REFRESH_SECONDS, body.append("</div>\n").toString());
    }

    private static void node(StringBuilder body, JsonNode node, JsonNode tasks, Map<String, String> serviceNames) {
        boolean ready = node.path("Status").path("State").asText().equals("ready");
        boolean leads = node.path("ManagerStatus").path("Leader").asBoolean();
        body.append("<div class=\"node ")
                .append(ready ? "up" : "down")
                .append("\"><strong>")
                .append(Html.text(node.path("Description").path("Hostname").asText()))
                .append("</strong><br>")
                .append(Html.text(node.path("Spec").path("Role").asText()))
                .append(leads ? ", leader" : "")
                .append("<br>")
                .append(Html.badge(
                        ready ? "ok" : "bad", node.path("Status").path("State").asText("unknown")))
                .append(' ')
                .append(Html.text(node.path("Spec").path("Availability").asText()))
                .append('\n');
        for (JsonNode task : tasks) {
            boolean here = task.path("NodeID").asText().equals(node.path("ID").asText());
            if (here && task.path("DesiredState").asText().equals("running")) {
                String state = task.path("Status").path("State").asText();
                String service = task.path("ServiceID").asText();
                body.append("<div class=\"task\">")
                        .append(Html.text(serviceNames.getOrDefault(service, service)))
                        .append(
                                task.has("Slot") && task.path("Slot").asInt() > 0
                                        ? "." + task.path("Slot").asInt()
                                        : "")
                        .append(' ')
                        .append(Html.badge(state.equals("running") && ready ? "ok" : "wait", state))
                        .append("</div>\n");
            }
        }
        body.append("</div>\n");
    }

    @Override
    public void signal(String signal) {
        if (signal.equals("SIGTERM") || signal.equals("SIGINT")) {
            context.exit(0);
        }
    }

    @Override
    public void exec(List<String> command, Consumer<ExecResult> done) {
        ContainerCommands.exec(context, command, done);
    }

    @Override
    public Runnable exec(List<String> command, ContainerCommands.Output output, IntConsumer ended) {
        return ContainerCommands.exec(context, command, output, ended);
    }
}
