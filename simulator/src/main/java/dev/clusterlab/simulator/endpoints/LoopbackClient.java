package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.core.HttpMessage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnectionFactory;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/**
 * Asks servers of this process on loopback, over connections that it keeps. The thread that asks does all the work itself: a
 * request passes through here for each one that a service in the simulation answers. Thread-safe; {@link #ask} blocks, and
 * without a limit of time, which would cost more than most answers: whoever asks on a virtual thread may interrupt it, which
 * closes the connection.
 */
final class LoopbackClient implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    /** Idle connections that are kept to one port. */
    private static final int IDLE_MAX = 32;
    /** Headers that belong to one connection, or that are set here. */
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "connection", "content-length", "expect", "host", "keep-alive", "transfer-encoding", "upgrade", "te");

    private final DefaultBHttpClientConnectionFactory connections =
            DefaultBHttpClientConnectionFactory.builder().build();
    private final HttpRequestExecutor executor = new HttpRequestExecutor();
    private final Map<Integer, Deque<DefaultBHttpClientConnection>> idle = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * The answer of whoever listens on a loopback port. Names of its headers are lower case and sorted; those of the
     * connection and the date, which is no business of the simulated world, are left out.
     *
     * @throws java.net.ConnectException if nobody listens
     * @throws IOException if the connection breaks, or the thread is interrupted
     */
    HttpMessage.Response ask(int port, HttpMessage.Request request) throws IOException {
        DefaultBHttpClientConnection kept = take(port);
        if (kept != null) {
            try {
                return ask(kept, port, request);
            } catch (NoHttpResponseException | SocketException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                // It was closed while it was idle: the server has not seen the request.
            }
        }
        var socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(HttpEdge.loopback(), port), Math.toIntExact(CONNECT_LIMIT.toMillis()));
        return ask(connections.createConnection(socket), port, request);
    }

    private HttpMessage.Response ask(DefaultBHttpClientConnection connection, int port, HttpMessage.Request request)
            throws IOException {
        boolean keep = false;
        try {
            BasicClassicHttpRequest sent = message(port, request);
            var context = HttpCoreContext.create();
            HttpMessage.Response response;
            try (ClassicHttpResponse received = executor.execute(sent, connection, context)) {
                response = response(received);
                keep = !closed && DefaultConnectionReuseStrategy.INSTANCE.keepAlive(sent, received, context);
            }
            return response;
        } catch (HttpException e) {
            throw new IOException("not an answer of HTTP", e);
        } finally {
            if (keep) {
                give(port, connection);
            } else {
                connection.close();
            }
        }
    }

    private static BasicClassicHttpRequest message(int port, HttpMessage.Request request) {
        var message = new BasicClassicHttpRequest(request.method(), target(request));
        message.setHeader(HttpHeaders.HOST, "127.0.0.1:" + port);
        request.headers().forEach((name, value) -> {
            if (!OF_THE_CONNECTION.contains(name)) {
                message.addHeader(name, value);
            }
        });
        if (request.body().length > 0) {
            message.setHeader(HttpHeaders.CONTENT_LENGTH, request.body().length);
            String type = request.header("content-type");
            message.setEntity(
                    new ByteArrayEntity(request.body(), type == null ? null : ContentType.parseLenient(type)));
        }
        return message;
    }

    private static String target(HttpMessage.Request request) {
        String query = request.query().isEmpty()
                ? null
                : request.query().entrySet().stream()
                        .flatMap(entry -> entry.getValue().stream().map(value -> entry.getKey() + "=" + value))
                        .collect(Collectors.joining("&"));
        try {
            var uri = new URI("http", "127.0.0.1", request.path(), query, null);
            return uri.getRawPath() + (query == null ? "" : "?" + uri.getRawQuery());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not a path: " + request.path(), e);
        }
    }

    private static HttpMessage.Response response(ClassicHttpResponse received) throws IOException {
        byte[] body = received.getEntity() == null ? null : EntityUtils.toByteArray(received.getEntity());
        var headers = new TreeMap<String, String>();
        for (Header header : received.getHeaders()) {
            String name = header.getName().toLowerCase(Locale.ROOT);
            if (!OF_THE_CONNECTION.contains(name) && !name.equals("date")) {
                headers.merge(name, header.getValue(), (first, next) -> first + ", " + next);
            }
        }
        return new HttpMessage.Response(received.getCode(), headers, body == null ? new byte[0] : body);
    }

    private @Nullable DefaultBHttpClientConnection take(int port) {
        Deque<DefaultBHttpClientConnection> waiting = idle.get(port);
        if (waiting == null) {
            return null;
        }
        synchronized (waiting) {
            return waiting.pollLast();
        }
    }

    private void give(int port, DefaultBHttpClientConnection connection) throws IOException {
        Deque<DefaultBHttpClientConnection> waiting = idle.computeIfAbsent(port, p -> new ArrayDeque<>());
        synchronized (waiting) {
            if (!closed && waiting.size() < IDLE_MAX) {
                waiting.add(connection);
                return;
            }
        }
        connection.close();
    }

    /** Whoever listened there has ended: what is kept to it is closed. */
    void forget(int port) {
        Deque<DefaultBHttpClientConnection> waiting = idle.remove(port);
        if (waiting != null) {
            synchronized (waiting) {
                waiting.forEach(connection -> connection.close(org.apache.hc.core5.io.CloseMode.IMMEDIATE));
                waiting.clear();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        idle.keySet().forEach(this::forget);
    }
}
