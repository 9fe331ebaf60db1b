package dev.clusterlab.simulator.swarm.invariant;

import dev.clusterlab.simulator.swarm.store.Store;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the managers and machines of one swarm hold after an event.
 *
 * @param containers those that run, frozen ones included, on machines that are on
 */
public record SwarmFacts(List<Replica> replicas, List<RunningContainer> containers) {
    /**
     * A manager that runs.
     *
     * @param leads whether it believes to lead {@code term}
     * @param appliedIndex of the last Raft entry that its store has seen
     */
    public record Replica(String nodeId, long term, boolean leads, long appliedIndex, Store store) {}

    /**
     * A container.
     *
     * @param nodeId of its machine
     * @param taskId of the task that it runs, or null for a plain one
     * @param hostPorts that it publishes on its machine
     */
    public record RunningContainer(
            String nodeId, String id, @Nullable String taskId, Set<Integer> hostPorts) {}

    /** The replica that has applied most, if a manager runs. */
    public Optional<Replica> newest() {
        return replicas.stream().max(Comparator.comparingLong(Replica::appliedIndex));
    }
}
