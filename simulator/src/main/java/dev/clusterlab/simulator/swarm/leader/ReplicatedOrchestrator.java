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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Keeps as many tasks of each replicated service as it asks for (swarmkit manager/orchestrator/replicated). */
final class ReplicatedOrchestrator {
    private final LeaderContext context;
    private final RestartSupervisor restarts;
    private final Updates updates;
    private final Set<String> reconcile = new LinkedHashSet<>();
    private final Set<String> restart = new LinkedHashSet<>();
    private boolean scheduled;

    ReplicatedOrchestrator(LeaderContext context, RestartSupervisor restarts, Updates updates) {
        this.context = context;
        this.restarts = restarts;
        this.updates = updates;
        for (Service service : context.store().services()) {
            if (replicated(service)) {
                reconcile.add(service.id());
            }
        }
        for (Task task : context.store().tasks()) {
            check(task);
        }
        schedule();
    }

    static boolean replicated(Service service) {
        return !service.spec().isGlobal() && !service.spec().isJob();
    }

    private boolean ofReplicated(Task task) {
        return task.slot() != null;
    }

    private void check(Task task) {
        if (ofReplicated(task) && task.desiredState().atMost(TaskState.RUNNING) && mustGo(task)) {
            restart.add(task.id());
        }
    }

    private boolean mustGo(Task task) {
        if (task.state().after(TaskState.RUNNING)) {
            return true;
        }
        if (task.nodeId() == null) {
            return false;
        }
        Node node = context.store().node(task.nodeId());
        return node == null || node.invalid();
    }

    void observe(StoreChange change) {
        switch (change.either()) {
            case Service service -> {
                if (!replicated(service)) {
                    return;
                }
                boolean specChanged = !(change.before() instanceof Service before
                        && change.after() instanceof Service after
                        && before.specVersion() == after.specVersion());
                if (specChanged) {
                    reconcile.add(service.id());
                }
            }
            case Task task -> {
                if (change.after() instanceof Task after) {
                    check(after);
                } else if (ofReplicated(task) && task.desiredState().atMost(TaskState.RUNNING)) {
                    reconcile.add(task.serviceId());
                }
            }
            case Node node -> {
                if (!(change.after() instanceof Node after) || after.invalid()) {
                    context.store().tasksOnNode(node.id()).forEach(this::check);
                }
            }
            case Network _, Cluster _ -> {
                // Of no concern.
            }
        }
        schedule();
    }

    private void schedule() {
        if (!scheduled && !(reconcile.isEmpty() && restart.isEmpty())) {
            scheduled = true;
            context.clusterScope().schedule(Duration.ZERO, this::flush);
        }
    }

    private void flush() {
        scheduled = false;
        List<String> toRestart = List.copyOf(restart);
        restart.clear();
        List<String> toReconcile = List.copyOf(reconcile);
        reconcile.clear();
        if (!toRestart.isEmpty()) {
            context.transactions().run(transaction -> {
                for (String id : toRestart) {
                    Task task = transaction.task(id);
                    if (task != null && task.desiredState().atMost(TaskState.RUNNING) && mustGo(task)) {
                        Service service = transaction.service(task.serviceId());
                        if (service == null) {
                            transaction.put(task.withDesired(TaskState.REMOVE));
                        } else {
                            restarts.restart(transaction, service, task);
                        }
                    }
                }
            });
        }
        for (String id : toReconcile) {
            context.transactions().run(transaction -> reconcile(transaction, id), error -> {
                Service service = context.store().service(id);
                if (error == null && service != null) {
                    updates.update(service);
                }
            });
        }
    }

    private void reconcile(Transaction transaction, String serviceId) {
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
        var slots = new TreeMap<Long, List<Task>>();
        for (Task task : tasks) {
            if (task.desiredState().atMost(TaskState.RUNNING)) {
                slots.computeIfAbsent(task.slotNumber(), key -> new ArrayList<>())
                        .add(task);
            }
        }
        long wanted = service.spec().replicas();
        if (slots.size() < wanted) {
            long missing = wanted - slots.size();
            for (long slot = 1; missing > 0; slot++) {
                if (!slots.containsKey(slot)) {
                    transaction.put(context.newTask(service, slot, null, TaskState.RUNNING));
                    missing--;
                }
            }
        } else if (slots.size() > wanted) {
            for (List<Task> slot : surplus(slots, (int) wanted)) {
                for (Task task : slot) {
                    transaction.put(task.withDesired(TaskState.REMOVE));
                }
            }
        }
    }

    /** Slots to give up: of the nodes with most of them first, those not running before those that do. */
    private static List<List<Task>> surplus(Map<Long, List<Task>> slots, int wanted) {
        var sorted = new ArrayList<>(slots.values());
        sorted.sort(Comparator.<List<Task>, Boolean>comparing(slot -> !runs(slot))
                .thenComparing(slot -> slot.get(0).slotNumber()));
        var onNode = new LinkedHashMap<String, Integer>();
        var indexed = new ArrayList<Map.Entry<Integer, List<Task>>>();
        for (List<Task> slot : sorted) {
            String node = slot.get(0).nodeId();
            int index = node == null ? Integer.MAX_VALUE : onNode.merge(node, 1, Integer::sum);
            indexed.add(Map.entry(index, slot));
        }
        indexed.sort(Map.Entry.comparingByKey());
        return indexed.subList(wanted, indexed.size()).stream()
                .map(Map.Entry::getValue)
                .toList();
    }

    private static boolean runs(List<Task> slot) {
        return slot.stream().anyMatch(task -> task.state() == TaskState.RUNNING);
    }
}
