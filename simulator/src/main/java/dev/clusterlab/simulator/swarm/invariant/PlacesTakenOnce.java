package dev.clusterlab.simulator.swarm.invariant;

import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.swarm.SwarmFacts;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * In each slot of a replicated service, and on each node of a global one, at most one task is wanted (swarmkit
 * manager/orchestrator: a replacement is made in the transaction that gives up the old one). Services that were ever set to
 * start the new task first are exempt: there both are wanted for a while.
 */
final class PlacesTakenOnce extends SwarmInvariant {
    private final Set<String> startFirst = new LinkedHashSet<>();

    PlacesTakenOnce() {
        super("places-taken-once");
    }

    @Override
    protected void check(SwarmFacts facts) {
        facts.newest().ifPresent(newest -> {
            for (Service service : newest.store().services()) {
                if (startsFirst(service.spec().updateConfig())
                        || startsFirst(service.spec().rollbackConfig())) {
                    startFirst.add(service.id());
                }
            }
            var taken = new LinkedHashMap<String, Task>();
            for (Task task : newest.store().tasks()) {
                if (task.desiredState().atMost(TaskState.RUNNING) && !startFirst.contains(task.serviceId())) {
                    Task other = taken.put(task.serviceId() + " " + task.place(), task);
                    if (other != null) {
                        throw broken(task.place() + " of " + task.serviceName() + " is taken by "
                                + other.id() + " (wanted " + other.desiredState() + ") and " + task.id() + " (wanted "
                                + task.desiredState() + ")");
                    }
                }
            }
        });
    }

    private static boolean startsFirst(ServiceSpec.@Nullable UpdateConfig config) {
        return config != null && "start-first".equals(config.order());
    }
}
