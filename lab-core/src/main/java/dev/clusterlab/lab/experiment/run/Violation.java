package dev.clusterlab.lab.experiment.run;

import java.time.Duration;

/**
 * A time in which something did not hold that should have.
 *
 * @param from engine time since the first step of the method
 * @param to as {@code from}
 * @param ended false if it went on when the watch ended
 * @param weight whether the hypothesis is wrong by it
 */
public record Violation(Duration from, Duration to, boolean ended, Weight weight) {
    /** What it means for the hypothesis. */
    public enum Weight {
        /** It is wrong. */
        COUNTS,
        /** It was no longer than the tolerance. */
        TOLERATED,
        /** It began when everything was being healed, which is not what the hypothesis is about. */
        WHILE_HEALING
    }

    public boolean counts() {
        return weight == Weight.COUNTS;
    }

    public Duration length() {
        return to.minus(from);
    }
}
