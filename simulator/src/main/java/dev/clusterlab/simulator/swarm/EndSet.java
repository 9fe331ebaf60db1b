package dev.clusterlab.simulator.swarm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ends behind one name, virtual address or published port. What an engine sees of them is made out once and holds until
 * an end changes, the engine believes otherwise of another, or the next end has spread to it.
 */
final class EndSet {
    private final Set<OverlayEndpoint> ends = new LinkedHashSet<>();
    private final Map<SimMachine, Sight> sights = new LinkedHashMap<>();
    private long version;
    /** All ends: what most engines see, so that they share one list. */
    private @Nullable List<OverlayEndpoint> all;

    /**
     * What an engine saw.
     *
     * @param beliefs see {@link OverlayDirectory.Observer#beliefs()}
     * @param untilNanos when something more spreads to it
     */
    private record Sight(long version, long beliefs, long untilNanos, List<OverlayEndpoint> ends) {}

    void add(OverlayEndpoint end) {
        ends.add(end);
        changed();
    }

    boolean remove(OverlayEndpoint end) {
        boolean removed = ends.remove(end);
        changed();
        return removed;
    }

    /** One of the ends is bound or not bound any more. */
    void changed() {
        version++;
        all = null;
    }

    boolean isEmpty() {
        return ends.isEmpty();
    }

    /** The engine's life begins anew: what it saw before is of no use. */
    void forget(SimMachine observer) {
        sights.remove(observer);
    }

    /** The ends that the observer sees; of its own machine also those that are not bound, unless {@code boundOnly}. */
    List<OverlayEndpoint> seenBy(
            OverlayDirectory.Observer observer, boolean boundOnly, long nowNanos, Duration spread) {
        Sight last = sights.get(observer.machine());
        if (last != null
                && last.version == version
                && last.beliefs == observer.beliefs()
                && nowNanos < last.untilNanos) {
            return last.ends;
        }
        long untilNanos = Long.MAX_VALUE;
        var seen = new ArrayList<OverlayEndpoint>(ends.size());
        for (OverlayEndpoint end : ends) {
            boolean own = end.machine == observer.machine();
            long knownNanos = end.sinceNanos + spread.toNanos();
            if (!own && nowNanos < knownNanos) {
                untilNanos = Math.min(untilNanos, knownNanos);
            } else if ((!own || !boundOnly || end.bound) && observer.seesAlive(end.machine, end.nodeId)) {
                seen.add(end);
            }
        }
        List<OverlayEndpoint> found = seen.size() == ends.size() ? shared() : List.copyOf(seen);
        sights.put(observer.machine(), new Sight(version, observer.beliefs(), untilNanos, found));
        return found;
    }

    private List<OverlayEndpoint> shared() {
        List<OverlayEndpoint> made = all;
        if (made == null) {
            made = List.copyOf(ends);
            all = made;
        }
        return made;
    }
}
