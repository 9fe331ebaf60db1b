package dev.clusterlab.simulator.consul;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a check is made: exactly one of HTTP, TCP and TTL.
 *
 * @param initialStatus the status that was asked for at first, or null for the default
 * @param deregisterAfter how long critical before its service goes, or null for never
 */
record CheckDefinition(
        @Nullable String http,
        String method,
        @Nullable String tcp,
        @Nullable Duration ttl,
        Duration interval,
        Duration timeout,
        @Nullable String initialStatus,
        @Nullable Duration deregisterAfter) {
    static final Duration INTERVAL_MIN = Duration.ofSeconds(1);
    static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(10);
    static final Duration DEREGISTER_MIN = Duration.ofMinutes(1);

    static final CheckDefinition NONE =
            new CheckDefinition(null, "GET", null, null, INTERVAL_MIN, TIMEOUT_DEFAULT, null, null);

    /** As the API names it. */
    String type() {
        return http != null ? "http" : tcp != null ? "tcp" : ttl != null ? "ttl" : "";
    }
}
