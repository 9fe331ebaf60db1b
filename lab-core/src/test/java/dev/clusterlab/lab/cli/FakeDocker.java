package dev.clusterlab.lab.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.clusterlab.provisioning.docker.host.HostEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A Docker Engine on loopback that says what a test tells it to; of what it was not told it has nothing. */
final class FakeDocker implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, String> answers = new ConcurrentHashMap<>();

    private volatile String apiVersion = "1.44";

    FakeDocker() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.start();
        answers.put("/_ping", "OK");
        answers.put("/info", """
                {"ServerVersion": "27.1", "OSType": "linux", "OperatingSystem": "Debian", "KernelVersion": "6.1",
                 "CgroupVersion": "2", "NCPU": 4, "MemTotal": 8000000000}""");
    }

    FakeDocker says(String path, String json) {
        answers.put(path, json);
        return this;
    }

    FakeDocker has(String image) {
        return says("/images/" + image + "/json", """
                {"Id": "sha256:0123456789abcdef", "Size": 42000000, "Created": "2026-01-01T00:00:00Z"}""");
    }

    /** The newest version of the API that it offers. */
    void speaks(String version) {
        apiVersion = version;
    }

    URI endpoint() {
        return URI.create("tcp://127.0.0.1:" + server.getAddress().getPort());
    }

    HostEngine engine() {
        return new HostEngine(endpoint(), "test", Optional.empty(), List.of());
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().replaceFirst("^/v1\\.\\d+", "");
        exchange.getRequestBody().readAllBytes();
        String answer = answers.get(path);
        byte[] body = (answer == null ? "{\"message\": \"No such image\"}" : answer).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Api-Version", apiVersion);
        exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
