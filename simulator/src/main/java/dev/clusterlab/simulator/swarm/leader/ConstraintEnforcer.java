package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.swarm.store.StoreChange;
import dev.clusterlab.simulator.swarm.store.Transaction;
import java.util.List;

/** Rejects tasks whose node has changed so that it fits no longer (manager/orchestrator/constraintenforcer). */
final class ConstraintEnforcer {
    private final LeaderContext context;

    ConstraintEnforcer(LeaderContext context) {
        this.context = context;
        // The leader before may not have come to it.
        List<String> nodes = context.store().nodes().stream().map(Node::id).toList();
        context.transactions().run(transaction -> nodes.forEach(id -> enforce(transaction, id)));
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
        long nanoCpus = 0;
        long memoryBytes = 0;
        for (Task task : context.store().tasksOnNode(nodeId)) {
            boolean live = task.desiredState().atMost(TaskState.COMPLETE)
                    && !task.desiredState().before(TaskState.ASSIGNED)
                    && task.state().before(TaskState.COMPLETE);
            if (!live) {
                continue;
            }
            // What the service asks for now: a task may be older than a change of constraints that left it where it is.
            Service service = transaction.service(task.serviceId());
            TaskSpec wanted = service == null ? task.spec() : service.spec().taskTemplate();
            boolean fits = Constraints.allMatch(wanted.constraints(), node)
                    && PlacementFilters.resourcesFit(node, task.spec(), nanoCpus, memoryBytes);
            if (fits) {
                nanoCpus += PlacementFilters.reservedNanoCpus(task.spec());
                memoryBytes += PlacementFilters.reservedMemoryBytes(task.spec());
            } else {
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
