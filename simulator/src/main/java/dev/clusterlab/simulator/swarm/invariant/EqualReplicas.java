package dev.clusterlab.simulator.swarm.invariant;

import dev.clusterlab.simulator.swarm.SwarmFacts;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Managers that have applied the same Raft entries hold the same objects in the same order (state machine safety: Ongaro
 * and Ousterhout, section 5.4.3; the order counts because the leader's loops walk in it).
 */
final class EqualReplicas extends SwarmInvariant {
    private final Map<String, Long> checked = new LinkedHashMap<>();

    EqualReplicas() {
        super("swarm-equal-replicas");
    }

    @Override
    protected void check(SwarmFacts facts) {
        for (SwarmFacts.Replica replica : facts.replicas()) {
            Long before = checked.put(replica.nodeId(), replica.appliedIndex());
            if (before == null || before != replica.appliedIndex()) {
                facts.replicas().forEach(other -> compare(replica, other));
            }
        }
    }

    private void compare(SwarmFacts.Replica one, SwarmFacts.Replica other) {
        if (one != other
                && one.appliedIndex() == other.appliedIndex()
                && !one.store().snapshot().equals(other.store().snapshot())) {
            throw broken("the stores of " + one.nodeId() + " and " + other.nodeId()
                    + " differ after entry " + one.appliedIndex() + ":\n"
                    + one.store().snapshot() + "\n" + other.store().snapshot());
        }
    }
}
