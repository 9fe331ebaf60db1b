package dev.clusterlab.simulator.invariant;

import java.time.Duration;
import java.util.Locale;

/** An invariant is broken: the simulation, or what it simulates, has an error. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String name;
    private final Duration instant;
    private final String what;

    /**
     * @param name of the invariant, in lower case with hyphens
     * @param instant virtual time since the beginning
     * @param what is not as it must be, in a sentence for developers
     */
    public Violation(String name, Duration instant, String what) {
        super(String.format(Locale.ROOT, "%s at %.3f s: %s", name, instant.toNanos() / 1e9, what));
        this.name = name;
        this.instant = instant;
        this.what = what;
    }

    /** Of the invariant, such as {@code tasks-only-advance}. */
    public String name() {
        return name;
    }

    /** Virtual time since the beginning of the simulation. */
    public Duration instant() {
        return instant;
    }

    /** What is not as it must be. */
    public String what() {
        return what;
    }
}
