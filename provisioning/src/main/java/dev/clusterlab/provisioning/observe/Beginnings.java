package dev.clusterlab.provisioning.observe;

import java.util.List;

/** For who begins to follow events when there is something already. */
public final class Beginnings {
    private Beginnings() {}

    /**
     * The events that would have led from nothing to a picture. They have numbers of their own, name no causes and have the picture's
     * instant: they tell what there is, not how it came.
     */
    public static List<ClusterEvent> of(ClusterSnapshot snapshot) {
        var nothing = ClusterSnapshot.empty(snapshot.time().minus(snapshot.elapsed()));
        return new SnapshotDiff(nothing, snapshot, List.of(), new EventMemory(), snapshot.elapsed(), true).events();
    }
}
