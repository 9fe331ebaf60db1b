package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.SocketWriterException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One connection to an edge, on a virtual thread of Helidon's: reads requests, lets them into the simulation and writes
 * what comes back.
 *
 * <p>Helidon's own HTTP/1 connection is not used because four things are needed that it does not offer: to close
 * without any answer, to send a head long before the first byte of its body, to notice a peer that goes away while it
 * waits, and to go on as a plain byte stream in both directions after an answer 101 of the simulation.
 */
final class EdgeConnection implements ServerConnection {
    /** A waiting connection is watched for its peer going away only after this much wall-clock time. */
    private static final long WATCH_AFTER_MILLIS = 20;
    /** A peer that reads slower than the simulation writes is cut off when this many bytes wait for it. */
    private static final long UNSENT_BYTES_MAX = 64L * 1024 * 1024;

    private final HttpEdge edge;
    private final ConnectionContext context;
    private final DataReader reader;
    private final DataWriter writer;
    private volatile boolean closing;
    private volatile long idleSinceNanos = System.nanoTime();
    private volatile @Nullable Thread handler;
    private @Nullable Thread watcher;
    private volatile boolean peerGone;
    /** The connection is upgraded: the peer may close its sending side and still read. */
    private volatile boolean inputMayEnd;

    EdgeConnection(HttpEdge edge, ConnectionContext context) {
        this.edge = edge;
        this.context = context;
        this.reader = context.dataReader();
        this.writer = context.dataWriter();
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        handler = Thread.currentThread();
        edge.opened(this);
        try {
            var requests = new RequestReader(
                    reader, () -> write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1)));
            boolean more = true;
            while (more && !closing) {
                RequestReader.Read read;
                try {
                    read = requests.read();
                } catch (RequestReader.Malformed e) {
                    writeComplete(error(e.status(), String.valueOf(e.getMessage())), false, false);
                    return;
                }
                idleSinceNanos = 0;
                more = serve(read);
                idleSinceNanos = System.nanoTime();
            }
        } catch (DataReader.InsufficientDataAvailableException | UncheckedIOException | SocketWriterException e) {
            // The peer has gone: the usual end of a connection.
        } catch (InterruptedException e) {
            if (!closing) {
                throw e;
            }
        } finally {
            edge.closed(this);
        }
    }

    /** Serves one request; whether the connection goes on. */
    private boolean serve(RequestReader.Read read) throws InterruptedException {
        boolean keep = read.keepsAlive();
        boolean head = read.request().method().equals("HEAD");
        HttpMessage.@Nullable Response refusal = refusal(read);
        if (refusal != null) {
            writeComplete(refusal, head, keep);
            return keep;
        }
        if (!edge.begin()) {
            writeComplete(error(503, "too many requests at once"), head, keep);
            return keep;
        }
        try {
            return converse(read, head, keep);
        } finally {
            edge.end();
        }
    }

    private boolean converse(RequestReader.Read read, boolean head, boolean keep) throws InterruptedException {
        var answer = new Items();
        OutsideRequest request = edge.submit(read.request(), answer);
        Item first;
        try {
            first = next(answer, request);
        } catch (InterruptedException e) {
            request.abandon();
            throw e;
        }
        return switch (first) {
            case Item.Gone() -> {
                request.abandon();
                yield false;
            }
            case Item.Complete(HttpMessage.Response response) -> {
                writeComplete(response, head, keep);
                yield keep && unwatch();
            }
            case Item.Head(HttpMessage.Response response) -> stream(read, response, answer, request, keep);
            // A refused or broken connection gives no answer; a client on loopback can see no better difference.
            case Item.Failed(HttpExchange.Failure failure) -> false;
            case Item.Bytes(byte[] bytes) -> throw new IllegalStateException("body before its head");
            case Item.End() -> throw new IllegalStateException("end before a head");
        };
    }

    private boolean stream(
            RequestReader.Read read, HttpMessage.Response response, Items answer, OutsideRequest request, boolean keep)
            throws InterruptedException {
        boolean upgraded = response.status() == 101;
        boolean sized = response.headers().containsKey("content-length");
        boolean chunked = !upgraded && !sized && !read.version10();
        boolean goesOn = keep && !upgraded && (sized || chunked);
        Map<String, String> extra = upgraded
                ? Map.of()
                : chunked
                        ? Map.of("transfer-encoding", "chunked", "connection", goesOn ? "keep-alive" : "close")
                        : Map.of("connection", goesOn ? "keep-alive" : "close");
        inputMayEnd = upgraded;
        try {
            write(head(response, upgraded ? "UPGRADED" : reason(response.status()), extra));
            if (upgraded) {
                pump(request);
            }
            while (true) {
                Item item = next(answer, request);
                switch (item) {
                    case Item.Gone() -> {
                        request.abandon();
                        return false;
                    }
                    case Item.Bytes(byte[] bytes) -> {
                        write(chunked ? chunk(bytes) : bytes);
                        answer.sent(bytes.length);
                    }
                    case Item.End() -> {
                        if (chunked) {
                            write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                        }
                        return goesOn && unwatch();
                    }
                    case Item.Failed(HttpExchange.Failure failure) -> {
                        return false;
                    }
                    case Item.Complete(HttpMessage.Response again) -> throw new IllegalStateException("second answer");
                    case Item.Head(HttpMessage.Response again) -> throw new IllegalStateException("second head");
                }
            }
        } catch (RuntimeException | InterruptedException e) {
            request.abandon();
            throw e;
        }
    }

    /** The next piece of the answer; Gone if the peer has gone or the edge closes meanwhile. */
    private Item next(Items answer, OutsideRequest request) throws InterruptedException {
        @Nullable Item item = answer.queue.poll(WATCH_AFTER_MILLIS, TimeUnit.MILLISECONDS);
        while (item == null) {
            if (closing || answer.overflow || (peerGone && request.lasting())) {
                return new Item.Gone();
            }
            if (watcher == null) {
                watcher = Thread.ofVirtual().name("edge-watch").start(() -> watch(answer));
            }
            item = peerGone ? answer.queue.poll(1, TimeUnit.SECONDS) : answer.queue.take();
            if (item instanceof Item.Gone) {
                item = null;
            }
        }
        return item;
    }

    /** Waits until the peer sends something or goes away. Nobody else reads meanwhile. */
    private void watch(Items answer) {
        try {
            reader.ensureAvailable();
        } catch (RuntimeException e) {
            // On an upgraded connection this is only the end of its input: the output is still wanted.
            if (!inputMayEnd) {
                peerGone = true;
                answer.queue.add(new Item.Gone());
            }
        }
    }

    /** Waits until the watcher no longer reads: the next request has begun, or the peer has gone. */
    private boolean unwatch() throws InterruptedException {
        if (watcher != null) {
            idleSinceNanos = System.nanoTime();
            watcher.join();
            watcher = null;
        }
        return !peerGone;
    }

    /** Hands on what the peer sends on an upgraded connection. */
    private void pump(OutsideRequest request) throws InterruptedException {
        Thread before = watcher;
        watcher = Thread.ofVirtual().name("edge-input").start(() -> {
            try {
                if (before != null) {
                    before.join();
                }
                while (true) {
                    reader.ensureAvailable();
                    request.input(reader.readBytes(reader.available()));
                }
            } catch (RuntimeException | InterruptedException e) {
                // The peer may close only its sending side, as docker exec does at the end of its input.
                request.inputEnded();
            }
        });
    }

    private HttpMessage.@Nullable Response refusal(RequestReader.Read read) {
        String host = read.header("host");
        HostPolicy policy = edge.hosts();
        if (!policy.accepts(host)) {
            return error(
                    403,
                    "Host \"" + host + "\" is not accepted here: it must be " + policy.expected()
                            + " (protects the lab against web pages from elsewhere)");
        }
        String origin = read.header("origin");
        if (!origin.isEmpty()) {
            int scheme = origin.indexOf("://");
            if (scheme < 0 || !policy.accepts(origin.substring(scheme + 3))) {
                return error(403, "requests from pages of " + origin + " are not accepted here");
            }
        }
        return null;
    }

    private static HttpMessage.Response error(int status, String message) {
        return HttpMessage.Response.json(status, Map.of("message", message));
    }

    private void writeComplete(HttpMessage.Response response, boolean headOnly, boolean keep) {
        boolean bodiless = response.status() == 204 || response.status() == 304 || response.status() < 200;
        var extra = new java.util.LinkedHashMap<String, String>();
        if (!bodiless && !response.headers().containsKey("content-length")) {
            extra.put("content-length", String.valueOf(response.body().length));
        }
        extra.put("connection", keep ? "keep-alive" : "close");
        byte[] head = head(response, reason(response.status()), extra);
        if (headOnly || bodiless || response.body().length == 0) {
            write(head);
        } else {
            byte[] all = java.util.Arrays.copyOf(head, head.length + response.body().length);
            System.arraycopy(response.body(), 0, all, head.length, response.body().length);
            write(all);
        }
    }

    private static byte[] head(HttpMessage.Response response, String reason, Map<String, String> extra) {
        var text = new StringBuilder(256);
        text.append("HTTP/1.1 ")
                .append(response.status())
                .append(' ')
                .append(reason)
                .append("\r\n");
        response.headers().forEach((name, value) -> {
            if (!extra.containsKey(name) && !(name.equals("transfer-encoding"))) {
                header(text, name, value);
            }
        });
        extra.forEach((name, value) -> header(text, name, value));
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Names are written as people are used to see them: {@code Content-Type}. Line breaks cannot get in. */
    private static void header(StringBuilder text, String name, String value) {
        boolean upper = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            text.append(upper ? Character.toUpperCase(c) : c);
            upper = c == '-';
        }
        text.append(": ").append(value.replace('\r', ' ').replace('\n', ' ')).append("\r\n");
    }

    private static String reason(int status) {
        return io.helidon.http.Status.create(status).reasonPhrase();
    }

    private static byte[] chunk(byte[] bytes) {
        var out = new ByteArrayOutputStream(bytes.length + 16);
        out.writeBytes((Integer.toHexString(bytes.length).toLowerCase(Locale.ROOT) + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(bytes);
        out.write('\r');
        out.write('\n');
        return out.toByteArray();
    }

    private void write(byte[] bytes) {
        writer.writeNow(BufferData.create(bytes));
    }

    @Override
    public Duration idleTime() {
        long since = idleSinceNanos;
        return since == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    @Override
    public void close(boolean interrupt) {
        closing = true;
        Thread thread = handler;
        if (thread != null && (interrupt || idleSinceNanos != 0)) {
            try {
                context.serverSocket().close();
            } catch (UncheckedIOException e) {
                // closed already, by the peer or by another closer
            }
            thread.interrupt();
        }
    }

    /** A piece of an answer on its way from the simulation's thread to the connection's. */
    private sealed interface Item {
        record Complete(HttpMessage.Response response) implements Item {}

        record Head(HttpMessage.Response response) implements Item {}

        record Bytes(byte[] bytes) implements Item {}

        record End() implements Item {}

        record Failed(HttpExchange.Failure failure) implements Item {}

        /** Nothing to send: the peer may have gone. */
        record Gone() implements Item {}
    }

    private static final class Items implements Answer {
        final LinkedBlockingQueue<Item> queue = new LinkedBlockingQueue<>();
        private final AtomicLong unsentBytes = new AtomicLong();
        volatile boolean overflow;

        void sent(int bytes) {
            unsentBytes.addAndGet(-bytes);
        }

        @Override
        public void complete(HttpMessage.Response response) {
            queue.add(new Item.Complete(response));
        }

        @Override
        public void head(HttpMessage.Response head) {
            queue.add(new Item.Head(head));
        }

        @Override
        public void bytes(byte[] bytes) {
            if (unsentBytes.addAndGet(bytes.length) > UNSENT_BYTES_MAX) {
                overflow = true;
                queue.clear();
                queue.add(new Item.Failed(HttpExchange.Failure.RESET));
            } else if (!overflow) {
                queue.add(new Item.Bytes(bytes));
            }
        }

        @Override
        public void end() {
            queue.add(new Item.End());
        }

        @Override
        public void failed(HttpExchange.Failure failure) {
            queue.add(new Item.Failed(failure));
        }
    }
}
