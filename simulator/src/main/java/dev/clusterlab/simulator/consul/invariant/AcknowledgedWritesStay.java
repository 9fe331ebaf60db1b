package dev.clusterlab.simulator.consul.invariant;

import dev.clusterlab.simulator.consul.ServerState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A write that a client was told is done, and that nobody takes back, is on every leader from then on, and never goes away
 * from a server that runs: a registration that is committed is not lost with the leader that committed it.
 */
public final class AcknowledgedWritesStay extends ConsulInvariant {
    private final List<Write> writes = new ArrayList<>();
    private final Map<String, Set<Write>> seen = new LinkedHashMap<>();
    private long highestTerm;

    /** @param term of the newest leader when the write was acknowledged: an older leader may never hear of it */
    private record Write(String what, long term, Predicate<ServerState> isThere) {}

    public void acknowledged(String what, Predicate<ServerState> isThere) {
        writes.add(new Write(what, highestTerm, isThere));
    }

    /** How many writes it knows of. */
    public int count() {
        return writes.size();
    }

    public AcknowledgedWritesStay() {
        super("consul-acknowledged-writes-stay");
    }

    @Override
    protected void check(ServerState state) {
        if (state.leads()) {
            highestTerm = Math.max(highestTerm, state.term());
        }
        Set<Write> here = seen.computeIfAbsent(state.server(), server -> new LinkedHashSet<>());
        for (Write write : writes) {
            boolean isThere = write.isThere.test(state);
            boolean mustBe = here.contains(write) || (state.leads() && state.term() >= write.term);
            if (mustBe && !isThere) {
                throw broken(write.what + " was acknowledged in term " + write.term + " but "
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
