package dev.clusterlab.simulator.swarm.store;

import dev.clusterlab.simulator.docker.api.StoreObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the managers agree on: a batch of changes of objects, applied as a whole.
 *
 * @param at the leader's time of writing, as the objects show it
 */
public record StoreCommand(List<Write> writes, String at) {
    public StoreCommand {
        writes = List.copyOf(writes);
    }

    /** A new value, or a deletion if {@code object} is null. */
    public record Write(String id, @Nullable StoreObject object) {}
}
