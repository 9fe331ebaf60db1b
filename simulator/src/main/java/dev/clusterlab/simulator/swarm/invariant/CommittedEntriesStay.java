package dev.clusterlab.simulator.swarm.invariant;

import dev.clusterlab.simulator.swarm.SwarmFacts;

/**
 * Whoever leads a later term has every entry that some manager has applied (leader completeness: Ongaro and Ousterhout,
 * section 5.4.3). What a caller was told to be done would be undone otherwise.
 */
final class CommittedEntriesStay extends SwarmInvariant {
    private long applied;
    private long term;

    CommittedEntriesStay() {
        super("swarm-committed-entries-stay");
    }

    @Override
    protected void check(SwarmFacts facts) {
        for (SwarmFacts.Replica replica : facts.replicas()) {
            if (replica.leads() && replica.term() > term && replica.lastIndex() < applied) {
                throw broken(replica.nodeId() + " leads term " + replica.term() + " with a log that ends at "
                        + replica.lastIndex() + ", but entry " + applied + " was applied in term " + term);
            }
        }
        for (SwarmFacts.Replica replica : facts.replicas()) {
            if (replica.appliedIndex() > applied) {
                applied = replica.appliedIndex();
                term = Math.max(term, replica.term());
            }
        }
    }
}
