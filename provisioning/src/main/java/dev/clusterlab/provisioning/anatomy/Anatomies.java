package dev.clusterlab.provisioning.anatomy;

import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Anatomies of a whole run. */
public final class Anatomies {
    private Anatomies() {}

    /**
     * The anatomy of every fault that broke something, the earliest first. Always the same for the same arguments.
     *
     * @param events of the run from its beginning, in the order of their numbers
     * @param requests that clients made, in any order
     * @param now engine time since the engine began, until which all of these are known
     */
    public static List<Anatomy> of(
            List<ClusterEvent> events, List<RequestSample> requests, WatchPlan plan, Duration now) {
        var known = new Known();
        List<Anatomy> anatomies = new ArrayList<>();
        RequestRecord record = RequestRecord.of(requests);
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i) instanceof ClusterEvent.FaultBegan began
                    && began.fault().kind().breaks()) {
                List<ClusterEvent> later = events.subList(i + 1, events.size());
                anatomies.add(new Dissection(known, began, later, record, plan, now).anatomy());
            }
            known.apply(events.get(i));
        }
        return List.copyOf(anatomies);
    }
}
