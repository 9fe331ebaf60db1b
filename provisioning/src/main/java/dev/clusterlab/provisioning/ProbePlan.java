package dev.clusterlab.provisioning;

import dev.clusterlab.provisioning.LabException.Kind;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a client of the platform asks, and at which instants: request number n, from 0, is due n / {@code perSecond} seconds after the
 * beginning and goes to entry n modulo their number, whatever became of those before.
 *
 * @param perSecond requests a second of engine time, 1 to {@link #RATE_MAX}
 * @param duration engine time in which requests are due, greater than 0, at most {@link #DURATION_MAX}
 * @param entries names of the machines that are asked in turn, at least one, at most {@link #ENTRIES_MAX}
 * @param port of these machines, as they publish it
 * @param path with its query; begins with a slash
 * @param headers by name as they are sent, {@code Host} among them
 * @param timeout engine time after the instant at which a request was due, when it counts as without an answer; at least 1 ms, at most
 *     {@link #TIMEOUT_MAX}
 */
public record ProbePlan(
        int perSecond,
        Duration duration,
        List<String> entries,
        int port,
        String path,
        Map<String, String> headers,
        Duration timeout) {
    /** Requests a second of engine time. */
    public static final int RATE_MAX = 5_000;

    public static final Duration DURATION_MAX = Duration.ofHours(1);
    public static final Duration TIMEOUT_MAX = Duration.ofMinutes(2);
    public static final int ENTRIES_MAX = 100;
    /** The port that clients of a platform use. */
    public static final int HTTP = 80;

    private static final Duration TIMEOUT_MIN = Duration.ofMillis(1);

    /** @throws LabException INPUT if something is out of its range */
    public ProbePlan {
        entries = List.copyOf(entries);
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        require(
                perSecond >= 1 && perSecond <= RATE_MAX,
                perSecond + " requests a second are not possible.",
                "Choose 1 to " + RATE_MAX + ".",
                "rate",
                perSecond,
                RATE_MAX);
        require(
                duration.isPositive() && duration.compareTo(DURATION_MAX) <= 0,
                "Traffic cannot last " + duration.toSeconds() + " s.",
                "Choose 1 s to " + DURATION_MAX.toSeconds() + " s.",
                "duration",
                duration.toSeconds(),
                DURATION_MAX.toSeconds());
        require(
                !entries.isEmpty() && entries.size() <= ENTRIES_MAX,
                "Traffic cannot go to " + entries.size() + " machines.",
                "Name 1 to " + ENTRIES_MAX + ".",
                "entries",
                entries.size(),
                ENTRIES_MAX);
        require(port >= 1 && port <= 65_535, "There is no port " + port + ".", "Choose 1 to 65535.", "port", port);
        require(path.startsWith("/"), path + " is not a path.", "A path begins with a slash.", "path", path);
        require(
                timeout.compareTo(TIMEOUT_MIN) >= 0 && timeout.compareTo(TIMEOUT_MAX) <= 0,
                "A request cannot be given up after " + timeout.toMillis() + " ms.",
                "Choose 1 ms to " + TIMEOUT_MAX.toSeconds() + " s.",
                "timeout",
                timeout.toMillis(),
                TIMEOUT_MAX.toSeconds());
    }

    private static void require(boolean fits, String what, String next, String name, Object... figures) {
        if (!fits) {
            throw new LabException(Kind.INPUT, what, next)
                    .named(
                            "probe." + name,
                            Stream.of(figures).map(String::valueOf).toArray(String[]::new));
        }
    }

    /** How many requests are due in all. */
    public long requests() {
        return Math.max(1, perSecond * duration.toMillis() / 1000);
    }

    /** Nanoseconds after the beginning at which a request is due. */
    public long dueNanos(long number) {
        return number * 1_000_000_000L / perSecond;
    }

    /** The machine that a request goes to. */
    public String entry(long number) {
        return entries.get((int) (number % entries.size()));
    }
}
