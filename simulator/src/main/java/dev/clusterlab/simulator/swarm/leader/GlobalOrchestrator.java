package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.swarm.store.StoreChange;
import dev.clusterlab.simulator.swarm.store.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps one task of each global service on every node that fits (swarmkit manager/orchestrator/global). */
final class GlobalOrchestrator {
    private final LeaderContext context;
    private final RestartSupervisor restarts;
    private final Updates updates;
    private final Set<String> services = new LinkedHashSet<>();
    private final Set<String> nodes = new LinkedHashSet<>();
    private final Set<String> ended = new LinkedHashSet<>();
    private boolean scheduled;

    GlobalOrchestrator(LeaderContext context, RestartSupervisor restarts, Updates updates) {
        this.context = context;
        this.restarts = restarts;
        this.updates = updates;
        for (Service service : context.store().services()) {
            if (service.spec().isGlobal()) {
                services.add(service.id());
            }
        }
        for (Task task : context.store().tasks()) {
            check(task);
        }
        schedule();
    }

    /** Remembers a task that ended though it should run. */
    private void check(Task task) {
        if (task.slot() == null
                && task.state().after(TaskState.RUNNING)
                && task.desiredState().atMost(TaskState.RUNNING)) {
            ended.add(task.id());
        }
    }

    void observe(StoreChange change) {
        switch (change.either()) {
            case Service service -> {
                if (service.spec().isGlobal()) {
                    services.add(service.id());
                }
            }
            case Task task -> {
                if (change.after() instanceof Task after) {
                    check(after);
                }
            }
            case Node node -> nodes.add(node.id());
            case Network _, Cluster _ -> {
                return;
            }
        }
        schedule();
    }

    private void schedule() {
        if (!scheduled && !(services.isEmpty() && nodes.isEmpty() && ended.isEmpty())) {
            scheduled = true;
            context.clusterScope().schedule(Duration.ZERO, this::flush);
        }
    }

    private void flush() {
        scheduled = false;
        List<String> changedServices = List.copyOf(services);
        services.clear();
        List<String> changedNodes = List.copyOf(nodes);
        nodes.clear();
        List<String> endedTasks = List.copyOf(ended);
        ended.clear();
        if (!endedTasks.isEmpty()) {
            context.transactions().run(transaction -> endedTasks.forEach(id -> taskEnded(transaction, id)));
        }
        for (String id : changedServices) {
            var toUpdate = new ArrayList<List<Task>>();
            context.transactions().run(transaction -> reconcileService(transaction, id, toUpdate), error -> {
                Service service = context.store().service(id);
                if (error == null && service != null && !toUpdate.isEmpty()) {
                    updates.update(service, toUpdate);
                }
            });
        }
        if (!changedNodes.isEmpty()) {
            context.transactions().run(transaction -> changedNodes.forEach(id -> reconcileNode(transaction, id)));
        }
    }

    private void taskEnded(Transaction transaction, String id) {
        Task task = transaction.task(id);
        if (task == null || task.desiredState().after(TaskState.RUNNING)) {
            return;
        }
        Service service = transaction.service(task.serviceId());
        Node node = transaction.node(task.nodeId());
        if (service == null || node == null || node.invalid()) {
            // Whoever takes service or node away has seen to the task.
            return;
        }
        if (node.availability(Node.PAUSE) || !fits(service, node)) {
            transaction.put(task.withDesired(TaskState.SHUTDOWN));
        } else {
            restarts.restart(transaction, service, task);
        }
    }

    private static boolean fits(Service service, Node node) {
        return Constraints.allMatch(service.spec().taskTemplate().constraints(), node);
    }

    private static void shutDown(Transaction transaction, List<Task> tasks) {
        for (Task task : tasks) {
            if (task.desiredState().before(TaskState.SHUTDOWN)) {
                transaction.put(task.withDesired(TaskState.SHUTDOWN));
            }
        }
    }

    private void reconcileService(Transaction transaction, String serviceId, List<List<Task>> toUpdate) {
        Service service = transaction.service(serviceId);
        List<Task> tasks = context.store().tasksOfService(serviceId);
        if (service == null) {
            for (Task task : tasks) {
                if (task.desiredState().before(TaskState.REMOVE)) {
                    transaction.put(task.withDesired(TaskState.REMOVE));
                }
            }
            return;
        }
        var byNode = new LinkedHashMap<String, List<Task>>();
        for (Task task : tasks) {
            byNode.computeIfAbsent(String.valueOf(task.nodeId()), key -> new ArrayList<>())
                    .add(task);
        }
        byNode.replaceAll((node, all) -> restarts.updatable(service, all));
        for (Node node : context.store().nodes()) {
            if (node.invalid()) {
                continue;
            }
            List<Task> there = byNode.getOrDefault(node.id(), List.of());
            byNode.remove(node.id());
            if (!fits(service, node)) {
                shutDown(transaction, there);
            } else if (node.availability(Node.PAUSE)) {
                // Nothing is added there, nothing changed.
                continue;
            } else if (there.isEmpty()) {
                transaction.put(context.newTask(service, null, node.id(), TaskState.RUNNING));
            } else {
                toUpdate.add(there);
            }
        }
        // What is left is on nodes that are drained, down or gone.
        byNode.values().forEach(there -> shutDown(transaction, there));
    }

    private void reconcileNode(Transaction transaction, String nodeId) {
        Node node = transaction.node(nodeId);
        Map<String, List<Task>> byService = new LinkedHashMap<>();
        for (Task stored : context.store().tasksOnNode(nodeId)) {
            Task task = transaction.task(stored.id());
            if (task != null && task.slot() == null) {
                byService
                        .computeIfAbsent(task.serviceId(), key -> new ArrayList<>())
                        .add(task);
            }
        }
        if (node == null) {
            byService.values().forEach(tasks -> tasks.forEach(task -> transaction.delete(task.id())));
        } else if (node.invalid()) {
            byService.values().forEach(tasks -> shutDown(transaction, tasks));
        } else if (!node.availability(Node.PAUSE)) {
            for (String id : context.store().globalServices()) {
                Service service = context.store().service(id);
                if (service != null && fits(service, node)) {
                    reconcile(transaction, service, node, byService.getOrDefault(id, List.of()));
                }
            }
        }
    }

    /**
     * Brings the task of one node to the service's spec at once: this is not an update of the service, so its pace does
     * not matter here.
     */
    private void reconcile(Transaction transaction, Service service, Node node, List<Task> tasks) {
        var dirty = new ArrayList<Task>();
        var clean = new ArrayList<Task>();
        for (Task task : restarts.updatable(service, tasks)) {
            (context.dirty(service, task) ? dirty : clean).add(task);
        }
        if (clean.isEmpty()) {
            transaction.put(context.newTask(service, null, node.id(), TaskState.RUNNING));
        } else {
            dirty.addAll(clean.subList(1, clean.size()));
        }
        shutDown(transaction, dirty);
    }
}
