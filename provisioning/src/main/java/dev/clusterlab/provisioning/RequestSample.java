package dev.clusterlab.provisioning;

import dev.clusterlab.shell.curl.CurlFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One request that a client of the lab made, and what came of it.
 *
 * @param due engine time since the engine began at which it was to be made; for a client that promises no rate, at which it was
 * @param ended engine time since the engine began at which the client had its answer, or gave up
 * @param entry name of the machine that it went to, whose Traefik is to answer; empty text if it led nowhere
 * @param mark by which access logs name it, as {@link RequestMarks} says; empty text if by none
 * @param server URL of the server that Traefik passed it on to, as Traefik's own access log says; empty where nobody says so yet
 */
public record RequestSample(
        Duration due, Duration ended, String entry, Outcome outcome, String mark, Optional<String> server) {
    private static final Pattern INSTANCE = Pattern.compile("\\bon (?:[\\w.-]+:)?([\\w.-]+)");
    /** Characters at the beginning of an answer in which its instance is looked for. */
    private static final int NAME_WITHIN = 1_000;

    /** What a client got. */
    public sealed interface Outcome {}

    /**
     * An answer.
     *
     * @param status of HTTP
     * @param instance that answered, as it names itself; empty text if it does not
     */
    public record Answered(int status, String instance) implements Outcome {}

    /** None, because of {@code why}. */
    public record NoAnswer(CurlFailure why) implements Outcome {}

    /** What a client got who reads who answered in the answer itself. */
    public static Answered answered(int status, String body) {
        return new Answered(status, status == 200 ? instance(body) : "");
    }

    /** The instance that answered, as the hello service names itself ({@code … on democonsul:instance_…}); or empty. */
    private static String instance(String body) {
        Matcher matcher = INSTANCE.matcher(body.length() <= NAME_WITHIN ? body : body.substring(0, NAME_WITHIN));
        return matcher.find() ? matcher.group(1) : "";
    }

    /** One of which no access log tells. */
    public RequestSample(Duration due, Duration ended, String entry, Outcome outcome) {
        this(due, ended, entry, outcome, "", Optional.empty());
    }

    /** The same, after an access log has said to which server it was passed on. */
    public RequestSample passedOnTo(String url) {
        return new RequestSample(due, ended, entry, outcome, mark, Optional.of(url));
    }

    /** HTTP status; 0 for no answer. */
    public int status() {
        return switch (outcome) {
            case Answered answered -> answered.status();
            case NoAnswer none -> 0;
        };
    }

    /** The instance that answered, as it names itself; empty text if nobody says. */
    public String instance() {
        return switch (outcome) {
            case Answered answered -> answered.instance();
            case NoAnswer none -> "";
        };
    }

    /** Whether a client would call it a failure. */
    public boolean failed() {
        return status() == 0 || status() >= 400;
    }

    /** Engine time that the client waited. */
    public Duration took() {
        return ended.minus(due);
    }
}
