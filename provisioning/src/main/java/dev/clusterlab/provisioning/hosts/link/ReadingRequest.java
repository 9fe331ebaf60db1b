package dev.clusterlab.provisioning.hosts.link;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
record ReadingRequest(String method, String target, List<Header> headers) implements RequestDoor.Request {
    /** One line of a head. */
    record Header(String name, String value) {}

    /** Why a request is not let through; to be told to whoever made it. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why);
        }
    }

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
        Optional<RequestHead> head = RequestHead.read(from);
        return head.isEmpty() ? Optional.empty() : Optional.of(of(head.get(), paths, name));
    }

    /** Of a head; see {@link #read}. */
    static ReadingRequest of(RequestHead head, ReadingPaths paths, Optional<String> name) throws Refused {
        if (!head.method().equals("GET") && !head.method().equals("HEAD")) {
            throw new Refused(head.method() + " " + head.path() + " may change something");
        }
        if (!paths.allow(head.path())) {
            throw new Refused(head.path() + " is not among what is read here");
        }
        if (head.hasBody()) {
            throw new Refused("it has a body");
        }
        if (name.isPresent() && !head.values("host").equals(List.of(name.get()))) {
            throw new Refused("it does not ask for " + name.get());
        }
        return new ReadingRequest(head.method(), head.target(), passing(head));
    }

    /** Those of the headers that may pass. */
    static List<Header> passing(RequestHead head) {
        return head.headers().stream()
                .filter(header -> PASSING.contains(header.name().toLowerCase(Locale.ROOT)))
                .toList();
    }

    @Override
    public Optional<Duration> wait(Duration least) {
        return wait(headers, least);
    }

    static Optional<Duration> wait(List<Header> headers, Duration least) {
        for (Header header : headers) {
            Matcher wait = WAIT.matcher(header.value());
            if (header.name().equalsIgnoreCase("prefer") && wait.find()) {
                Duration said = Duration.ofSeconds(Long.parseLong(wait.group(1)));
                return Optional.of(said.compareTo(least) < 0 ? least : said);
            }
        }
        return Optional.empty();
    }

    @Override
    public byte[] bytes(String authority) {
        return head(method, target, authority, headers)
                .append("\r\n")
                .toString()
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A head up to its last header. */
    static StringBuilder head(String method, String target, String authority, List<Header> headers) {
        var text = new StringBuilder(method)
                .append(' ')
                .append(target)
                .append(" HTTP/1.1\r\nHost: ")
                .append(authority)
                .append("\r\n");
        headers.forEach(header ->
                text.append(header.name()).append(": ").append(header.value()).append("\r\n"));
        return text;
    }
}
