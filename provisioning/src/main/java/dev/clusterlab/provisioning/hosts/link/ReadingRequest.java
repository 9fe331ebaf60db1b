package dev.clusterlab.provisioning.hosts.link;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of a request that only reads, written anew from what was understood of it: whatever is not understood does not leave.
 *
 * @param method {@code GET} or {@code HEAD}
 * @param target path and query
 * @param headers names and values of those that say how to answer
 */
record ReadingRequest(String method, String target, List<Header> headers) {
    /** One line of a head. */
    record Header(String name, String value) {}

    /** Why a request is not let through; to be told to whoever made it. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why);
        }
    }

    private static final int HEAD_MAX = 32_768;
    private static final Pattern LINE = Pattern.compile("([A-Z]{1,20}) (/[!-~]{0,8000}) HTTP/1\\.1");
    private static final Pattern FIELD =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}):[ \\t]*([\\x20-\\x7e]*?)[ \\t]*");
    private static final Pattern WAIT = Pattern.compile("wait=([0-9]{1,6})");

    /** Headers that change nothing but how the answer is written. */
    private static final Set<String> PASSING = Set.of("accept", "accept-encoding", "prefer", "user-agent");

    /**
     * Reads one.
     *
     * @param paths which paths may be asked
     * @param name by which whoever asks must call the door; empty where nobody but this user reaches it. A web page that got here by a
     *     name of its own has that one
     * @return empty at the end of the requests
     * @throws Refused if it is not a request that only reads one of these
     */
    static Optional<ReadingRequest> read(InputStream from, ReadingPaths paths, Optional<String> name)
            throws IOException, Refused {
        String head = head(from);
        if (head.isEmpty()) {
            return Optional.empty();
        }
        List<String> lines = List.of(head.split("\r\n", -1));
        Matcher line = LINE.matcher(lines.getFirst());
        if (!line.matches()) {
            throw new Refused("it is no request of HTTP/1.1");
        }
        String method = line.group(1);
        String target = line.group(2);
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw new Refused(method + " " + path(target) + " may change something");
        }
        if (!paths.allow(path(target))) {
            throw new Refused(path(target) + " is not among what is read here");
        }
        var headers = new ArrayList<Header>();
        var named = new ArrayList<String>();
        for (String each : lines.subList(1, lines.size())) {
            if (each.isEmpty()) {
                continue;
            }
            Matcher field = FIELD.matcher(each);
            if (!field.matches()) {
                throw new Refused("one of its headers is malformed");
            }
            String header = field.group(1).toLowerCase(Locale.ROOT);
            String value = field.group(2);
            if (header.equals("transfer-encoding") || (header.equals("content-length") && !value.equals("0"))) {
                throw new Refused("it has a body");
            }
            if (header.equals("host")) {
                named.add(value);
            }
            if (PASSING.contains(header)) {
                headers.add(new Header(field.group(1), value));
            }
        }
        if (name.isPresent() && !named.equals(List.of(name.get()))) {
            throw new Refused("it does not ask for " + name.get());
        }
        return Optional.of(new ReadingRequest(method, target, List.copyOf(headers)));
    }

    private static String path(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** Up to and without the empty line; empty text if nothing came. */
    private static String head(InputStream from) throws IOException, Refused {
        var bytes = new java.io.ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int read = from.read();
            if (read < 0) {
                return "";
            }
            bytes.write(read);
            if (bytes.size() > HEAD_MAX) {
                throw new Refused("its head is too long");
            }
            matched = read == "\r\n\r\n".charAt(matched) ? matched + 1 : (read == '\r' ? 1 : 0);
        }
        String text = bytes.toString(StandardCharsets.ISO_8859_1);
        return text.substring(0, text.length() - 4);
    }

    /** How long whoever asks waits for an answer, where it says so. */
    Optional<Duration> wait(Duration least) {
        for (Header header : headers) {
            Matcher wait = WAIT.matcher(header.value());
            if (header.name().equalsIgnoreCase("prefer") && wait.find()) {
                Duration said = Duration.ofSeconds(Long.parseLong(wait.group(1)));
                return Optional.of(said.compareTo(least) < 0 ? least : said);
            }
        }
        return Optional.empty();
    }

    /**
     * The bytes that leave.
     *
     * @param authority of whoever is asked, as it knows itself: whoever asked knows the door only
     */
    byte[] bytes(String authority) {
        var text = new StringBuilder(method)
                .append(' ')
                .append(target)
                .append(" HTTP/1.1\r\nHost: ")
                .append(authority)
                .append("\r\n");
        headers.forEach(header ->
                text.append(header.name()).append(": ").append(header.value()).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
