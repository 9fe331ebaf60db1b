package dev.clusterlab.simulator.consul;

import dev.clusterlab.shell.text.GoDuration;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Durations in requests, which may be none. */
final class Durations {
    private Durations() {}

    /** The duration, or null if the text is none. */
    static @Nullable Duration parse(String text) {
        try {
            return GoDuration.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** As Go prints it. */
    static String format(Duration duration) {
        return GoDuration.format(duration);
    }
}
