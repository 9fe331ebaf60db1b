package dev.clusterlab.provisioning.hosts.link;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of a request, as far as it can be understood in one way only.
 *
 * @param target path and query
 */
record RequestHead(String method, String target, List<ReadingRequest.Header> headers) {
    private static final int HEAD_MAX = 32_768;
    private static final int BODY_MAX = 262_144;
    private static final Pattern LINE = Pattern.compile("([A-Z]{1,20}) (/[!-~]{0,8000}) HTTP/1\\.1");
    private static final Pattern FIELD =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}):[ \\t]*([\\x20-\\x7e]*?)[ \\t]*");

    /**
     * Reads one.
     *
     * @return empty at the end of the requests
     * @throws ReadingRequest.Refused if it is malformed, or too long
     */
    static Optional<RequestHead> read(InputStream from) throws IOException, ReadingRequest.Refused {
        String head = line(from, "\r\n\r\n");
        if (head.isEmpty()) {
            return Optional.empty();
        }
        List<String> lines = List.of(head.split("\r\n", -1));
        Matcher line = LINE.matcher(lines.getFirst());
        if (!line.matches()) {
            throw new ReadingRequest.Refused("it is no request of HTTP/1.1");
        }
        var headers = new ArrayList<ReadingRequest.Header>();
        for (String each : lines.subList(1, lines.size())) {
            if (each.isEmpty()) {
                continue;
            }
            Matcher field = FIELD.matcher(each);
            if (!field.matches()) {
                throw new ReadingRequest.Refused("one of its headers is malformed");
            }
            headers.add(new ReadingRequest.Header(field.group(1), field.group(2)));
        }
        return Optional.of(new RequestHead(line.group(1), line.group(2), List.copyOf(headers)));
    }

    /** Up to and without {@code end}; empty text if nothing came. */
    private static String line(InputStream from, String end) throws IOException, ReadingRequest.Refused {
        var bytes = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < end.length()) {
            int read = from.read();
            if (read < 0) {
                return "";
            }
            bytes.write(read);
            if (bytes.size() > HEAD_MAX) {
                throw new ReadingRequest.Refused("its head is too long");
            }
            matched = read == end.charAt(matched) ? matched + 1 : (read == '\r' ? 1 : 0);
        }
        String text = bytes.toString(StandardCharsets.ISO_8859_1);
        return text.substring(0, text.length() - end.length());
    }

    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** Without its mark; empty text if there is none. */
    String query() {
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query + 1);
    }

    /** Of every header of that name, in small letters. */
    List<String> values(String name) {
        return headers.stream()
                .filter(header -> header.name().toLowerCase(Locale.ROOT).equals(name))
                .map(ReadingRequest.Header::value)
                .toList();
    }

    /** Whether anything follows the head, or may. */
    boolean hasBody() {
        return !values("transfer-encoding").isEmpty()
                || values("content-length").stream().anyMatch(length -> !length.equals("0"));
    }

    /**
     * Reads what follows the head.
     *
     * @throws ReadingRequest.Refused if its end is not certain, or it is longer than 256 KiB
     */
    byte[] body(InputStream from) throws IOException, ReadingRequest.Refused {
        List<String> codings = values("transfer-encoding");
        List<String> lengths = values("content-length");
        if (codings.size() + lengths.size() > 1) {
            throw new ReadingRequest.Refused("where its body ends can be understood in two ways");
        }
        if (!lengths.isEmpty()) {
            return exactly(from, number(lengths.getFirst(), 10));
        }
        if (codings.isEmpty()) {
            return new byte[0];
        }
        if (!codings.getFirst().equalsIgnoreCase("chunked")) {
            throw new ReadingRequest.Refused("its body has a coding that is not known here");
        }
        return chunked(from);
    }

    private static byte[] chunked(InputStream from) throws IOException, ReadingRequest.Refused {
        var whole = new ByteArrayOutputStream();
        while (true) {
            byte[] chunk = exactly(from, number(line(from, "\r\n"), 16));
            if (!line(from, "\r\n").isEmpty()) {
                throw new ReadingRequest.Refused("its body is malformed");
            }
            if (chunk.length == 0) {
                return whole.toByteArray();
            }
            whole.writeBytes(chunk);
            if (whole.size() > BODY_MAX) {
                throw new ReadingRequest.Refused("its body is too long");
            }
        }
    }

    private static byte[] exactly(InputStream from, int length) throws IOException, ReadingRequest.Refused {
        byte[] bytes = from.readNBytes(length);
        if (bytes.length < length) {
            throw new ReadingRequest.Refused("its body breaks off");
        }
        return bytes;
    }

    private static int number(String digits, int radix) throws ReadingRequest.Refused {
        if (!digits.matches("[0-9A-Fa-f]{1,6}")) {
            throw new ReadingRequest.Refused("its body has no length");
        }
        try {
            int number = Integer.parseInt(digits, radix);
            if (number <= BODY_MAX) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new ReadingRequest.Refused("its body has no length");
        }
        throw new ReadingRequest.Refused("its body is too long");
    }
}
