package dev.clusterlab.lab.experiment;

import java.time.Duration;
import java.util.Optional;

/** One thing that should hold all through an experiment. */
public sealed interface Expectation {
    /** What should be so, for people. */
    Texts title();

    /** Engine time for which it may fail in one go without the hypothesis being wrong; zero if it may not. */
    Duration tolerance();

    /** A condition of the check language over what is observed. */
    record Condition(Texts title, String expression, Duration tolerance) implements Expectation {}

    /**
     * At most this share of requests fails: gets no answer, or a status of 400 and more.
     *
     * @param percentMax 0 to 100
     * @param over the requests that ended in the last so much engine time; empty: all that began between the first step and the
     *     healing, judged once
     */
    record FailingShare(Texts title, double percentMax, Optional<Duration> over, Duration tolerance)
            implements Expectation {}

    /**
     * So many per cent of the requests took at most so long; those without an answer count with the time that was waited.
     *
     * @param percent 1 to 100, such as 95
     * @param over as in {@link FailingShare}
     */
    record Latency(Texts title, int percent, Duration max, Optional<Duration> over, Duration tolerance)
            implements Expectation {}
}
