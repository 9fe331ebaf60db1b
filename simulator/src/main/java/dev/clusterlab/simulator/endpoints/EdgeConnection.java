package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection to an edge, on a virtual thread of its own: reads requests, lets them into the simulation and writes
 * what comes back.
 *
 * <p>What a server of a library does not offer, and is needed here: to close without any answer, to send a head long
 * before the first byte of its body, to notice a peer that goes away while it waits, to go on as a plain byte stream in
 * both directions after an answer 101 of the simulation, and to refuse by the head of a request before its body is taken.
 */
final class EdgeConnection {
    /** A waiting connection is watched for its peer going away only after this much wall-clock time. */
    private static final long WATCH_AFTER_NANOS = 20_000_000;
    /**
     * After the head of an upgraded connection nothing is sent for so long. A client that reads the head through a buffer of
     * its own, such as Python's, would lose what comes in one piece with it; a real engine takes longer to start a process.
     */
    private static final long HEAD_ALONE_MILLIS = 20;
    /** A peer that reads slower than the simulation writes is cut off when this many bytes wait for it. */
    private static final long UNSENT_BYTES_MAX = 64L * 1024 * 1024;
    /** A peer that still sends when it is refused shall read why before the connection ends. */
    private static final int DRAINED_BYTES_MAX = 1024 * 1024;

    private static final int DRAIN_MILLIS = 500;
    private static final int WRITE_BYTES = 64 * 1024;

    private static final System.Logger LOG = System.getLogger(EdgeConnection.class.getName());

    private final HttpEdge edge;
    private final Socket socket;
    private final EdgeBudget budget;
    private final ConnectionInput input;
    private final OutputStream output;
    private final Thread handler;
    private volatile boolean closing;
    /** 0 while a request is being read or served. */
    private volatile long idleSinceNanos = now();
    /** 0 while nothing is being written. */
    private volatile long writingSinceNanos;
    /** 0 while nothing is waited for. */
    private volatile long waitingSinceNanos;
    /** Of the request at hand. */
    private volatile @Nullable Items waitingFor;

    private @Nullable Thread watcher;
    private volatile boolean watching;
    private volatile boolean peerGone;
    /** The peer has sent more than is kept for later, so that its going away could not be noticed. */
    private volatile boolean crowded;
    /** The connection is upgraded: the peer may close its sending side and still read. */
    private volatile boolean inputMayEnd;
    /** Something of an answer to the request at hand was written: there can be no other answer. */
    private boolean answering;

    EdgeConnection(HttpEdge edge, Socket socket, EdgeBudget budget) throws IOException {
        this.edge = edge;
        this.socket = socket;
        this.budget = budget;
        this.input = new ConnectionInput(socket, budget.times());
        this.output = socket.getOutputStream();
        this.handler = Thread.ofVirtual().name("edge-connection").unstarted(this::handle);
    }

    void start() {
        handler.start();
    }

