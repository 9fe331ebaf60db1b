package dev.clusterlab.hello;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A Consul agent as far as the service uses one. */
final class FakeConsul implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    final Map<String, JsonNode> services = Collections.synchronizedMap(new LinkedHashMap<>());
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    volatile boolean broken;
    volatile boolean agentFailed;
    private final HttpServer server;

    FakeConsul() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    URI location() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        calls.add(exchange.getRequestMethod() + " " + path);
        if (broken) {
            answer(exchange, 500, "No cluster leader");
        } else if (path.equals("/v1/agent/service/register")) {
            JsonNode registration = JSON.readTree(body);
            // The client library writes "Id"; Consul does not mind the case of names.
            services.put(registration.path("Id").asText(), registration);
            answer(exchange, 200, "");
        } else if (path.startsWith("/v1/agent/service/deregister/")) {
            services.remove(path.substring("/v1/agent/service/deregister/".length()));
            answer(exchange, 200, "");
        } else if (path.startsWith("/v1/health/service/")) {
            answer(exchange, 200, health().toString());
        } else {
            answer(exchange, 404, "");
        }
    }

    private ArrayNode health() {
        ArrayNode list = JSON.createArrayNode();
        for (JsonNode each : services.values()) {
            ObjectNode entry = list.addObject();
            entry.putObject("Node").put("Node", "agent1").put("Address", "10.1.9.2");
            ObjectNode service = entry.putObject("Service");
            service.put("ID", each.path("Id").asText())
                    .put("Service", each.path("Name").asText())
                    .put("Address", each.path("Address").asText())
                    .put("Port", each.path("Port").asInt())
                    .put("EnableTagOverride", false);
            service.set("Tags", each.path("Tags"));
            service.putObject("Meta");
            entry.putArray("Checks")
                    .addObject()
                    .put("Node", "agent1")
                    .put("CheckID", "serfHealth")
                    .put("Name", "Serf Health Status")
                    .put("Status", agentFailed ? "critical" : "passing")
                    .put("Notes", "")
                    .put("Output", "")
                    .put("ServiceID", "")
                    .put("ServiceName", "")
                    .putArray("ServiceTags");
        }
        return list;
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("X-Consul-Index", "1");
        exchange.getResponseHeaders().add("X-Consul-KnownLeader", "true");
        exchange.getResponseHeaders().add("X-Consul-LastContact", "0");
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
