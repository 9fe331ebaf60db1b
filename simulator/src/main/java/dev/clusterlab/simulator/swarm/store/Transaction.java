package dev.clusterlab.simulator.swarm.store;

import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.StoreObject;
import dev.clusterlab.simulator.docker.api.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A change in the making: sees the store with its own writes on top. */
public final class Transaction {
    private final Store store;
    private final Map<String, StoreCommand.Write> writes = new LinkedHashMap<>();

    Transaction(Store store) {
        this.store = store;
    }

    @Nullable
    StoreObject object(String id) {
        StoreCommand.Write write = writes.get(id);
        return write == null ? store.object(id) : write.object();
    }

    public @Nullable Task task(String id) {
        return object(id) instanceof Task task ? task : null;
    }

    public @Nullable Service service(String id) {
        return object(id) instanceof Service service ? service : null;
    }

    public @Nullable Node node(@Nullable String id) {
        return id != null && object(id) instanceof Node node ? node : null;
    }

    public void put(StoreObject object) {
        writes.put(object.id(), new StoreCommand.Write(object.id(), object));
    }

    public void delete(String id) {
        writes.put(id, new StoreCommand.Write(id, null));
    }

    List<StoreCommand.Write> writes() {
        return new ArrayList<>(writes.values());
    }
}
