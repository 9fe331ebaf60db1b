package dev.clusterlab.simulator.swarm.invariant;

import dev.clusterlab.simulator.swarm.SwarmFacts;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A task runs in one container, once: never in two at a time, and never again after that has ended (swarmkit
 * design/task_model.md: a task is one run; what shall run again is another task).
 */
final class TasksRunOnce extends SwarmInvariant {
    private final Map<String, String> running = new LinkedHashMap<>();
    private final Set<String> ended = new LinkedHashSet<>();

    TasksRunOnce() {
        super("tasks-run-once");
    }

    @Override
    protected void check(SwarmFacts facts) {
        var now = new LinkedHashMap<String, String>();
        for (SwarmFacts.RunningContainer container : facts.containers()) {
            String task = container.taskId();
            if (task != null) {
                String other = now.put(task, container.id());
                if (other != null) {
                    throw broken("task " + task + " runs in two containers: " + other + " and " + container.id());
                }
            }
        }
        running.forEach((task, container) -> {
            if (!container.equals(now.get(task))) {
                ended.add(task);
            }
        });
        for (String task : now.keySet()) {
            if (ended.contains(task)) {
                throw broken("task " + task + " runs again in " + now.get(task));
            }
        }
        running.clear();
        running.putAll(now);
    }
}
