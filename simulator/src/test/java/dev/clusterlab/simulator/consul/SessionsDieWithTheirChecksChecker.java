package dev.clusterlab.simulator.consul;

/**
 * A session exists only while its node is registered and none of the checks that it names is missing or critical: that is
 * how a lock gets free when its holder dies.
 */
final class SessionsDieWithTheirChecksChecker implements ConsulChecker {
    @Override
    public void changed(ServerState state) {
        for (Records.Session session : state.sessions()) {
            if (!state.hasNode(session.node())) {
                throw new AssertionError(session + " on " + state.server() + " outlives its node");
            }
            for (String id : session.checks()) {
                boolean healthy = state.checks().stream()
                        .anyMatch(check -> check.node().equals(session.node())
                                && check.id().equals(id)
                                && !check.status().equals(Records.CRITICAL));
                if (!healthy) {
                    throw new AssertionError(session + " on " + state.server() + " outlives its check " + id);
                }
            }
        }
    }
}
