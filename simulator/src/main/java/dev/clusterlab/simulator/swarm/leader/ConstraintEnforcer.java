package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.swarm.store.StoreChange;
import dev.clusterlab.simulator.swarm.store.Transaction;

/** Rejects tasks whose node has changed so that it fits no longer (manager/orchestrator/constraintenforcer). */
final class ConstraintEnforcer {
    private final LeaderContext context;

    ConstraintEnforcer(LeaderContext context) {
        this.context = context;
    }

    void observe(StoreChange change) {
        if (!(change.before() instanceof Node before) || !(change.after() instanceof Node after)) {
            return;
        }
        boolean same = before.spec().equals(after.spec())
                && before.description().equals(after.description())
                && java.util.Objects.equals(before.certificateRole(), after.certificateRole());
        if (!same && after.availability(Node.ACTIVE)) {
            context.transactions().run(transaction -> enforce(transaction, after.id()));
        }
    }

    private void enforce(Transaction transaction, String nodeId) {
        Node node = transaction.node(nodeId);
        if (node == null || !node.availability(Node.ACTIVE)) {
            return;
        }
        for (Task task : context.store().tasksOnNode(nodeId)) {
            boolean live = task.desiredState().atMost(TaskState.RUNNING)
                    && !task.state().before(TaskState.ASSIGNED)
                    && task.state().atMost(TaskState.RUNNING);
            boolean fits = Constraints.allMatch(task.spec().constraints(), node)
                    && PlacementFilters.resourcesFit(node, task.spec(), 0, 0);
            if (live && !fits) {
                transaction.put(task.withStatus(new Task.Status(
                        context.now(),
                        TaskState.REJECTED,
                        "task rejected by constraint enforcer",
                        "assigned node no longer meets constraints",
                        task.status().containerStatus(),
                        Task.PortStatus.NONE,
                        context.nowNanos())));
            }
        }
    }
}
