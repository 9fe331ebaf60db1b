package dev.clusterlab.simulator.swarm.invariant;

import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.swarm.SwarmFacts;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A task that was assigned to a node never gets another, and its container runs nowhere else (swarmkit
 * design/task_model.md: a task is bound to one node for its life; what must run elsewhere is another task).
 */
final class TasksStayOnTheirNode extends SwarmInvariant {
    private final Map<String, String> nodes = new LinkedHashMap<>();

    TasksStayOnTheirNode() {
        super("tasks-stay-on-their-node");
    }

    @Override
    protected void check(SwarmFacts facts) {
        facts.newest().ifPresent(newest -> {
            for (Task task : newest.store().tasks()) {
                if (task.nodeId() != null) {
                    String first = nodes.putIfAbsent(task.id(), task.nodeId());
                    if (first != null && !first.equals(task.nodeId())) {
                        throw broken("task " + task.name() + " moved from node " + first + " to " + task.nodeId());
                    }
                }
            }
        });
        for (SwarmFacts.RunningContainer container : facts.containers()) {
            String node = container.taskId() == null ? null : nodes.get(container.taskId());
            if (node != null && !node.equals(container.nodeId())) {
                throw broken("task " + container.taskId() + " belongs to node " + node + " but its container runs on "
                        + container.nodeId());
            }
        }
    }
}
