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
import java.util.Collection;
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
                reconcile.add(service.id());
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
            var step = new Reconciliation(id);
            context.transactions().run(step::write, error -> step.committed(error != null));
        }
    }

    /** Brings the number of a service's slots to what it asks for, and those that stay to its spec. */
    private final class Reconciliation {
        private final String serviceId;
        /** Slots in use: with a task that is to run, or with one that ended and is not to be replaced. */
        private final TreeMap<Long, List<Task>> used = new TreeMap<>();
        /** Slots of which only the history is left. */
        private final TreeMap<Long, List<Task>> dead = new TreeMap<>();

        private List<List<Task>> toUpdate = List.of();

        Reconciliation(String serviceId) {
            this.serviceId = serviceId;
        }

        void write(Transaction transaction) {
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
                slots.computeIfAbsent(task.slotNumber(), key -> new ArrayList<>())
                        .add(task);
            }
            slots.forEach((slot, all) -> {
                List<Task> updatable = restarts.updatable(service, all);
                if (updatable.isEmpty()) {
                    dead.put(slot, all);
                } else {
                    used.put(slot, updatable);
                }
            });
            scale(transaction, service);
            dead.values().forEach(slot -> slot.forEach(task -> transaction.delete(task.id())));
        }

        private void scale(Transaction transaction, Service service) {
            long wanted = service.spec().replicas();
            toUpdate = List.copyOf(used.values());
            long missing = wanted - used.size();
            for (long slot = 1; missing > 0; slot++) {
                if (!used.containsKey(slot)) {
                    dead.remove(slot);
                    transaction.put(context.newTask(service, slot, null, TaskState.RUNNING));
                    missing--;
                }
            }
            if (used.size() > wanted) {
                List<List<Task>> sorted = keepersFirst(used.values());
                int kept = (int) wanted;
                toUpdate = List.copyOf(sorted.subList(0, kept));
                sorted.subList(kept, sorted.size())
                        .forEach(slot -> slot.forEach(task -> {
                            if (task.desiredState().before(TaskState.REMOVE)) {
                                transaction.put(task.withDesired(TaskState.REMOVE));
                            }
                        }));
            }
        }

        void committed(boolean failed) {
            Service service = context.store().service(serviceId);
            if (!failed && service != null) {
                updates.update(service, toUpdate);
            }
        }
    }

    /** In the order in which slots are kept: the first of each node, the second, …; those that run before those that do not. */
    private static List<List<Task>> keepersFirst(Collection<List<Task>> slots) {
        var sorted = new ArrayList<>(slots);
        sorted.sort(Comparator.<List<Task>, Boolean>comparing(slot -> !runs(slot))
                .thenComparing(slot -> slot.get(0).slotNumber()));
        var onNode = new LinkedHashMap<String, Integer>();
        var indexed = new ArrayList<Map.Entry<Integer, List<Task>>>();
        for (List<Task> slot : sorted) {
            String node = slot.size() == 1 ? slot.get(0).nodeId() : null;
            int index = node == null ? Integer.MAX_VALUE : onNode.merge(node, 1, Integer::sum);
            indexed.add(Map.entry(index, slot));
        }
        indexed.sort(Map.Entry.comparingByKey());
        return indexed.stream().map(Map.Entry::getValue).toList();
    }

    private static boolean runs(List<Task> slot) {
        return slot.stream().anyMatch(task -> task.state() == TaskState.RUNNING);
    }
}
