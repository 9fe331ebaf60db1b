package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.DockerJson;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Meta;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.swarm.store.Store;
import dev.clusterlab.simulator.swarm.store.Transactions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the leader's loops share. The scope ends with the leadership.
 *
 * @param clusterScope the leadership's life
 */
public record LeaderContext(
        Store store, Transactions transactions, Scope clusterScope, SimRandom random, Allocator allocator) {
    static final long SECOND = 1_000_000_000L;

    long nowNanos() {
        return clusterScope.simulation().nowNanos();
    }

    /** Refuses a value of a filter that is none of those (moby daemon/cluster/filters.go, with status 500). */
    static void checkFilter(Filters filters, String key, List<String> known) {
        for (String value : filters.get(key)) {
            if (!value.isEmpty() && !known.contains(value.toLowerCase(Locale.ROOT))) {
                throw new ApiException(500, "Invalid " + key + " filter: '" + value + "'");
            }
        }
    }

    String now() {
        return DockerJson.time(clusterScope.simulation().now());
    }

    Task.Status status(TaskState state, @Nullable String message) {
        return new Task.Status(now(), state, message, null, null, Task.PortStatus.NONE, nowNanos());
    }

    /**
     * A task to come: in a slot, or on a node of a global service. Where no address can be had it stays new, with the
     * reason, until {@link PendingAllocations} finds one.
     */
    Task newTask(Service service, @Nullable Long slot, @Nullable String nodeId, TaskState desired) {
        String id = random.base36(25);
        String place = slot != null ? String.valueOf(slot) : String.valueOf(nodeId);
        Allocator.Addresses addresses = allocator.addressesFor(service, id);
        return new Task(
                id,
                Meta.created(now()),
                service.name() + "." + place + "." + id,
                Map.of(),
                service.spec().taskTemplate(),
                service.id(),
                slot,
                nodeId,
                switch (addresses) {
                    case Allocator.Addresses.Given _ -> pending();
                    case Allocator.Addresses.Missing(String reason) -> waitingForAddresses(reason);
                },
                desired,
                switch (addresses) {
                    case Allocator.Addresses.Given(List<Task.Attachment> given) -> given.isEmpty() ? null : given;
                    case Allocator.Addresses.Missing _ -> null;
                },
                Task.Origin.of(service, nowNanos()));
    }

    Task.Status pending() {
        return status(TaskState.PENDING, "pending task scheduling");
    }

    Task.Status waitingForAddresses(String reason) {
        return new Task.Status(now(), TaskState.NEW, "created", reason, null, Task.PortStatus.NONE, nowNanos());
    }

    /** Whether a task differs from what its service is now (swarmkit manager/orchestrator/task.go). */
    boolean dirty(Service service, Task task) {
        if (task.specVersion() == service.specVersion()) {
            return false;
        }
        TaskSpec wanted = service.spec().taskTemplate();
        TaskSpec actual = task.spec();
        Node node = store.node(task.nodeId());
        if (node != null && Constraints.allMatch(wanted.constraints(), node)) {
            wanted = wanted.withoutPlacement();
            actual = actual.withoutPlacement();
        }
        return !wanted.equals(actual) || !task.ports().equals(service.ports());
    }
}
