package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.docker.api.Task;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that tasks of one kind may go to, parted by what they are to be spread over, the best of each part on top
 * (swarmkit manager/scheduler: decision_tree.go, nodeset.go). It is made once for many tasks; each then costs as many
 * steps as there are parts, not as there are nodes.
 */
final class PlacementTree {
    private final Branch root = new Branch();
    private @Nullable Branch lastLeaf;

    private static final class Branch {
        /** Empty in a leaf. */
        final Map<String, Branch> branches = new LinkedHashMap<>();

        @Nullable
        PriorityQueue<Scheduler.NodeLoad> nodes;
        /** Of the service, on the nodes that fit. */
        int tasks;
    }

    PlacementTree(
            List<Scheduler.NodeLoad> fitting,
            List<String> spreadKeys,
            String serviceId,
            Comparator<Scheduler.NodeLoad> order) {
        for (Scheduler.NodeLoad load : fitting) {
            int tasks = load.of(serviceId);
            Branch branch = root;
            branch.tasks += tasks;
            for (String key : spreadKeys) {
                branch = branch.branches.computeIfAbsent(PlacementFilters.value(load.node, key), value -> new Branch());
                branch.tasks += tasks;
            }
            if (branch.nodes == null) {
                branch.nodes = new PriorityQueue<>(order);
            }
            branch.nodes.add(load);
        }
    }

    /**
     * The best node of the least loaded part that still fits, or null. Nodes that do not fit any more are left out from
     * now on and counted in {@code reasons}. Call {@link #placed} when the task counts there.
     */
    Scheduler.@Nullable NodeLoad take(Task task, Map<PlacementFilters.Reason, Integer> reasons) {
        return take(root, task, reasons);
    }

    private Scheduler.@Nullable NodeLoad take(Branch branch, Task task, Map<PlacementFilters.Reason, Integer> reasons) {
        if (branch.nodes != null) {
            return takeFromLeaf(branch, branch.nodes, task, reasons);
        }
        while (!branch.branches.isEmpty()) {
            Map.Entry<String, Branch> least = null;
            for (Map.Entry<String, Branch> entry : branch.branches.entrySet()) {
                if (least == null || entry.getValue().tasks < least.getValue().tasks) {
                    least = entry;
                }
            }
            if (least == null) {
                return null;
            }
            int before = least.getValue().tasks;
            Scheduler.NodeLoad found = take(least.getValue(), task, reasons);
            branch.tasks += least.getValue().tasks - before;
            if (found != null) {
                return found;
            }
            branch.branches.remove(least.getKey());
        }
        return null;
    }

    private Scheduler.@Nullable NodeLoad takeFromLeaf(
            Branch leaf,
            PriorityQueue<Scheduler.NodeLoad> nodes,
            Task task,
            Map<PlacementFilters.Reason, Integer> reasons) {
        while (true) {
            Scheduler.NodeLoad load = nodes.poll();
            if (load == null) {
                return null;
            }
            PlacementFilters.Reason reason = PlacementFilters.check(load, task);
            if (reason == null) {
                leaf.tasks++;
                lastLeaf = leaf;
                return load;
            }
            leaf.tasks -= load.of(task.serviceId());
            reasons.merge(reason, 1, Integer::sum);
        }
    }

    /** The task counts on the node that was taken last: it takes its new place among the others. */
    void placed(Scheduler.NodeLoad taken) {
        if (lastLeaf != null && lastLeaf.nodes != null) {
            lastLeaf.nodes.add(taken);
        }
    }
}
