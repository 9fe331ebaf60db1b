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
import org.jspecify.annotations.Nullable;

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
                boolean same = change.before() instanceof Service before
                        && change.after() instanceof Service after
                        && before.specVersion() == after.specVersion();
                if (service.spec().isGlobal() && !same) {
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
            context.transactions().run(transaction -> reconcileService(transaction, id), error -> {
                Service service = context.store().service(id);
                if (error == null && service != null) {
                    updates.update(service);
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
        if (service == null || node == null || node.invalid() || !fits(service, node)) {
            transaction.put(task.withDesired(service == null ? TaskState.REMOVE : TaskState.SHUTDOWN));
        } else {
            restarts.restart(transaction, service, task);
        }
    }

    private static boolean fits(Service service, Node node) {
        return Constraints.allMatch(service.spec().taskTemplate().constraints(), node);
    }

    private void reconcileService(Transaction transaction, String serviceId) {
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
        for (Node node : context.store().nodes()) {
            reconcile(transaction, service, node, byNode.getOrDefault(node.id(), List.of()));
        }
    }

    private void reconcileNode(Transaction transaction, String nodeId) {
        Node node = transaction.node(nodeId);
        Map<String, List<Task>> byService = new LinkedHashMap<>();
        for (Task task : context.store().tasksOnNode(nodeId)) {
            if (task.slot() == null) {
                byService
                        .computeIfAbsent(task.serviceId(), key -> new ArrayList<>())
                        .add(task);
            }
        }
        if (node == null) {
            byService.values().forEach(tasks -> tasks.forEach(task -> transaction.delete(task.id())));
            return;
        }
        for (Service service : context.store().services()) {
            if (service.spec().isGlobal()) {
                reconcile(transaction, service, node, byService.getOrDefault(service.id(), List.of()));
            }
        }
    }

    private void reconcile(Transaction transaction, Service service, Node node, List<Task> tasks) {
        var runnable = new ArrayList<Task>();
        @Nullable Task last = null;
        for (Task stored : tasks) {
            Task task = transaction.task(stored.id());
            if (task == null) {
                continue;
            }
            if (task.desiredState().atMost(TaskState.RUNNING)) {
                runnable.add(task);
            }
            last = task;
        }
        if (node.invalid() || !fits(service, node)) {
            runnable.forEach(task -> transaction.put(task.withDesired(TaskState.SHUTDOWN)));
            return;
        }
        if (!node.state(Node.READY) || !node.availability(Node.ACTIVE) || !runnable.isEmpty()) {
            return;
        }
        if (!restarts.givenUp(service, last)) {
            transaction.put(context.newTask(service, null, node.id(), TaskState.RUNNING));
        }
    }
}
