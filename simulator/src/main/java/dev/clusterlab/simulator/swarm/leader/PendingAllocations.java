package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.swarm.store.StoreChange;
import dev.clusterlab.simulator.swarm.store.Transaction;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Services and tasks for which no address was free: tried again when one is, or at the first change after five minutes
 * (swarmkit manager/allocator/network.go). First come, first served.
 */
final class PendingAllocations {
    private static final long RETRY_NANOS = 300 * LeaderContext.SECOND;

    private final LeaderContext context;
    private final Set<String> services = new LinkedHashSet<>();
    private final Set<String> tasks = new LinkedHashSet<>();
    private boolean scheduled;
    private long lastTryNanos;

    PendingAllocations(LeaderContext context) {
        this.context = context;
        this.lastTryNanos = context.nowNanos();
        context.store().services().forEach(this::consider);
        context.store().tasks().forEach(this::consider);
        if (!(services.isEmpty() && tasks.isEmpty())) {
            schedule();
        }
    }

    private void consider(Service service) {
        if (context.allocator().allocated(service)) {
            services.remove(service.id());
        } else {
            services.add(service.id());
        }
    }

    private void consider(Task task) {
        if (task.state() == TaskState.NEW) {
            tasks.add(task.id());
        } else {
            tasks.remove(task.id());
        }
    }

    /** To be called after the allocator has taken note of the change. */
    void observe(StoreChange change) {
        boolean waits = !(services.isEmpty() && tasks.isEmpty());
        switch (change.either()) {
            case Service service -> {
                if (change.after() == null) {
                    services.remove(service.id());
                } else {
                    consider(service);
                }
            }
            case Task task -> {
                if (change.after() == null) {
                    tasks.remove(task.id());
                } else {
                    consider(task);
                }
            }
            case Node _, Network _, Cluster _ -> {
                // Ask for no addresses.
            }
        }
        boolean freed = context.allocator().freedSince();
        if (waits && (freed || context.nowNanos() - lastTryNanos > RETRY_NANOS)) {
            schedule();
        }
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            context.clusterScope()
                    .schedule(Duration.ZERO, () -> context.transactions().run(this::tryAgain));
        }
    }

    private void tryAgain(Transaction transaction) {
        scheduled = false;
        lastTryNanos = context.nowNanos();
        for (String id : List.copyOf(services)) {
            Service service = transaction.service(id);
            if (service != null && !context.allocator().allocated(service)) {
                Service changed = service.withEndpoint(context.allocator().endpointFor(service));
                if (!changed.virtualIps().equals(service.virtualIps())) {
                    transaction.put(changed);
                }
            }
        }
        for (String id : List.copyOf(tasks)) {
            Task task = transaction.task(id);
            Service service = task == null ? null : transaction.service(task.serviceId());
            if (task == null
                    || service == null
                    || task.state() != TaskState.NEW
                    || task.desiredState().after(TaskState.RUNNING)) {
                continue;
            }
            switch (context.allocator().addressesFor(service, id)) {
                case Allocator.Addresses.Given(List<Task.Attachment> attachments) ->
                    transaction.put(task.allocated(
                            attachments, Task.Origin.of(service, task.createdNanos()), context.pending()));
                case Allocator.Addresses.Missing(String reason) -> {
                    if (!reason.equals(task.status().err())) {
                        transaction.put(task.withStatus(context.waitingForAddresses(reason)));
                    }
                }
            }
        }
    }
}
