package dev.clusterlab.lab.words;

import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The events of a run by number and its faults by identifier, so that a cause can be named. Not thread-safe.
 */
public final class History {
    private final Map<Long, ClusterEvent> events = new HashMap<>();
    private final Map<String, ActiveFault> faults = new HashMap<>();

    public void add(ClusterEvent event) {
        events.put(event.number(), event);
        if (event instanceof ClusterEvent.OfFault about) {
            faults.putIfAbsent(about.fault().id(), about.fault());
        }
    }

    /** Forgets an event; what it caused is then named without it. */
    public void remove(ClusterEvent event) {
        events.remove(event.number());
    }

    Optional<ClusterEvent> event(long number) {
        return Optional.ofNullable(events.get(number));
    }

    Optional<ActiveFault> fault(String id) {
        return Optional.ofNullable(faults.get(id));
    }
}
