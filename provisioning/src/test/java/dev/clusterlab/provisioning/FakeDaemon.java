package dev.clusterlab.provisioning;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
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
import javax.net.ssl.SSLContext;

/** An HTTP server on loopback that answers from a table; paths without version and query. */
public final class FakeDaemon implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Runnable> events = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> hanging = new ConcurrentHashMap<>();
    private final Map<String, List<String>> pages = new ConcurrentHashMap<>();
    private volatile String apiVersion = "1.41";

    private static final int CUT_OFF = -1;
    private static final int STALL = -2;

    record Reply(int status, String body) {}

    public FakeDaemon() {
        this(0);
    }

    /** @param port 0 for any that is free */
    public FakeDaemon(int port) {
        this(plain(port));
    }

    private FakeDaemon(HttpServer server) {
        this.server = server;
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
        replies.put("/_ping", new Reply(200, "OK"));
    }

    /** Behind TLS. */
    public FakeDaemon(SSLContext tls) {
        this(secure(tls));
    }

    private static HttpServer secure(SSLContext tls) {
        try {
            HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(tls));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpServer plain(int port) {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public FakeDaemon reply(String path, String json) {
        replies.put(path, new Reply(200, json));
        return this;
    }

    /** A list in pages, as Traefik gives it: the header {@code X-Next-Page} names the next one, after the last one the first. */
    public FakeDaemon pages(String path, List<String> jsonOfPages) {
        pages.put(path, List.copyOf(jsonOfPages));
        return this;
    }

    public FakeDaemon refuse(String path, int status, String message) {
        replies.put(path, new Reply(status, "{\"message\":\"" + message + "\"}"));
        return this;
    }

    /** Something that happens whenever a path was asked for, before it is answered. */
    public FakeDaemon when(String path, Runnable happens) {
        events.put(path, happens);
        return this;
    }

    /** Breaks the connection after the first part of an answer. */
    public FakeDaemon cutOff(String path, String firstPart) {
        replies.put(path, new Reply(CUT_OFF, firstPart));
        return this;
    }

    /** Sends the first part of an answer and then nothing of use, for as long as the caller listens. */
    public FakeDaemon stall(String path, String firstPart) {
        replies.put(path, new Reply(STALL, firstPart));
        return this;
    }

    /** A manager that waits for a leader longer than the caller's timeout. */
    public FakeDaemon hold(String path) {
        replies.put(path, new Reply(504, ""));
        return this;
    }

    /** Answers nothing to this path, as a frozen daemon does, until {@link #answerAgain}. */
    public FakeDaemon hang(String path) {
        hanging.put(path, new CountDownLatch(1));
        return this;
    }

    public FakeDaemon answerAgain(String path) {
        CountDownLatch held = hanging.remove(path);
        if (held != null) {
            held.countDown();
        }
        return this;
    }

    /** The newest version of the API that it offers. */
    public FakeDaemon apiVersion(String offered) {
        apiVersion = offered;
        return this;
    }

    /** {@code METHOD path?query} of every request, with {@code host} in the end. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String hostAndPort() {
        return "127.0.0.1:" + port();
    }

    public URI endpoint() {
        return URI.create("tcp://" + hostAndPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().replaceFirst("^/v1\\.\\d+", "");
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Host"));
        exchange.getRequestBody().readAllBytes();
        events.getOrDefault(path, () -> {}).run();
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
        List<String> paged = pages.getOrDefault(path, List.of());
        if (!paged.isEmpty()) {
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            int page = query.matches("(.*&)?page=\\d+(&.*)?")
                    ? Integer.parseInt(query.replaceFirst("^(.*&)?page=(\\d+)(&.*)?$", "$2"))
                    : 1;
            reply = new Reply(200, paged.get(page - 1));
            exchange.getResponseHeaders().add("X-Next-Page", String.valueOf(page < paged.size() ? page + 1 : 1));
        }
        exchange.getResponseHeaders().add("Api-Version", apiVersion);
        if (reply.status() == 504) {
            exchange.getResponseHeaders().add("Preference-Applied", "wait");
        }
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        if (reply.status() < 0) {
            sendPart(exchange, path, body, reply.status() == STALL);
        } else if (reply.status() == 204) {
            exchange.sendResponseHeaders(204, -1);
        } else {
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private void sendPart(HttpExchange exchange, String path, byte[] body, boolean stall) throws IOException {
        exchange.sendResponseHeaders(200, body.length + 100_000);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
            out.flush();
            while (stall) {
                // White space between messages: that the caller left is noticed by writing.
                out.write('\n');
                out.flush();
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            events.getOrDefault(path + " left", () -> {}).run();
        }
    }

    @Override
    public void close() {
        List.copyOf(hanging.keySet()).forEach(this::answerAgain);
        server.stop(0);
    }
}
