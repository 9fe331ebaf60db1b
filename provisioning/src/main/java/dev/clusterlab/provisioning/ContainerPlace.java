package dev.clusterlab.provisioning;

import java.util.Map;
import java.util.Optional;

/**
 * Where a container stands: who takes its place is the container itself, when it is started again, or that of the task by which Swarm
 * replaces its own, on whichever machine.
 *
 * @param container its whole identifier
 * @param task a service's name and a slot or a node, with a dot at the end; empty if it is no task's
 */
public record ContainerPlace(String container, Optional<String> task) {
    /** The label that Swarm gives a task's container: {@code SERVICE.SLOT.TASKID}. */
    public static final String LABEL = "com.docker.swarm.task.name";

    public static ContainerPlace of(String container, Map<String, String> labels) {
        String task = labels.getOrDefault(LABEL, "");
        return new ContainerPlace(
                container,
                task.isEmpty() ? Optional.empty() : Optional.of(task.substring(0, task.lastIndexOf('.') + 1)));
    }

    /** Whether a container stands there. */
    public boolean holds(String other, Map<String, String> labels) {
        return container.equals(other)
                || task.filter(place -> labels.getOrDefault(LABEL, "").startsWith(place))
                        .isPresent();
    }
}
