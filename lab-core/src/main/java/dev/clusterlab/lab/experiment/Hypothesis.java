package dev.clusterlab.lab.experiment;

import java.time.Duration;
import java.util.List;

/**
 * What should hold in the cluster, whatever is done to it.
 *
 * @param expectations at least one
 * @param steadyWithin engine time in which all of it must hold at the same moment before the method begins
 * @param recoversWithin engine time in which all of it must hold again after everything was healed
 */
public record Hypothesis(List<Expectation> expectations, Duration steadyWithin, Duration recoversWithin) {
    public Hypothesis {
        expectations = List.copyOf(expectations);
    }
}
