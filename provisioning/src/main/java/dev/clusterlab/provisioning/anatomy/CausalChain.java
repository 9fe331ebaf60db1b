package dev.clusterlab.provisioning.anatomy;

import dev.clusterlab.provisioning.observe.Cause;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Why an event happened: the numbers of its causes followed back, as far as they are known.
 *
 * @param events the nearest cause first; the last is the beginning of a fault, if it comes of one
 */
public record CausalChain(List<ClusterEvent> events) {
    public CausalChain {
        events = List.copyOf(events);
    }

    /** @param history events of the run that may be causes; those that it lacks are left out */
    public static CausalChain of(ClusterEvent event, Iterable<ClusterEvent> history) {
        Map<Long, ClusterEvent> byNumber = new HashMap<>();
        Map<String, ClusterEvent> faults = new HashMap<>();
        for (ClusterEvent each : history) {
            byNumber.put(each.number(), each);
            if (each instanceof ClusterEvent.FaultBegan began) {
                faults.put(began.fault().id(), began);
            }
        }
        List<ClusterEvent> chain = new ArrayList<>();
        walk(event, byNumber, faults, chain, new HashSet<>(Set.of(event.number())));
        return new CausalChain(chain);
    }

    private static void walk(
            ClusterEvent event,
            Map<Long, ClusterEvent> byNumber,
            Map<String, ClusterEvent> faults,
            List<ClusterEvent> chain,
            Set<Long> seen) {
        for (Cause cause : event.stamp().causes()) {
            ClusterEvent found = switch (cause) {
                case Cause.ByEvent by -> byNumber.get(by.number());
                case Cause.ByFault by -> faults.get(by.id());
            };
            if (found != null && seen.add(found.number())) {
                chain.add(found);
                walk(found, byNumber, faults, chain, seen);
            }
        }
    }
}
