package dev.clusterlab.provisioning;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** An HTTP server on loopback that answers from a table; paths without version and query. */
final class FakeDaemon implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<String, CountDownLatch> hanging = new ConcurrentHashMap<>();
    private volatile String apiVersion = "1.41";

    record Reply(int status, String body) {}

    FakeDaemon() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
        replies.put("/_ping", new Reply(200, "OK"));
    }

    FakeDaemon reply(String path, String json) {
        replies.put(path, new Reply(200, json));
        return this;
    }

    FakeDaemon refuse(String path, int status, String message) {
        replies.put(path, new Reply(status, "{\"message\":\"" + message + "\"}"));
        return this;
    }

    /** A manager that waits for a leader longer than the caller's patience. */
    FakeDaemon hold(String path) {
        replies.put(path, new Reply(504, ""));
        return this;
    }

    /** Answers nothing to this path, as a frozen daemon does, until {@link #answerAgain}. */
    FakeDaemon hang(String path) {
        hanging.put(path, new CountDownLatch(1));
        return this;
    }

    FakeDaemon answerAgain(String path) {
        CountDownLatch held = hanging.remove(path);
        if (held != null) {
            held.countDown();
        }
        return this;
    }

    /** The newest version of the API that it offers. */
    FakeDaemon apiVersion(String offered) {
        apiVersion = offered;
        return this;
    }

    /** {@code METHOD path?query} of every request, with {@code host} in the end. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    int port() {
        return server.getAddress().getPort();
    }

    String hostAndPort() {
        return "127.0.0.1:" + port();
    }

    URI endpoint() {
        return URI.create("tcp://" + hostAndPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().replaceFirst("^/v1\\.\\d+", "");
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Host"));
        exchange.getRequestBody().readAllBytes();
        CountDownLatch held = hanging.get(path);
        if (held != null) {
            try {
                held.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        Reply reply = replies.getOrDefault(path, new Reply(404, "{\"message\":\"page not found\"}"));
        exchange.getResponseHeaders().add("Api-Version", apiVersion);
        if (reply.status() == 504) {
            exchange.getResponseHeaders().add("Preference-Applied", "wait");
        }
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        if (reply.status() == 204) {
            exchange.sendResponseHeaders(204, -1);
        } else {
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        List.copyOf(hanging.keySet()).forEach(this::answerAgain);
        server.stop(0);
    }
}
