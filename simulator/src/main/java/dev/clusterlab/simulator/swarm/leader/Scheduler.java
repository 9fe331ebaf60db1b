package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.swarm.store.StoreChange;
import dev.clusterlab.simulator.swarm.store.Transaction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Places pending tasks (swarmkit manager/scheduler): filters, then fewest tasks of the service, then fewest tasks. Ties,
 * which the real one leaves to chance, go to the node that joined first.
 */
final class Scheduler {
    private static final Duration DEBOUNCE = Duration.ofMillis(50);
    private static final Duration DEBOUNCE_MAX = Duration.ofSeconds(1);
    private static final int FAILURES_MAX = 5;
    private static final long FAILURE_WINDOW = 300 * LeaderContext.SECOND;

    private final LeaderContext context;
    private final Map<String, NodeLoad> loads = new LinkedHashMap<>();
    private final Set<String> pending = new LinkedHashSet<>();
    private @Nullable Timer timer;
    private long firstTriggerNanos;
    private int nextOrder;

    /** What is placed on one node. */
    static final class NodeLoad {
        final int order;
        Node node;
        int active;
        final Map<String, Integer> activeByService = new LinkedHashMap<>();
        long nanoCpus;
        long memoryBytes;
        final Map<String, Integer> hostPorts = new LinkedHashMap<>();
        final Map<String, ArrayDeque<Long>> failures = new LinkedHashMap<>();

        NodeLoad(Node node, int order) {
            this.node = node;
            this.order = order;
        }

        int of(String serviceId) {
            return activeByService.getOrDefault(serviceId, 0);
        }

        void count(Task task, int sign) {
            if (task.desiredState().atMost(TaskState.COMPLETE)) {
                active += sign;
                activeByService.merge(task.serviceId(), sign, (a, b) -> a + b == 0 ? null : a + b);
            }
            nanoCpus += sign * PlacementFilters.reservedNanoCpus(task.spec());
            memoryBytes += sign * PlacementFilters.reservedMemoryBytes(task.spec());
            for (ServiceSpec.Port port : task.ports()) {
                if (port.host() && port.published() != 0) {
                    hostPorts.merge(portKey(port), sign, (a, b) -> a + b == 0 ? null : a + b);
                }
            }
        }
    }

    private static String portKey(ServiceSpec.Port port) {
        return port.published() + "/" + port.protocolOrTcp();
    }

    Scheduler(LeaderContext context) {
        this.context = context;
        for (Node node : context.store().nodes()) {
            loads.put(node.id(), new NodeLoad(node, nextOrder++));
        }
        for (Task task : context.store().tasks()) {
            account(task, 1);
            track(task);
        }
        trigger();
    }

    private static boolean held(Task task) {
        return task.nodeId() != null
                && !task.state().before(TaskState.ASSIGNED)
                && task.state().atMost(TaskState.RUNNING);
    }

    private void account(Task task, int sign) {
        if (held(task)) {
            NodeLoad load = loads.get(task.nodeId());
            if (load != null) {
                load.count(task, sign);
            }
        }
    }

    private boolean track(Task task) {
        if (task.state() == TaskState.PENDING && task.desiredState().atMost(TaskState.COMPLETE)) {
            return pending.add(task.id());
        }
        pending.remove(task.id());
        return false;
    }

    void observe(StoreChange change) {
        switch (change.either()) {
            case Task task -> {
                if (change.before() instanceof Task before) {
                    account(before, -1);
                }
                if (change.after() instanceof Task after) {
                    account(after, 1);
                    boolean added = track(after);
                    boolean ended = after.state().after(TaskState.RUNNING);
                    if (ended
                            && change.before() instanceof Task before
                            && !before.state().after(TaskState.RUNNING)) {
                        recordFailure(after);
                    }
                    if (added || (ended && !pending.isEmpty())) {
                        trigger();
                    }
                } else {
                    pending.remove(task.id());
                    if (!pending.isEmpty()) {
                        trigger();
                    }
                }
            }
            case Node node -> {
                if (change.after() instanceof Node after) {
                    NodeLoad load = loads.get(node.id());
                    if (load == null) {
                        loads.put(node.id(), new NodeLoad(after, nextOrder++));
                    } else {
                        load.node = after;
                    }
                } else {
                    loads.remove(node.id());
                }
                if (!pending.isEmpty()) {
                    trigger();
                }
            }
            case Service _, Network _, Cluster _ -> {
                // Tasks say what matters here.
            }
        }
    }

