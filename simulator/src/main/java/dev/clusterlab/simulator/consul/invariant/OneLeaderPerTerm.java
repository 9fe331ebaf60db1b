package dev.clusterlab.simulator.consul.invariant;

import dev.clusterlab.simulator.consul.ServerState;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * At most one server leads in a term. The leader alone writes reconciliations, ends sessions and grants locks: two in one
 * term would each believe that the others follow.
 */
final class OneLeaderPerTerm extends ConsulInvariant {
    private final Map<Long, String> leaders = new LinkedHashMap<>();

    OneLeaderPerTerm() {
        super("consul-one-leader-per-term");
    }

    @Override
    protected void check(ServerState state) {
        if (!state.leads()) {
            return;
        }
        String first = leaders.putIfAbsent(state.term(), state.server());
        if (first != null && !first.equals(state.server())) {
            throw broken("two leaders in term " + state.term() + ": " + first + " and " + state.server());
        }
    }
}
