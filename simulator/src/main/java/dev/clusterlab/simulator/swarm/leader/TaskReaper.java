package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.swarm.store.StoreChange;
import dev.clusterlab.simulator.swarm.store.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Forgets old tasks beyond the history, and those that are to be removed (manager/orchestrator/taskreaper). */
final class TaskReaper {
    private static final Duration BATCH = Duration.ofMillis(250);

    private final LeaderContext context;
    /** Service → places with a new task. */
    private final Map<String, Set<String>> dirty = new LinkedHashMap<>();

    private final Set<String> removable = new LinkedHashSet<>();
    private boolean scheduled;

    TaskReaper(LeaderContext context) {
        this.context = context;
        for (Task task : context.store().tasks()) {
            consider(task, false);
        }
    }

    void observe(StoreChange change) {
        if (change.after() instanceof Task task) {
            consider(task, change.before() == null);
        }
    }

    private void consider(Task task, boolean created) {
        if (created) {
            dirty.computeIfAbsent(task.serviceId(), key -> new LinkedHashSet<>())
                    .add(task.place());
        }
        if (finished(task)) {
            removable.add(task.id());
        }
        if (!scheduled && !(dirty.isEmpty() && removable.isEmpty())) {
            scheduled = true;
            context.clusterScope().schedule(BATCH, () -> context.transactions().run(this::tick));
        }
    }

    private boolean finished(Task task) {
        if (task.desiredState() == TaskState.REMOVE) {
            return task.state().before(TaskState.ASSIGNED) || !task.state().before(TaskState.COMPLETE);
        }
        return task.state() == TaskState.ORPHANED && context.store().service(task.serviceId()) == null;
    }

    private void tick(Transaction transaction) {
        scheduled = false;
        for (String id : removable) {
            Task task = transaction.task(id);
            if (task != null && finished(task)) {
                transaction.delete(id);
            }
        }
        removable.clear();
        dirty.forEach((serviceId, places) -> trim(transaction, serviceId, places));
        dirty.values().removeIf(Set::isEmpty);
    }

    /** Trims these places of a service. A place with more than one live task stays in the set: it is looked at again. */
    private void trim(Transaction transaction, String serviceId, Set<String> places) {
        Service service = transaction.service(serviceId);
        Cluster cluster = context.store().cluster();
        long limit = cluster == null ? -1 : cluster.spec().taskHistory();
        TaskSpec.RestartPolicy policy =
                service == null ? null : service.spec().taskTemplate().restartPolicy();
        if (policy != null && policy.maxAttempts() != null && policy.maxAttempts() > 0) {
            limit = policy.maxAttempts() + 1;
        }
        if (service == null || limit < 0) {
            places.clear();
            return;
        }
        for (String place : List.copyOf(places)) {
            List<Task> tasks = new ArrayList<>(context.store().tasksAt(serviceId, place));
            long surplus = tasks.size() - limit;
            long live = 0;
            tasks.sort(Comparator.comparingLong(task -> task.status().atNanos()));
            for (Task task : tasks) {
                if (surplus <= 0) {
                    break;
                }
                boolean neverRuns = task.state().before(TaskState.ASSIGNED)
                        && task.desiredState().after(TaskState.RUNNING);
                if (task.state().after(TaskState.RUNNING) || neverRuns) {
                    transaction.delete(task.id());
                    surplus--;
                } else {
                    live++;
                }
            }
            if (live <= 1) {
                places.remove(place);
            }
        }
    }
}
