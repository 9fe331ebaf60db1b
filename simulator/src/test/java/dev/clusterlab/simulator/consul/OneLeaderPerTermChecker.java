package dev.clusterlab.simulator.consul;

import java.util.HashMap;
import java.util.Map;

/**
 * At most one server leads in a term. The leader alone writes reconciliations, ends sessions and grants locks: two in one
 * term would each believe that the others follow.
 */
final class OneLeaderPerTermChecker implements ConsulChecker {
    private final Map<Long, String> leaders = new HashMap<>();

    @Override
    public void changed(ServerState state) {
        if (!state.leads()) {
            return;
        }
        String first = leaders.putIfAbsent(state.term(), state.server());
        if (first != null && !first.equals(state.server())) {
            throw new AssertionError("two leaders in term " + state.term() + ": " + first + " and " + state.server());
        }
    }
}
