package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.swarm.store.StoreChange;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One update of one service (swarmkit manager/orchestrator/update/updater.go). */
final class ServiceUpdate {
    private static final long MONITOR_DEFAULT = 5 * LeaderContext.SECOND;

    private final LeaderContext context;
    private final RestartSupervisor restarts;
    private final Service service;
    private final Runnable finished;
    private final boolean rollback;
    private final long parallelism;
    private final long delayNanos;
    private final long monitorNanos;
    private final String failureAction;
    private final double maxFailureRatio;
    private final boolean startFirst;
    private final ArrayDeque<String> places = new ArrayDeque<>();
    private final Map<String, Running> tasks = new LinkedHashMap<>();
    private int total;
    private int failures;
    private int busyWorkers;
    private boolean stopped;

    /** A task that this update made. */
    private static final class Running {
        final List<String> oldTasks;
        final Runnable next;
        long startedNanos = -1;
        boolean done;
        boolean failed;

        Running(List<String> oldTasks, Runnable next) {
            this.oldTasks = oldTasks;
            this.next = next;
        }
    }

    ServiceUpdate(LeaderContext context, RestartSupervisor restarts, Service service, Runnable finished) {
        this.context = context;
        this.restarts = restarts;
        this.service = service;
        this.finished = finished;
        this.rollback = state().startsWith("rollback");
        ServiceSpec.UpdateConfig given =
                rollback ? service.spec().rollbackConfig() : service.spec().updateConfig();
        ServiceSpec.UpdateConfig config =
                given == null ? new ServiceSpec.UpdateConfig(null, null, null, null, null, null) : given;
        this.parallelism = config.parallelism() == null ? (given == null ? 1 : 0) : config.parallelism();
        this.delayNanos = config.delay() == null ? 0 : config.delay();
        long monitor = config.monitor() == null || config.monitor() == 0 ? MONITOR_DEFAULT : config.monitor();
        this.monitorNanos = delayNanos >= monitor ? delayNanos + LeaderContext.SECOND : monitor;
        this.failureAction =
                config.failureAction() == null || config.failureAction().isEmpty() ? "pause" : config.failureAction();
        this.maxFailureRatio = config.maxFailureRatio() == null ? 0 : config.maxFailureRatio();
        this.startFirst = "start-first".equals(config.order());
    }

    private String state() {
        return service.updateStatus() == null ? "" : service.updateStatus().state();
    }

    boolean sameAs(Service other) {
        return other.specVersion() == service.specVersion() && !stopped;
    }

    private Map<String, List<Task>> runnableByPlace() {
        var byPlace = new TreeMap<String, List<Task>>(
                java.util.Comparator.comparingInt(String::length).thenComparing(place -> place));
        for (Task task : context.store().tasksOfService(service.id())) {
            if (task.desiredState().atMost(TaskState.RUNNING)) {
                byPlace.computeIfAbsent(task.place(), key -> new ArrayList<>()).add(task);
            }
        }
        return byPlace;
    }

    /** Whether there is something to do. Ends a status that says otherwise. */
    boolean needed() {
        if (state().equals("paused") || state().equals("rollback_paused")) {
            return false;
        }
        runnableByPlace().forEach((place, there) -> {
            if (there.size() > 1 || context.dirty(service, there.get(0))) {
                places.add(place);
            }
        });
        total = places.size();
        if (places.isEmpty() && (state().equals("updating") || state().equals("rollback_started"))) {
            complete();
        }
        return !places.isEmpty();
    }

    void start() {
        if (!rollback && !state().equals("updating")) {
            status("updating", "update in progress", true);
        }
        long workers = parallelism == 0 ? places.size() : Math.min(parallelism, places.size());
        for (long i = 0; i < workers; i++) {
            busyWorkers++;
            work();
        }
    }

    void cancel() {
        stopped = true;
    }

    private void work() {
        if (stopped) {
            return;
        }
        String place = places.poll();
        if (place == null) {
            busyWorkers--;
            if (busyWorkers == 0) {
                context.clusterScope().schedule(Duration.ofNanos(monitorNanos), this::complete);
            }
            return;
        }
        replace(place, () -> {
            if (delayNanos > 0 && !places.isEmpty()) {
                context.clusterScope().schedule(Duration.ofNanos(delayNanos), this::work);
            } else {
                context.clusterScope().schedule(Duration.ZERO, this::work);
            }
        });
    }