    /** There are too many connections. */
    void refuse() {
        Thread.ofVirtual().start(() -> {
            try {
                writeComplete(error(503, "too many connections at once"), false, false);
                linger();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "a connection was refused without a word", e);
            } finally {
                HttpEdge.closeQuietly(socket);
            }
        });
    }

    private static long now() {
        // 0 says "not now".
        return System.nanoTime() | 1;
    }

    private static long sinceNanos(long then) {
        return then == 0 ? -1 : System.nanoTime() - then;
    }

    /** How long it has waited for a request; negative while there is one. */
    long idleNanos() {
        return sinceNanos(idleSinceNanos);
    }

    /** For how long the peer has taken nothing of what is being written; negative if nothing is. */
    long writingNanos() {
        return sinceNanos(writingSinceNanos);
    }

    /** If it waits for an answer, and has for a while, it begins to watch its peer. Any thread. */
    void watchIfWaiting() {
        Items items = waitingFor;
        if (!watching && items != null && sinceNanos(waitingSinceNanos) > WATCH_AFTER_NANOS) {
            items.queue.add(new Item.Watch());
        }
    }

    private void handle() {
        try {
            converse();
        } catch (IOException e) {
            // The peer has gone: the usual end of a connection.
            LOG.log(System.Logger.Level.DEBUG, "a connection ended", e);
        } catch (InterruptedException e) {
            // Closed from this side.
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "a connection failed; the others go on", e);
            apologise();
        } finally {
            edge.closed(this);
            HttpEdge.closeQuietly(socket);
        }
    }

    private void converse() throws IOException, InterruptedException {
        var requests = new RequestReader(
                input, budget, () -> write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1)));
        boolean more = true;
        while (more && !closing) {
            input.relax();
            input.await();
            idleSinceNanos = 0;
            answering = false;
            input.hurry();
            try {
                more = serve(requests, requests.head());
            } catch (RequestReader.Malformed e) {
                writeComplete(error(e.status(), String.valueOf(e.getMessage())), false, false);
                linger();
                return;
            } finally {
                requests.release();
            }
            idleSinceNanos = now();
            more = more && unwatch();
        }
    }

    /** An answer where the connection itself failed. */
    private void apologise() {
        if (!answering && !closing) {
            try {
                writeComplete(error(500, "this request failed at the edge of the lab, which goes on"), false, false);
            } catch (IOException | RuntimeException e) {
                LOG.log(System.Logger.Level.DEBUG, "an answer could not be sent", e);
            }
        }
    }

    /** Lets the peer read what it was told although it has sent more than was read. */
    private void linger() throws IOException {
        socket.shutdownOutput();
        input.drain(DRAINED_BYTES_MAX, DRAIN_MILLIS);
    }

    /** Serves one request; whether the connection goes on. */
    private boolean serve(RequestReader requests, RequestReader.Head head) throws IOException, InterruptedException {
        boolean keep = head.keepsAlive();
        boolean headOnly = head.request().method().equals("HEAD");
        HostPolicy.@Nullable Refusal refusal =
                edge.hosts().refusal(head.request().headers(), head.version10(), edge.port());
        if (refusal != null) {
            return refuse(error(refusal.status(), refusal.message()), head, headOnly);
        }
        if (!edge.beginRequest()) {
            return refuse(error(503, "too many requests at once"), head, headOnly);
        }
        try {
            HttpMessage.Request request = requests.body(head);
            input.relax();
            return converse(request, head.version10(), headOnly, keep);
        } finally {
            edge.endRequest();
        }
    }

    /** Answers by the head of a request alone; a body that would follow is not read. */
    private boolean refuse(HttpMessage.Response response, RequestReader.Head head, boolean headOnly)
            throws IOException {
        boolean goesOn = head.keepsAlive() && !head.announcesBody();
        writeComplete(response, headOnly, goesOn);
        if (!goesOn) {
            linger();
        }
        return goesOn;
    }

    private boolean converse(HttpMessage.Request asked, boolean version10, boolean headOnly, boolean keep)
            throws IOException, InterruptedException {
        var answer = new Items(budget);
        OutsideRequest request = edge.submit(asked, answer);
        try {
            return hear(answer, request, version10, headOnly, keep);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            request.abandon();
            throw e;
        } finally {
            answer.discard();
        }
    }

    private boolean hear(Items answer, OutsideRequest request, boolean version10, boolean headOnly, boolean keep)
            throws IOException, InterruptedException {
        Item first = next(answer, request);
        return switch (first) {
            case Item.Gone() -> {
                request.abandon();
                yield false;
            }
            case Item.Complete(HttpMessage.Response response) -> {
                writeComplete(response, headOnly, keep);
                yield keep;
            }
            case Item.Head(HttpMessage.Response response) -> stream(response, answer, request, version10, keep);
            // A refused or broken connection gives no answer; a client on loopback can see no better difference.
            case Item.Failed(HttpExchange.Failure failure) -> false;
            case Item.Watch() -> throw new IllegalStateException("no piece of an answer");
            case Item.Bytes(byte[] bytes) -> throw new IllegalStateException("body before its head");
            case Item.End() -> throw new IllegalStateException("end before a head");
        };
    }

    private boolean stream(
            HttpMessage.Response response, Items answer, OutsideRequest request, boolean version10, boolean keep)
            throws IOException, InterruptedException {
        boolean upgraded = response.status() == 101;
        boolean sized = response.headers().containsKey("content-length");
        boolean chunked = !upgraded && !sized && !version10;
        boolean goesOn = keep && !upgraded && (sized || chunked);
        Map<String, String> extra = upgraded
                ? Map.of()
                : chunked
                        ? Map.of("transfer-encoding", "chunked", "connection", goesOn ? "keep-alive" : "close")
                        : Map.of("connection", goesOn ? "keep-alive" : "close");
        inputMayEnd = upgraded;
        write(head(response, upgraded ? "UPGRADED" : reason(response.status()), extra));
        if (upgraded) {
            pump(request);
            Thread.sleep(HEAD_ALONE_MILLIS);
        }
        while (true) {
            switch (next(answer, request)) {
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
                    return goesOn;
                }
                case Item.Failed(HttpExchange.Failure failure) -> {
                    return false;
                }
                case Item.Watch() -> throw new IllegalStateException("no piece of an answer");
                case Item.Complete(HttpMessage.Response again) -> throw new IllegalStateException("second answer");
                case Item.Head(HttpMessage.Response again) -> throw new IllegalStateException("second head");
            }
        }
    }

    /** The next piece of the answer; Gone if the peer has gone or the edge closes meanwhile. */
    private Item next(Items answer, OutsideRequest request) throws InterruptedException {
        @Nullable Item item = answer.queue.poll();
        while (item == null) {
            if (closing || answer.overflow || ((peerGone || crowded) && request.lasting())) {
                return new Item.Gone();
            }
            switch (await(answer)) {
                case Item.Gone() -> {}
                case Item.Watch() -> watchPeer(answer);
                case null -> {}
                case Item come -> item = come;
            }
        }
        return item;
    }

    /** Without a time limit, which costs more than most answers: whoever keeps the limits of edges looks after those that wait. */
    private @Nullable Item await(Items answer) throws InterruptedException {
        waitingFor = answer;
        waitingSinceNanos = now();
        try {
            return peerGone || crowded ? answer.queue.poll(1, TimeUnit.SECONDS) : answer.queue.take();
        } finally {
            waitingSinceNanos = 0;
            waitingFor = null;
        }
    }

    private void watchPeer(Items answer) {
        if (watcher == null) {
            watching = true;
            watcher = Thread.ofVirtual().name("edge-watch").start(() -> watch(answer));
        }
    }

    /** Waits until the peer goes away. Nobody else reads meanwhile; what it sends is kept for later. */
    private void watch(Items answer) {
        try {
            input.awaitEnd(() -> watching && !inputMayEnd);
            if (input.full() && !inputMayEnd) {
                crowded = true;
                answer.queue.add(new Item.Gone());
            }
        } catch (IOException e) {
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
            watching = false;
            watcher.join();
            watcher = null;
        }
        crowded = false;
        return !peerGone || input.holds();
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
                    request.input(input.readSome(Integer.MAX_VALUE));
                }
            } catch (IOException | InterruptedException e) {
                // The peer may close only its sending side, as docker exec does at the end of its input.
                request.inputEnded();
            }
        });
    }

    private static HttpMessage.Response error(int status, String message) {
        return HttpMessage.Response.json(status, Map.of("message", message));
    }

    private void writeComplete(HttpMessage.Response response, boolean headOnly, boolean keep) throws IOException {
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

    /** As Go's net/http, which the real ones use, names them. */
    private static String reason(int status) {
        return switch (status) {
            case 100 -> "Continue";
            case 101 -> "Switching Protocols";
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 304 -> "Not Modified";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 406 -> "Not Acceptable";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 410 -> "Gone";
            case 412 -> "Precondition Failed";
            case 413 -> "Request Entity Too Large";
            case 415 -> "Unsupported Media Type";
            case 418 -> "I'm a teapot";
            case 422 -> "Unprocessable Entity";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 499 -> "Client Closed Request";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            default -> "status code " + status;
        };
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

    private void write(byte[] bytes) throws IOException {
        answering = true;
        writingSinceNanos = now();
        // In pieces: a peer that takes them slowly is not one that takes none.
        for (int at = 0; at < bytes.length; at += WRITE_BYTES) {
            output.write(bytes, at, Math.min(WRITE_BYTES, bytes.length - at));
            writingSinceNanos = now();
        }
        writingSinceNanos = 0;
    }

    /** Ends the connection, whatever it does; any thread. */
    void close() {
        closing = true;
        HttpEdge.closeQuietly(socket);
        handler.interrupt();
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

        /** Nothing to send: whoever waits has waited so long that it should watch its peer. */
        record Watch() implements Item {}
    }

    private static final class Items implements Answer {
        final LinkedBlockingQueue<Item> queue = new LinkedBlockingQueue<>();
        private final EdgeBudget budget;
        private long unsentBytes;
        private boolean discarded;
        volatile boolean overflow;

        Items(EdgeBudget budget) {
            this.budget = budget;
        }

        /** Takes bytes in; false if the peer has got too far behind, or nobody wants them any more. */
        private synchronized boolean take(int bytes) {
            if (discarded || overflow) {
                return false;
            }
            if (unsentBytes + bytes > UNSENT_BYTES_MAX || !budget.send(bytes)) {
                overflow = true;
                queue.clear();
                queue.add(new Item.Failed(HttpExchange.Failure.RESET));
                return false;
            }
            unsentBytes += bytes;
            return true;
        }

        synchronized void sent(int bytes) {
            if (!discarded) {
                unsentBytes -= bytes;
                budget.sent(bytes);
            }
        }

        /** Nobody reads any more. */
        synchronized void discard() {
            discarded = true;
            budget.sent(unsentBytes);
            unsentBytes = 0;
        }

        @Override
        public void complete(HttpMessage.Response response) {
            if (take(response.body().length)) {
                queue.add(new Item.Complete(response));
            }
        }

        @Override
        public void head(HttpMessage.Response head) {
            queue.add(new Item.Head(head));
        }

        @Override
        public void bytes(byte[] bytes) {
            if (take(bytes.length)) {
                queue.add(new Item.Bytes(bytes));
            }
        }

        @Override
        public void end() {
            if (!overflow) {
                queue.add(new Item.End());
            }
        }

        @Override
        public void failed(HttpExchange.Failure failure) {
            queue.add(new Item.Failed(failure));
        }
    }
}
