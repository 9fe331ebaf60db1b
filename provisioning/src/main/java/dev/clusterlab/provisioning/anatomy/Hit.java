package dev.clusterlab.provisioning.anatomy;

import dev.clusterlab.provisioning.observe.Subject;
import java.util.List;

/**
 * What a fault hit, as it was when it began. Of a cut, what is on the side that cannot decide.
 *
 * @param machines hit as a whole, by name; none where only a container was hit
 * @param tasks that ran on these, or in the container
 * @param instances in Consul's catalog that these tasks are, without Consul's own servers
 */
public record Hit(List<String> machines, List<Subject.OfTask> tasks, List<Subject.OfInstance> instances) {
    /** Nothing at all. */
    public static final Hit NOTHING = new Hit(List.of(), List.of(), List.of());

    public Hit {
        machines = List.copyOf(machines);
        tasks = List.copyOf(tasks);
        instances = List.copyOf(instances);
    }

    /** Whether a task is among those hit. */
    public boolean hasTask(String id) {
        return tasks.stream().anyMatch(task -> task.id().equals(id));
    }
}
