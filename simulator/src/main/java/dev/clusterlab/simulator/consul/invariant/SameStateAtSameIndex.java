package dev.clusterlab.simulator.consul.invariant;

import dev.clusterlab.simulator.consul.ServerState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Servers that have applied the log up to the same index have the same catalog, checks, keys and sessions, also after a
 * restart: the state is a function of the log, or a stale read would depend on which server answers.
 */
final class SameStateAtSameIndex extends ConsulInvariant {
    private final Map<Long, Seen> states = new LinkedHashMap<>();

    private record Seen(String server, List<Object> replicated) {}

    SameStateAtSameIndex() {
        super("consul-same-state-at-same-index");
    }

    @Override
    protected void check(ServerState state) {
        List<Object> replicated = state.replicated();
        Seen first = states.putIfAbsent(state.appliedIndex(), new Seen(state.server(), replicated));
        if (first != null && !first.replicated().equals(replicated)) {
            throw broken("at index " + state.appliedIndex() + " " + state.server() + " has\n" + replicated + "\nwhere "
                    + first.server() + " had\n" + first.replicated());
        }
    }
}
