package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A manager's Docker daemon on loopback that takes every service it is asked for, runs none, and remembers the last
 * request to create or change one. Networks called {@code nowhere} and services called {@code nothing} do not exist.
 */
final class RecordingDaemon implements AutoCloseable {
    /** The version of the API that the embedded engine speaks. */
    static final String API_VERSION = "1.47";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DIGEST = "sha256:" + "d".repeat(64);

    private final HttpServer server;
    private volatile JsonNode service = MissingNode.getInstance();
    private volatile @Nullable ObjectNode last;

    RecordingDaemon() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String host() {
        return "tcp://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The specification of the one service there is. */
    void runs(JsonNode specification) {
        service = specification;
    }

    /** What was asked for since the last time: the path, the query and the body. */
    Optional<ObjectNode> taken() {
        Optional<ObjectNode> taken = Optional.ofNullable(last);
        last = null;
        return taken;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().replaceFirst("^/v1\\.\\d+", "");
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (path.equals("/services/create") || path.endsWith("/update")) {
            ObjectNode request = JSON.createObjectNode().put("path", path);
            String query = exchange.getRequestURI().getQuery();
            if (query != null) {
                request.put("query", query);
            }
            request.set("body", JSON.readTree(body));
            last = request;
        }
        JsonNode answer = answer(path);
        byte[] bytes = (path.equals("/_ping") ? "OK" : answer.toString()).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Api-Version", API_VERSION);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.has("message") ? 404 : 200, head ? -1 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private JsonNode answer(String path) {
        ObjectNode answer = JSON.createObjectNode();
        String name = path.replaceFirst("^/[a-z]+/", "").replaceFirst("/(json|update)$", "");
        if (path.equals("/networks/nowhere")) {
            return answer.put("message", "network nowhere not found");
        }
        if (path.startsWith("/networks/")) {
            return answer.put("Id", "id-of-" + name.replaceFirst("^id-of-", ""))
                    .put("Name", name)
                    .put("Scope", "swarm")
                    .put("Driver", "overlay");
        }
        if (path.startsWith("/distribution/")) {
            answer.putObject("Descriptor").put("digest", DIGEST).put("size", 1);
            answer.putArray("Platforms")
                    .addObject()
                    .put("architecture", "amd64")
                    .put("os", "linux");
            return answer;
        }
        if (path.equals("/services/create")) {
            return answer.put("ID", "created");
        }
        if (path.endsWith("/update")) {
            return answer;
        }
        if (path.startsWith("/services/")) {
            if (!service.path("Name").asText().equals(name)) {
                return answer.put("message", "service " + name + " not found");
            }
            answer.put("ID", name).putObject("Version").put("Index", 7);
            answer.set("Spec", service);
        }
        return answer;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
