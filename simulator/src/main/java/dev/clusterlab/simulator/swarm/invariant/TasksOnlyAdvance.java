package dev.clusterlab.simulator.swarm.invariant;

import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.swarm.SwarmFacts;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Neither what is observed of a task nor what is wanted of it ever goes back (swarmkit design/task_model.md: state and
 * desired state only increase, so that no late report revives a task).
 */
final class TasksOnlyAdvance extends SwarmInvariant {
    private final Map<String, Task> before = new LinkedHashMap<>();
    private long index;

    TasksOnlyAdvance() {
        super("tasks-only-advance");
    }

    @Override
    protected void check(SwarmFacts facts) {
        SwarmFacts.Replica newest = facts.newest().orElse(null);
        if (newest == null || newest.appliedIndex() <= index) {
            return;
        }
        index = newest.appliedIndex();
        before.keySet().removeIf(id -> newest.store().task(id) == null);
        for (Task task : newest.store().tasks()) {
            Task old = before.put(task.id(), task);
            if (old != null
                    && (task.state().before(old.state()) || task.desiredState().before(old.desiredState()))) {
                throw broken("task " + task.name() + " went back from " + old.state() + " (wanted " + old.desiredState()
                        + ") to " + task.state() + " (wanted " + task.desiredState() + ")");
            }
        }
    }
}
