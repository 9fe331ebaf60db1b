package dev.clusterlab.lab.experiment.run;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Follows a run. Told one after the other; whoever takes long holds the run up, but not its history where time passes only while
 * somebody waits.
 */
@FunctionalInterface
public interface Spectator {
    /** Each thing as it happens; on any thread. */
    void happened(Happening happening);

    /**
     * The run has looked at the cluster; on the run's thread.
     *
     * @param at engine time since the engine began
     * @param now how things stand; to be asked before this returns, or not at all
     */
    default void looked(Duration at, Supplier<Look> now) {}

    /**
     * How things stand in a moment.
     *
     * @param done numbers of the steps that are done, as in {@link dev.clusterlab.lab.experiment.Step.Line}
     * @param underWay numbers of those that are under way; none before the first and after the last
     * @param holds for each expectation in order whether it holds; figures without a window of their own over the last ten seconds
     */
    record Look(Set<Integer> done, Set<Integer> underWay, List<Boolean> holds) {
        public Look {
            done = Set.copyOf(done);
            underWay = Set.copyOf(underWay);
            holds = List.copyOf(holds);
        }
    }
}
