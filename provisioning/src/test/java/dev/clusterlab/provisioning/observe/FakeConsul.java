package dev.clusterlab.provisioning.observe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Consul agent whose queries block until its index is another than the caller's. */
final class FakeConsul implements AutoCloseable {
    private static final Pattern INDEX = Pattern.compile("\\bindex=(\\d+)");

    private final HttpServer server;
    private final List<String> queries = new ArrayList<>();
    private final Map<String, String> replies = new HashMap<>();
    private long index = 10;
    private boolean failing;
    private boolean closed;

    FakeConsul() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String at() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** The catalog changes; the index is then this. */
    synchronized void index(long now) {
        index = now;
        notifyAll();
    }

    synchronized void fail(boolean now) {
        failing = now;
        notifyAll();
    }

    /** What it answers to a path; an empty list where nothing is said. */
    synchronized FakeConsul reply(String path, String json) {
        replies.put(path, json);
        return this;
    }

    /** {@code path index} of each blocking query so far. */
    synchronized List<String> queries() {
        return List.copyOf(queries);
    }

    synchronized void awaitQuery(String query) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + 60_000_000_000L;
        while (!queries.contains(query)) {
            long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                throw new AssertionError("nobody asked " + query + " but " + queries);
            }
            wait(leftMillis);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        Matcher blocking = INDEX.matcher(String.valueOf(exchange.getRequestURI().getQuery()));
        String asked = blocking.find() ? blocking.group(1) : "";
        long answer;
        boolean failure;
        byte[] body;
        synchronized (this) {
            if (asked.isEmpty()) {
                asked = "none";
            } else {
                queries.add(exchange.getRequestURI().getPath() + " " + asked);
                notifyAll();
            }
            while (!closed && !failing && asked.equals(String.valueOf(Math.max(1, index)))) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
            answer = index;
            failure = failing;
            body = replies.getOrDefault(exchange.getRequestURI().getPath(), "[]")
                    .getBytes(StandardCharsets.UTF_8);
        }
        exchange.getResponseHeaders().add("X-Consul-Index", String.valueOf(answer));
        exchange.sendResponseHeaders(failure ? 500 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        server.stop(0);
    }
}
