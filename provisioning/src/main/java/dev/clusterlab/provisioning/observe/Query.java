package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.LabException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * One thing asked of a daemon, an agent or a router.
 *
 * @param of whom, as a person would say it
 * @param at where it answers; with {@code what} it distinguishes questions
 * @param what the path
 * @param freshness how fresh the answer must be
 * @param ask asks now and blocks; throws {@link LabException} where there is no answer
 */
record Query<A>(String of, String at, String what, Freshness freshness, Supplier<A> ask) {

    /**
     * @param edition an answer to the question in another edition is asked for again: something may have changed
     * @param ageMax an answer that is older, in wall-clock time, is asked for again although nothing is said to have
     *     changed
     */
    record Freshness(long edition, Duration ageMax) {}
}
