package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.core.HttpMessage;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads HTTP/1 requests from a connection (RFC 9112), with limits on everything. The head comes first, so that whoever may
 * not ask is told before anything of a body is taken; of a body only what has come takes memory, and only out of the
 * budget of all edges.
 */
final class RequestReader {
    static final int LINE_BYTES_MAX = 16 * 1024;
    static final int HEADERS_MAX = 128;
    static final int HEAD_BYTES_MAX = 64 * 1024;
    static final int BODY_BYTES_MAX = 16 * 1024 * 1024;
    private static final int EMPTY_LINES_MAX = 8;
    private static final int FIRST_BYTES = 8 * 1024;
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");
    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9A-Fa-f]{1,15}");
    /** May not come twice: two recipients would not agree on which of them counts. */
    private static final List<String> SINGLE = List.of("host", "content-length", "origin", "sec-fetch-site");

    private final ConnectionInput input;
    private final EdgeBudget budget;
    private final Interim sendContinue;
    private long heldBytes;
    private int headBytes;

    /** Writes the interim answer that some clients await before they send a body. */
    @FunctionalInterface
    interface Interim {
        void write() throws IOException;
    }

    RequestReader(ConnectionInput input, EdgeBudget budget, Interim sendContinue) {
        this.input = input;
        this.budget = budget;
        this.sendContinue = sendContinue;
    }

    /**
     * A request without its body.
     *
     * @param request its body is empty
     * @param version10 whether it is of HTTP/1.0
     */
    record Head(HttpMessage.Request request, boolean version10) {
        String header(String name) {
            String value = request.header(name);
            return value == null ? "" : value;
        }

        /** Whether a body follows. */
        boolean announcesBody() {
            return request.header("transfer-encoding") != null
                    || !header("content-length").matches("0*");
        }

        /** Whether the peer expects another answer on this connection after this one. */
        boolean keepsAlive() {
            String connection = header("connection").toLowerCase(Locale.ROOT);
            return version10 ? connection.contains("keep-alive") : !connection.contains("close");
        }
    }

    /** What was received is not a request, or more than may be. */
    static final class Malformed extends IOException {
        private static final long serialVersionUID = 1L;
        private final int status;

        Malformed(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /**
     * Reads the head of a request that has begun.
     *
     * @throws Malformed with the status to answer
     * @throws EOFException if the connection ends before its end
     */
    Head head() throws IOException {
        try {
            return readHead();
        } catch (SocketTimeoutException e) {
            throw new Malformed(408, "the request did not come to its end in time");
        }
    }

    /**
     * Reads the body of a request whose head was read; held in the budget until {@link #release}.
     *
     * @throws Malformed with the status to answer
     */
    HttpMessage.Request body(Head head) throws IOException {
        try {
            byte[] body = readBody(head);
            HttpMessage.Request request = head.request();
            return body.length == 0
                    ? request
                    : new HttpMessage.Request(
                            request.method(), request.path(), request.query(), request.headers(), body);
        } catch (SocketTimeoutException e) {
            throw new Malformed(408, "the body did not come to its end in time");
        }
    }

    /** The request has been served. */
    void release() {
        budget.received(heldBytes);
        heldBytes = 0;
    }

    private Head readHead() throws IOException {
        headBytes = 0;
        String line = line();
        for (int empty = 1; line.isEmpty(); empty++) {
            if (empty > EMPTY_LINES_MAX) {
                throw new Malformed(400, "malformed request line");
            }
            line = line();
        }
        String[] parts = line.split(" ", -1);
        if (parts.length != 3 || !TOKEN.matcher(parts[0]).matches()) {
            throw new Malformed(400, "malformed request line");
        }
        boolean version10 = parts[2].equals("HTTP/1.0");
        if (!version10 && !parts[2].equals("HTTP/1.1")) {
            throw new Malformed(505, "only HTTP/1.1 is spoken here");
        }
        Map<String, String> headers = headers();
        String target = parts[1];
        if (target.startsWith("http://")) {
            // RFC 9112, 3.2.2: the address of the target counts, not what Host says.
            int slash = target.indexOf('/', "http://".length());
            headers.put("host", target.substring("http://".length(), slash < 0 ? target.length() : slash));
            target = slash < 0 ? "/" : target.substring(slash);
        }
        if (!target.startsWith("/")) {
            throw new Malformed(400, "malformed request target");
        }
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        Map<String, List<String>> query = question < 0 ? Map.of() : query(target.substring(question + 1));
        return new Head(
                new HttpMessage.Request(
                        parts[0].toUpperCase(Locale.ROOT),
                        decode(path.replace("+", "%2B")),
                        query,
                        headers,
                        new byte[0]),
                version10);
    }

    private Map<String, String> headers() throws IOException {
        var headers = new LinkedHashMap<String, String>();
        for (int count = 0; ; count++) {
            String line = line();
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (count >= HEADERS_MAX) {
                throw new Malformed(431, "more than " + HEADERS_MAX + " headers");
            }
            if (colon <= 0 || !TOKEN.matcher(line.substring(0, colon)).matches()) {
                throw new Malformed(400, "malformed header");
            }
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (headers.containsKey(name) && SINGLE.contains(name)) {
                throw new Malformed(400, "header " + name + " given twice");
            }
            headers.merge(name, value, (first, second) -> first + ", " + second);
        }
    }

    private byte[] readBody(Head head) throws IOException {
        String encoding = head.request().header("transfer-encoding");
        String length = head.request().header("content-length");
        if (encoding == null && length == null) {
            return new byte[0];
        }
        if (encoding != null && length != null) {
            throw new Malformed(400, "both transfer-encoding and content-length given");
        }
        if (encoding != null && (head.version10() || !"chunked".equalsIgnoreCase(encoding))) {
            throw new Malformed(501, "this transfer-encoding is not understood");
        }
        int size = length == null ? 0 : size(length, DIGITS, 10);
        if ("100-continue".equalsIgnoreCase(head.header("expect"))) {
            sendContinue.write();
        }
        var body = new Growing();
        if (length != null) {
            body.append(size, size);
            return body.bytes();
        }
        while (true) {
            String line = line();
            int extension = line.indexOf(';');
            int chunk = size((extension < 0 ? line : line.substring(0, extension)).strip(), HEXADECIMAL, 16);
            if (chunk == 0) {
                break;
            }
            body.append(chunk, BODY_BYTES_MAX);
            if (!line().isEmpty()) {
                throw new Malformed(400, "malformed chunk");
            }
            // Chunk lines are framing, not head.
            headBytes = 0;
        }
        for (int count = 0; !line().isEmpty(); count++) {
            // Trailers carry nothing that anybody here reads.
            if (count >= HEADERS_MAX) {
                throw new Malformed(431, "more than " + HEADERS_MAX + " trailers");
            }
        }
        return body.bytes();
    }

    /** A body that takes as much memory as has come of it, up to twice that. */
    private final class Growing {
        private byte[] bytes = new byte[0];
        private int filled;

        /** Reads {@code count} more bytes; {@code endMax} is the most that all can become. */
        void append(int count, int endMax) throws IOException {
            if (count > BODY_BYTES_MAX - filled) {
                throw tooLarge();
            }
            int until = filled + count;
            while (filled < until) {
                // The wait comes before the memory for what is waited for.
                input.await();
                if (filled == bytes.length) {
                    grow(Math.min(endMax, Math.max(FIRST_BYTES, 2 * bytes.length)));
                }
                filled += input.readInto(bytes, filled, Math.min(until, bytes.length) - filled);
            }
        }

        private void grow(int capacity) throws Malformed {
            if (!budget.receive(capacity - bytes.length)) {
                throw new Malformed(503, "too many requests with large bodies at once; try again");
            }
            heldBytes += capacity - bytes.length;
            bytes = Arrays.copyOf(bytes, capacity);
        }

        byte[] bytes() {
            return filled == bytes.length ? bytes : Arrays.copyOf(bytes, filled);
        }
    }

    private static Malformed tooLarge() {
        return new Malformed(413, "body larger than " + BODY_BYTES_MAX + " bytes");
    }

    private static int size(String text, Pattern form, int radix) throws Malformed {
        if (!form.matcher(text).matches()) {
            throw new Malformed(400, "malformed length");
        }
        long size = Long.parseLong(text, radix);
        if (size > BODY_BYTES_MAX) {
            throw tooLarge();
        }
        return (int) size;
    }

    /** A line without its end, which is CR LF and nothing else. */
    private String line() throws IOException {
        var line = new StringBuilder();
        while (true) {
            int next = input.read();
            if (++headBytes > HEAD_BYTES_MAX) {
                throw new Malformed(431, "more than " + HEAD_BYTES_MAX + " bytes of headers");
            }
            if (next == '\r') {
                if (input.read() != '\n') {
                    throw new Malformed(400, "malformed line end");
                }
                return line.toString();
            }
            if ((next < ' ' && next != '\t') || next == 0x7f) {
                throw new Malformed(400, next == '\n' ? "malformed line end" : "a control character in a header");
            }
            if (line.length() >= LINE_BYTES_MAX) {
                throw new Malformed(431, "a line longer than " + LINE_BYTES_MAX + " bytes");
            }
            line.append((char) next);
        }
    }

    static Map<String, List<String>> query(String text) throws Malformed {
        try {
            return HttpMessage.Request.query(text);
        } catch (IllegalArgumentException e) {
            throw malformedEncoding();
        }
    }

    private static String decode(String text) throws Malformed {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw malformedEncoding();
        }
    }

    private static Malformed malformedEncoding() {
        return new Malformed(400, "malformed percent-encoding");
    }
}
