package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.core.HttpMessage;
import io.helidon.common.buffers.DataReader;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads HTTP/1 requests from a connection (RFC 9112), with limits on everything. */
final class RequestReader {
    private static final int LINE_MAX = 16 * 1024;
    private static final int HEADERS_MAX = 128;
    private static final int BODY_MAX = 64 * 1024 * 1024;
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private final DataReader reader;
    private final Runnable sendContinue;

    /** {@code sendContinue} writes the interim answer that some clients await before they send a body. */
    RequestReader(DataReader reader, Runnable sendContinue) {
        this.reader = reader;
        this.sendContinue = sendContinue;
    }

    /** A request as read, with what its first line said of the protocol's version. */
    record Read(HttpMessage.Request request, boolean version10) {
        String header(String name) {
            String value = request.header(name);
            return value == null ? "" : value;
        }

        /** Whether the peer expects another answer on this connection after this one. */
        boolean keepsAlive() {
            String connection = header("connection").toLowerCase(Locale.ROOT);
            return version10 ? connection.contains("keep-alive") : !connection.contains("close");
        }
    }

    /** What was received is not a request. */
    static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int status;

        Malformed(int status, String message) {
            super(message, null, false, false);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /** Waits for a request. Throws Helidon's InsufficientDataAvailableException at the end of the connection. */
    Read read() {
        String line = line();
        while (line.isEmpty()) {
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
        byte[] body = body(headers);
        String target = parts[1];
        if (target.startsWith("http://")) {
            int slash = target.indexOf('/', "http://".length());
            target = slash < 0 ? "/" : target.substring(slash);
        }
        if (!target.startsWith("/")) {
            throw new Malformed(400, "malformed request target");
        }
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        Map<String, List<String>> query = question < 0 ? Map.of() : query(target.substring(question + 1));
        return new Read(
                new HttpMessage.Request(
                        parts[0].toUpperCase(Locale.ROOT), decode(path.replace("+", "%2B")), query, headers, body),
                version10);
    }

    private Map<String, String> headers() {
        var headers = new LinkedHashMap<String, String>();
        for (int count = 0; ; count++) {
            String line = line();
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (count >= HEADERS_MAX) {
                throw new Malformed(431, "too many headers");
            }
            if (colon <= 0 || !TOKEN.matcher(line.substring(0, colon)).matches()) {
                throw new Malformed(400, "malformed header");
            }
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (headers.containsKey(name) && (name.equals("host") || name.equals("content-length"))) {
                throw new Malformed(400, "header " + name + " given twice");
            }
            headers.merge(name, value, (first, second) -> first + ", " + second);
        }
    }

    private byte[] body(Map<String, String> headers) {
        String encoding = headers.get("transfer-encoding");
        String length = headers.get("content-length");
        if (encoding == null && length == null) {
            return new byte[0];
        }
        if (encoding != null && length != null) {
            throw new Malformed(400, "both transfer-encoding and content-length given");
        }
        if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
            sendContinue.run();
        }
        if (length != null) {
            int size = size(length, 10);
            return readBytes(size);
        }
        if (!"chunked".equalsIgnoreCase(encoding)) {
            throw new Malformed(501, "transfer-encoding " + encoding + " is not understood");
        }
        var body = new ByteArrayOutputStream();
        while (true) {
            String line = line();
            int extension = line.indexOf(';');
            int size = size(extension < 0 ? line : line.substring(0, extension), 16);
            if (size == 0) {
                break;
            }
            if (body.size() + size > BODY_MAX) {
                throw new Malformed(413, "body larger than " + BODY_MAX + " bytes");
            }
            body.writeBytes(readBytes(size));
            line();
        }
        while (!line().isEmpty()) {
            // trailers carry nothing that anybody here reads
        }
        return body.toByteArray();
    }

    private byte[] readBytes(int size) {
        byte[] bytes = new byte[size];
        int filled = 0;
        while (filled < size) {
            reader.ensureAvailable();
            byte[] part = reader.readBytes(Math.min(size - filled, reader.available()));
            System.arraycopy(part, 0, bytes, filled, part.length);
            filled += part.length;
        }
        return bytes;
    }

    private static int size(String text, int radix) {
        try {
            long size = Long.parseLong(text.strip(), radix);
            if (size < 0) {
                throw new Malformed(400, "malformed length");
            }
            if (size > BODY_MAX) {
                throw new Malformed(413, "body larger than " + BODY_MAX + " bytes");
            }
            return (int) size;
        } catch (NumberFormatException e) {
            throw new Malformed(400, "malformed length");
        }
    }

    private String line() {
        try {
            reader.ensureAvailable();
            int end = reader.findNewLine(LINE_MAX);
            if (end == LINE_MAX) {
                throw new Malformed(431, "line longer than " + LINE_MAX + " bytes");
            }
            byte[] bytes = reader.readBytes(end);
            reader.skip(2);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (DataReader.IncorrectNewLineException e) {
            throw new Malformed(400, "malformed line end");
        }
    }

    static Map<String, List<String>> query(String text) {
        var query = new LinkedHashMap<String, List<String>>();
        for (String pair : text.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            query.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        }
        return query;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Malformed(400, "malformed percent-encoding");
        }
    }
}