    private void recordFailure(Task task) {
        boolean failed = task.state() == TaskState.FAILED || task.state() == TaskState.REJECTED;
        NodeLoad load = task.nodeId() == null ? null : loads.get(task.nodeId());
        if (failed && load != null && task.slot() != null) {
            load.failures
                    .computeIfAbsent(failureKey(task), key -> new ArrayDeque<>())
                    .addLast(context.nowNanos());
        }
    }

    private static String failureKey(Task task) {
        return task.serviceId() + " " + task.specVersion();
    }

    private int failures(NodeLoad load, Task task) {
        ArrayDeque<Long> times = load.failures.get(failureKey(task));
        if (times == null) {
            return 0;
        }
        while (!times.isEmpty() && times.peekFirst() < context.nowNanos() - FAILURE_WINDOW) {
            times.removeFirst();
        }
        return times.size() < FAILURES_MAX ? 0 : times.size();
    }

    private void trigger() {
        if (timer != null && timer.pending()) {
            timer.cancel();
        } else {
            firstTriggerNanos = context.nowNanos();
        }
        long latest = firstTriggerNanos + DEBOUNCE_MAX.toNanos() - context.nowNanos();
        timer = context.clusterScope()
                .schedule(
                        Duration.ofNanos(Math.min(DEBOUNCE.toNanos(), latest)),
                        () -> context.transactions().run(this::pass));
    }

    private void pass(Transaction transaction) {
        var groups = new LinkedHashMap<String, List<Task>>();
        var placed = new ArrayList<Task>();
        for (String id : List.copyOf(pending)) {
            Task task = transaction.task(id);
            if (task == null || task.state() != TaskState.PENDING) {
                pending.remove(id);
            } else if (task.nodeId() != null) {
                confirm(transaction, task, placed);
            } else {
                groups.computeIfAbsent(failureKey(task), key -> new ArrayList<>())
                        .add(task);
            }
        }
        for (List<Task> group : groups.values()) {
            place(transaction, group, placed);
        }
        // The commit will count them for good.
        placed.forEach(task -> account(task, -1));
    }

    private void confirm(Transaction transaction, Task task, List<Task> placed) {
        NodeLoad load = loads.get(task.nodeId());
        if (load == null) {
            return;
        }
        PlacementFilters.Reason reason = PlacementFilters.check(load, task);
        if (reason == null) {
            Task assigned = task.withStatus(
                    context.status(TaskState.ASSIGNED, "scheduler confirmed task can run on preassigned node"));
            account(assigned, 1);
            placed.add(assigned);
            transaction.put(assigned);
        } else {
            explain(transaction, task, PlacementFilters.explain(Map.of(reason, 1)));
        }
    }

    private void explain(Transaction transaction, Task task, String error) {
        if (!error.equals(task.status().err())) {
            transaction.put(task.withStatus(new Task.Status(
                    context.now(),
                    task.state(),
                    task.status().message(),
                    error,
                    null,
                    Task.PortStatus.NONE,
                    context.nowNanos())));
        }
    }

    private void place(Transaction transaction, List<Task> group, List<Task> placed) {
        Task sample = group.get(0);
        var reasons = new LinkedHashMap<PlacementFilters.Reason, Integer>();
        var fitting = new ArrayList<NodeLoad>();
        for (NodeLoad load : loads.values()) {
            PlacementFilters.Reason reason = PlacementFilters.check(load, sample);
            if (reason == null) {
                fitting.add(load);
            } else {
                reasons.merge(reason, 1, Integer::sum);
            }
        }
        var order = Comparator.<NodeLoad>comparingInt(load -> failures(load, sample))
                .thenComparingInt(load -> load.of(sample.serviceId()))
                .thenComparingInt(load -> load.active)
                .thenComparingInt(load -> load.order);
        var tree = new PlacementTree(fitting, PlacementFilters.spreadKeys(sample), sample.serviceId(), order);
        for (Task task : group) {
            NodeLoad chosen = tree.take(task, reasons);
            if (chosen == null) {
                String why = PlacementFilters.explain(reasons);
                explain(transaction, task, why.isEmpty() ? "no suitable node" : "no suitable node (" + why + ")");
                continue;
            }
            Task assigned = task.withNode(chosen.node.id())
                    .withStatus(context.status(TaskState.ASSIGNED, "scheduler assigned task to node"));
            account(assigned, 1);
            placed.add(assigned);
            transaction.put(assigned);
            tree.placed(chosen);
        }
    }
}
