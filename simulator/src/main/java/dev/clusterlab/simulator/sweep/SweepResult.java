package dev.clusterlab.simulator.sweep;

import dev.clusterlab.simulator.invariant.Violation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param violation the first one, which ended the run; empty if there was none
 * @param trace faults and decisions, each with its instant, in their order
 * @param virtualTime from the first machine's power-on to the end
 * @param events how many ran
 * @param digest of the history: equal for equal histories
 */
public record SweepResult(
        long seed,
        SweepOptions options,
        Optional<Violation> violation,
        List<String> trace,
        Duration virtualTime,
        long events,
        long digest) {
    public SweepResult {
        trace = List.copyOf(trace);
    }
}
