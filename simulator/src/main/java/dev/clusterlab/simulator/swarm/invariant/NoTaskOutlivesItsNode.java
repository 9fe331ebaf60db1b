package dev.clusterlab.simulator.swarm.invariant;

import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.swarm.SwarmFacts;

/**
 * No task counts as running, or on its way there, on a node that was removed (swarmkit manager/controlapi/node.go marks
 * them as orphaned in the same transaction, so that they are replaced).
 */
final class NoTaskOutlivesItsNode extends SwarmInvariant {
    NoTaskOutlivesItsNode() {
        super("no-task-outlives-its-node");
    }

    @Override
    protected void check(SwarmFacts facts) {
        facts.newest().ifPresent(newest -> {
            for (Task task : newest.store().tasks()) {
                boolean active =
                        !task.state().before(TaskState.ASSIGNED) && task.state().atMost(TaskState.RUNNING);
                if (active && task.nodeId() != null && newest.store().node(task.nodeId()) == null) {
                    throw broken(
                            "task " + task.name() + " is " + task.state() + " on the removed node " + task.nodeId());
                }
            }
        });
    }
}
