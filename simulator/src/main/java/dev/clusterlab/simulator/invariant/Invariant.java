package dev.clusterlab.simulator.invariant;

import java.time.Duration;

/**
 * What must hold after every event of one history. One object watches one history from its beginning, so it may remember
 * what it saw before. Used on the simulation's thread only.
 *
 * @param <F> the facts that it judges
 */
public abstract class Invariant<F> {
    private final String name;
    private Duration now = Duration.ZERO;

    /** @param name in lower case with hyphens; people search for it, so it stays */
    protected Invariant(String name) {
        this.name = name;
    }

    /** In lower case with hyphens, such as {@code tasks-only-advance}. */
    public final String name() {
        return name;
    }

    /**
     * Judges the facts of one instant, none of which is before that of the last call.
     *
     * @param instant virtual time since the beginning
     * @throws Violation if they break the invariant
     */
    public final void hold(F facts, Duration instant) {
        now = instant;
        check(facts);
    }

    /** Throws {@link #broken} if the facts are not as they must be. */
    protected abstract void check(F facts);

    /** What is to be thrown. */
    protected final Violation broken(String what) {
        return new Violation(name, now, what);
    }
}
