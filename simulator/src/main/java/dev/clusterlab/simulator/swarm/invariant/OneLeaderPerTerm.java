package dev.clusterlab.simulator.swarm.invariant;

import dev.clusterlab.simulator.swarm.SwarmFacts;
import java.util.LinkedHashMap;
import java.util.Map;

/** In one term at most one manager leads (election safety: Ongaro and Ousterhout, section 5.2). */
final class OneLeaderPerTerm extends SwarmInvariant {
    private final Map<Long, String> leaders = new LinkedHashMap<>();

    OneLeaderPerTerm() {
        super("swarm-one-leader-per-term");
    }

    @Override
    protected void check(SwarmFacts facts) {
        for (SwarmFacts.Replica replica : facts.replicas()) {
            if (replica.leads()) {
                String first = leaders.putIfAbsent(replica.term(), replica.nodeId());
                if (first != null && !first.equals(replica.nodeId())) {
                    throw broken(
                            "two managers lead term " + replica.term() + ": " + first + " and " + replica.nodeId());
                }
            }
        }
    }
}
