package dev.clusterlab.simulator.consul;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A write that a client was told is done, and that nobody takes back, is on every leader from then on, and never goes away
 * from a server that runs: a registration that is committed is not lost with the leader that committed it.
 */
final class AcknowledgedWritesStayChecker implements ConsulChecker {
    private final List<Write> writes = new ArrayList<>();
    private final Map<String, Set<Write>> seen = new HashMap<>();
    private long highestTerm;

    /** @param term of the newest leader when the write was acknowledged: an older leader may never hear of it */
    private record Write(String what, long term, Predicate<ServerState> isThere) {}

    void acknowledged(String what, Predicate<ServerState> isThere) {
        writes.add(new Write(what, highestTerm, isThere));
    }

    int count() {
        return writes.size();
    }

    @Override
    public void changed(ServerState state) {
        if (state.leads()) {
            highestTerm = Math.max(highestTerm, state.term());
        }
        Set<Write> here = seen.computeIfAbsent(state.server(), server -> new HashSet<>());
        for (Write write : writes) {
            boolean isThere = write.isThere.test(state);
            boolean mustBe = here.contains(write) || (state.leads() && state.term() >= write.term);
            if (mustBe && !isThere) {
                throw new AssertionError(write.what + " was acknowledged in term " + write.term + " but "
                        + state.server() + (state.leads() ? ", leader of term " + state.term() + "," : "")
                        + " does not have it at index " + state.appliedIndex());
            }
            if (isThere) {
                here.add(write);
            }
        }
    }

    @Override
    public void restarted(String server) {
        seen.remove(server);
    }
}
