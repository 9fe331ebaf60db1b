package dev.clusterlab.simulator.swarm.store;

import dev.clusterlab.simulator.docker.api.StoreObject;
import org.jspecify.annotations.Nullable;

/**
 * One object's change in the store: created if {@code before} is null, deleted if {@code after} is.
 *
 * @param id of the object
 */
public record StoreChange(
        String id, @Nullable StoreObject before, @Nullable StoreObject after) {
    public StoreObject either() {
        StoreObject object = after == null ? before : after;
        if (object == null) {
            throw new IllegalStateException("a change of nothing");
        }
        return object;
    }
}
