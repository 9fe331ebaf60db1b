package dev.clusterlab.simulator.consul;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Servers that have applied the log up to the same index have the same catalog, checks, keys and sessions, also after a
 * restart: the state is a function of the log, or a stale read would depend on which server answers.
 */
final class SameStateAtSameIndexChecker implements ConsulChecker {
    private final Map<Long, Seen> states = new HashMap<>();

    private record Seen(String server, List<Object> replicated) {}

    @Override
    public void changed(ServerState state) {
        List<Object> replicated = state.replicated();
        Seen first = states.putIfAbsent(state.appliedIndex(), new Seen(state.server(), replicated));
        if (first != null && !first.replicated().equals(replicated)) {
            throw new AssertionError("at index " + state.appliedIndex() + " " + state.server() + " has\n" + replicated
                    + "\nwhere " + first.server() + " had\n" + first.replicated());
        }
    }
}
