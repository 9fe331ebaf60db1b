package dev.clusterlab.simulator.swarm;

import org.jspecify.annotations.Nullable;

/**
 * One object's change in the store: created if {@code before} is null, deleted if {@code after} is.
 *
 * @param id of the object
 */
record StoreChange(
        String id, @Nullable StoreObject before, @Nullable StoreObject after) {
    StoreObject either() {
        StoreObject object = after == null ? before : after;
        if (object == null) {
            throw new IllegalStateException("a change of nothing");
        }
        return object;
    }
}
