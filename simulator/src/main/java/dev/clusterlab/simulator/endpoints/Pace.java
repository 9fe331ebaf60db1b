package dev.clusterlab.simulator.endpoints;

/** How virtual time relates to wall-clock time. */
public sealed interface Pace {
    /** {@code factor} virtual seconds in one second of wall-clock time; greater than 0. */
    record Times(double factor) implements Pace {
        public Times {
            if (!(factor > 0)) {
                throw new IllegalArgumentException("a pace is greater than 0, not " + factor);
            }
        }
    }

    /** Stands still. What is due at the very instant still runs, so that requests which need no time are answered. */
    record Paused() implements Pace {}

    /** Moves only while somebody waits, as fast as it can. */
    record OnDemand() implements Pace {}
}
