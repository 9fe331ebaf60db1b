package dev.clusterlab.simulator.swarm.store;

import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.ObjectVersion;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.StoreObject;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.protocol.Raft;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One manager's replica of the swarm's objects, with the indexes that loops need. Changed by {@link #apply} only. */
public final class Store implements Raft.StateMachine {
    private final Map<String, StoreObject> objects = new LinkedHashMap<>();
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Service> services = new LinkedHashMap<>();
    private final Map<String, Service> servicesByName = new LinkedHashMap<>();
    private final Map<String, Network> networks = new LinkedHashMap<>();
    private final Map<String, Task> tasks = new LinkedHashMap<>();
    private final Map<String, Map<String, Task>> tasksByService = new LinkedHashMap<>();
    private final Map<String, Map<String, Task>> tasksByNode = new LinkedHashMap<>();
    /** By service and place in it. */
    private final Map<String, Map<String, Task>> tasksByPlace = new LinkedHashMap<>();

    private final Set<String> globalServices = new LinkedHashSet<>();
    private final List<Consumer<List<StoreChange>>> listeners = new ArrayList<>();
    private @Nullable Cluster cluster;
    private long index;
    private long nodesEdition;
    private long keptEdition;

    /** Notified after each applied command with all its changes. */
    public void listen(Consumer<List<StoreChange>> listener) {
        listeners.add(listener);
    }

    public void unlisten(Consumer<List<StoreChange>> listener) {
        listeners.remove(listener);
    }

    @Override
    public @Nullable Object apply(long commandIndex, Object command) {
        if (!(command instanceof StoreCommand batch)) {
            return null;
        }
        index = commandIndex;
        var version = new ObjectVersion(commandIndex);
        var changes = new ArrayList<StoreChange>(batch.writes().size());
        for (StoreCommand.Write write : batch.writes()) {
            StoreObject before = objects.get(write.id());
            StoreObject after = write.object() == null ? null : write.object().versioned(version, batch.at());
            if (before != null || after != null) {
                replace(write.id(), before, after);
                changes.add(new StoreChange(write.id(), before, after));
            }
        }
        for (Consumer<List<StoreChange>> listener : List.copyOf(listeners)) {
            listener.accept(changes);
        }
        return commandIndex;
    }

    private void replace(String id, @Nullable StoreObject before, @Nullable StoreObject after) {
        if (after == null) {
            objects.remove(id);
        } else {
            objects.put(id, after);
        }
        StoreObject kind = after == null ? before : after;
        switch (kind) {
            case Node _ -> {
                nodesEdition++;
                put(nodes, id, (Node) after);
            }
            case Service _ -> {
                keptEdition++;
                put(services, id, (Service) after);
                if (before != null) {
                    servicesByName.remove(before.objectName());
                }
                if (after instanceof Service service) {
                    servicesByName.put(service.name(), service);
                }
                if (after instanceof Service service && service.spec().isGlobal()) {
                    globalServices.add(id);
                } else {
                    globalServices.remove(id);
                }
            }
            case Network _ -> put(networks, id, (Network) after);
            case Cluster _ -> cluster = (Cluster) after;
            case Task _ -> {
                keptEdition++;
                put(tasks, id, (Task) after);
                Task old = (Task) before;
                Task current = (Task) after;
                index(tasksByService, old == null ? null : old.serviceId(), serviceOf(current), id, current);
                index(tasksByNode, old == null ? null : old.nodeId(), nodeOf(current), id, current);
                index(tasksByPlace, placeOf(old), placeOf(current), id, current);
            }
            case null -> {}
        }
    }

    private static @Nullable String serviceOf(@Nullable Task task) {
        return task == null ? null : task.serviceId();
    }

    private static @Nullable String nodeOf(@Nullable Task task) {
        return task == null ? null : task.nodeId();
    }

    private static @Nullable String placeOf(@Nullable Task task) {
        return task == null ? null : placeKey(task.serviceId(), task.place());
    }

    private static String placeKey(String serviceId, String place) {
        return serviceId + " " + place;
    }

    private static <T> void put(Map<String, T> map, String id, @Nullable T value) {
        if (value == null) {
            map.remove(id);
        } else {
            map.put(id, value);
        }
    }

    private static void index(
            Map<String, Map<String, Task>> index,
            @Nullable String oldKey,
            @Nullable String newKey,
            String id,
            @Nullable Task task) {
        if (oldKey != null && !oldKey.equals(newKey)) {
            Map<String, Task> set = index.get(oldKey);
            if (set != null) {
                set.remove(id);
                if (set.isEmpty()) {
                    index.remove(oldKey);
                }
            }
        }
        if (newKey != null && task != null) {
            index.computeIfAbsent(newKey, key -> new LinkedHashMap<>()).put(id, task);
        }
    }

    @Override
    public Object snapshot() {
        return List.copyOf(objects.values());
    }

    @Override
    public void restore(Object snapshot) {
        objects.clear();
        nodes.clear();
        services.clear();
        servicesByName.clear();
        networks.clear();
        tasks.clear();
        tasksByService.clear();
        tasksByNode.clear();
        tasksByPlace.clear();
        globalServices.clear();
        cluster = null;
        nodesEdition++;
        keptEdition++;
        for (Object entry : (List<?>) snapshot) {
            if (entry instanceof StoreObject object) {
                replace(object.id(), null, object);
                index = Math.max(index, object.version().index());
            }
        }
    }

    /** Another number after each change of a node here. */
    public long nodesEdition() {
        return nodesEdition;
    }

    /** Another number after each change of a service or a task here. */
    public long keptEdition() {
        return keptEdition;
    }

    /** Index of the last applied command. */
    public long index() {
        return index;
    }

    @Nullable
    StoreObject object(String id) {
        return objects.get(id);
    }

    public @Nullable Cluster cluster() {
        return cluster;
    }

    public Cluster requireCluster() {
        if (cluster == null) {
            throw ApiException.rpc(ApiException.RpcCode.NOT_FOUND, "cluster not found");
        }
        return cluster;
    }

    public Collection<Node> nodes() {
        return nodes.values();
    }

    public @Nullable Node node(@Nullable String id) {
        return id == null ? null : nodes.get(id);
    }

    public Collection<Service> services() {
        return services.values();
    }

    public @Nullable Service service(String id) {
        return services.get(id);
    }

    public @Nullable Service serviceNamed(String name) {
        return servicesByName.get(name);
    }

    public Collection<Network> networks() {
        return networks.values();
    }

    public @Nullable Network network(String id) {
        return networks.get(id);
    }

    public @Nullable Network networkNamed(String name) {
        for (Network network : networks.values()) {
            if (network.name().equals(name)) {
                return network;
            }
        }
        return null;
    }

    public @Nullable Network ingress() {
        for (Network network : networks.values()) {
            if (network.ingress()) {
                return network;
            }
        }
        return null;
    }

    public Collection<Task> tasks() {
        return tasks.values();
    }

    public @Nullable Task task(String id) {
        return tasks.get(id);
    }

    /** A copy. */
    public List<Task> tasksOfService(String serviceId) {
        Map<String, Task> set = tasksByService.get(serviceId);
        return set == null ? List.of() : new ArrayList<>(set.values());
    }

    /** A copy. */
    public List<Task> tasksOnNode(String nodeId) {
        Map<String, Task> set = tasksByNode.get(nodeId);
        return set == null ? List.of() : new ArrayList<>(set.values());
    }

    /** The tasks of a service in one place: a slot, or a node where it is global. A copy. */
    public List<Task> tasksAt(String serviceId, String place) {
        Map<String, Task> set = tasksByPlace.get(placeKey(serviceId, place));
        return set == null ? List.of() : new ArrayList<>(set.values());
    }

    /** Identifiers of the global services. A copy. */
    public List<String> globalServices() {
        return List.copyOf(globalServices);
    }
}
