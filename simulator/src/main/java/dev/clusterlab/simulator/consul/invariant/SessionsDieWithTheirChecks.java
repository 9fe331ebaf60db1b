package dev.clusterlab.simulator.consul.invariant;

import dev.clusterlab.simulator.consul.Records;
import dev.clusterlab.simulator.consul.ServerState;

/**
 * A session exists only while its node is registered and none of the checks that it names is missing or critical: that is
 * how a lock gets free when its holder dies.
 */
final class SessionsDieWithTheirChecks extends ConsulInvariant {
    SessionsDieWithTheirChecks() {
        super("consul-sessions-die-with-their-checks");
    }

    @Override
    protected void check(ServerState state) {
        for (Records.Session session : state.sessions()) {
            if (!state.hasNode(session.node())) {
                throw broken(session + " on " + state.server() + " outlives its node");
            }
            for (String id : session.checks()) {
                boolean healthy = state.checks().stream()
                        .anyMatch(check -> check.node().equals(session.node())
                                && check.id().equals(id)
                                && !check.status().equals(Records.CRITICAL));
                if (!healthy) {
                    throw broken(session + " on " + state.server() + " outlives its check " + id);
                }
            }
        }
    }
}