    private void replace(String place, Runnable next) {
        var made = new Task[1];
        var old = new ArrayList<String>();
        context.transactions()
                .run(
                        transaction -> {
                            List<Task> there = runnableByPlace().getOrDefault(place, List.of());
                            Service current = transaction.service(service.id());
                            if (stopped || there.isEmpty() || current == null) {
                                return;
                            }
                            Task sample = there.get(0);
                            Task task = context.newTask(
                                    current,
                                    sample.slot(),
                                    sample.slot() == null ? sample.nodeId() : null,
                                    startFirst ? TaskState.RUNNING : TaskState.READY);
                            made[0] = task;
                            for (Task before : there) {
                                old.add(before.id());
                                if (!startFirst) {
                                    transaction.put(before.withDesired(TaskState.SHUTDOWN));
                                }
                            }
                            transaction.put(task);
                            tasks.put(task.id(), new Running(old, next));
                        },
                        error -> {
                            if (error != null || made[0] == null) {
                                next.run();
                            } else if (!startFirst) {
                                restarts.delayStart(old.get(0), made[0].id(), 0, true);
                            }
                        });
    }

    void observe(StoreChange change) {
        Running running = tasks.get(change.id());
        if (running == null || stopped) {
            return;
        }
        @Nullable Task task = change.after() instanceof Task after ? after : null;
        if (task == null || task.state().after(TaskState.RUNNING)) {
            boolean early = running.startedNanos < 0 || context.nowNanos() - running.startedNanos <= monitorNanos;
            boolean superseded = task == null
                    || (task.desiredState().after(TaskState.RUNNING)
                            && (task.state() == TaskState.SHUTDOWN || task.state() == TaskState.ORPHANED));
            if (early && !superseded && !running.failed) {
                running.failed = true;
                failed(change.id());
            }
            advance(running);
        } else if (task.state() == TaskState.RUNNING) {
            if (running.startedNanos < 0) {
                running.startedNanos = context.nowNanos();
            }
            if (startFirst && !running.done) {
                context.transactions().run(transaction -> {
                    for (String id : running.oldTasks) {
                        Task before = transaction.task(id);
                        if (before != null && before.desiredState().atMost(TaskState.RUNNING)) {
                            transaction.put(before.withDesired(TaskState.SHUTDOWN));
                        }
                    }
                });
            }
            advance(running);
        } else if (task.desiredState().after(TaskState.RUNNING)) {
            advance(running);
        }
    }

    private void advance(Running running) {
        if (!running.done && !stopped) {
            running.done = true;
            running.next.run();
        }
    }

    private void failed(String taskId) {
        failures++;
        if (failureAction.equals("continue") || (double) failures / Math.max(1, total) <= maxFailureRatio) {
            return;
        }
        stopped = true;
        if (rollback) {
            status("rollback_paused", "rollback paused due to failure or early termination of task " + taskId, false);
        } else if (failureAction.equals("rollback")) {
            rollBack("update rolled back due to failure or early termination of task " + taskId);
        } else {
            status("paused", "update paused due to failure or early termination of task " + taskId, false);
        }
        finished.run();
    }

    private void rollBack(String message) {
        context.transactions().run(transaction -> {
            Service current = transaction.service(service.id());
            if (current == null || current.specVersion() != service.specVersion()) {
                return;
            }
            ServiceSpec previous = current.previousSpec();
            if (previous == null) {
                transaction.put(current.withUpdateStatus(
                        new Service.UpdateStatus("paused", startedAt(current), null, message)));
                return;
            }
            Service changed = current.withSpec(
                    previous,
                    null,
                    new Service.UpdateStatus("rollback_started", context.now(), null, message),
                    current.previousSpecVersion());
            transaction.put(changed.withEndpoint(context.allocator().endpointFor(changed)));
        });
    }

    private static @Nullable String startedAt(Service service) {
        return service.updateStatus() == null ? null : service.updateStatus().startedAt();
    }

    private void complete() {
        if (stopped) {
            return;
        }
        stopped = true;
        status(
                rollback ? "rollback_completed" : "completed",
                rollback ? "rollback completed" : "update completed",
                false);
        finished.run();
    }

    private void status(String state, String message, boolean begins) {
        context.transactions().run(transaction -> {
            Service current = transaction.service(service.id());
            if (current != null && current.specVersion() == service.specVersion()) {
                boolean ends = state.endsWith("completed");
                String started = begins ? context.now() : startedAt(current);
                transaction.put(current.withUpdateStatus(
                        new Service.UpdateStatus(state, started, ends ? context.now() : null, message)));
            }
        });
    }
}
