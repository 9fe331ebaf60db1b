package dev.clusterlab.shell.curl;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What came of a request; {@code took} is the cluster's time. */
public sealed interface CurlResult {
    Duration took();

    /**
     * An answer of any status.
     *
     * @param headers names in lower case
     * @param from who answered, for {@code -v}; empty if nobody knows
     */
    record Answer(int status, String reason, Map<String, List<String>> headers, String body, String from, Duration took)
            implements CurlResult {
        String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }
    }

    /** None; {@code text} is what stands behind {@code curl: (STATUS) }. */
    record NoAnswer(CurlFailure failure, String text, Duration took) implements CurlResult {}
}
