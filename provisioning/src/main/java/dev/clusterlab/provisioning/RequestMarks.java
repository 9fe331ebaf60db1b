package dev.clusterlab.provisioning;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the requests of one plan are told apart in a Traefik's access log: each has a {@code User-Agent} of its own, its mark, such as
 * {@code clusterlab/3.17}. Immutable.
 */
public final class RequestMarks {
    private static final String USER_AGENT = "User-Agent";
    private static final String PRODUCT = "clusterlab/";
    /** The end of a line: … "User-Agent" number "router" "server" 12ms. */
    private static final Pattern LINE =
            Pattern.compile("\"(clusterlab/[0-9a-z]+\\.[0-9]+)\" [0-9]+ \"[^\"]*\" \"([^\"]+)\" [0-9]+ms\\s*$");

    private final Map<String, String> headers;
    private final String series;

    /**
     * What an access log says of one request.
     *
     * @param mark of the request
     * @param server URL of the server that it was passed on to
     */
    public record PassedOn(String mark, String server) {}

    private RequestMarks(Map<String, String> headers, String series) {
        this.headers = headers;
        this.series = series;
    }

    /**
     * Marks for a plan's requests; none for one that has a {@code User-Agent} of its own.
     *
     * @param series told from all others of its engine; digits and small letters
     */
    public static RequestMarks of(ProbePlan plan, String series) {
        boolean taken = plan.headers().keySet().stream().anyMatch(USER_AGENT::equalsIgnoreCase);
        return new RequestMarks(plan.headers(), taken ? "" : PRODUCT + series + ".");
    }

    /** That of a request; empty text if there are none. */
    public String mark(long number) {
        return series.isEmpty() ? "" : series + number;
    }

    /** The headers of a request with this mark. */
    public Map<String, String> headers(String mark) {
        if (mark.isEmpty()) {
            return headers;
        }
        var marked = new LinkedHashMap<>(headers);
        marked.put(USER_AGENT, mark);
        return marked;
    }

    /** What a line in Traefik's common format says of a marked request; empty for all other lines, and if no server was tried. */
    public static Optional<PassedOn> read(String line) {
        if (!line.contains(PRODUCT)) {
            return Optional.empty();
        }
        Matcher matcher = LINE.matcher(line);
        return matcher.find() && !matcher.group(2).equals("-")
                ? Optional.of(new PassedOn(matcher.group(1), matcher.group(2)))
                : Optional.empty();
    }
}
