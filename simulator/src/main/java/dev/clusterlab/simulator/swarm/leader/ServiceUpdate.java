package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.swarm.store.StoreChange;
import dev.clusterlab.simulator.swarm.store.Transaction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One update of one service (swarmkit manager/orchestrator/update/updater.go). Workers, as many as its parallelism, take
 * one place after another: each replaces a task, waits until the new one runs or has ended, then for the delay, also
 * after the last place. When all are done, the new tasks are watched for the monitoring time.
 */
final class ServiceUpdate {
    private static final long MONITOR_DEFAULT = 5 * LeaderContext.SECOND;

    private final LeaderContext context;
    private final RestartSupervisor restarts;
    private final Service service;
    private final Consumer<ServiceUpdate> finished;
    private final boolean rollback;
    private final long parallelism;
    private final long delayNanos;
    private final String failureAction;
    private final double maxFailureRatio;
    private final boolean startFirst;
    private final ArrayDeque<List<String>> places = new ArrayDeque<>();
    /** The tasks that this update made. */
    private final Map<String, Made> tasks = new LinkedHashMap<>();
    /** Ends that were seen after the last place was given out: they are judged when the watching begins. */
    private final List<String> unjudged = new ArrayList<>();

    private long monitorNanos;
    private int total;
    private int failures;
    private int busyWorkers;
    private Phase phase = Phase.REPLACING;
    /** It has failed: no further place is begun, those that are under way are brought to their end. */
    private boolean stopped;

    /** Another update has taken its place. */
    private boolean cancelled;

    /** How far it is: places are left, the last ones are being replaced, all is replaced. */
    private enum Phase {
        REPLACING,
        LAST,
        WATCHING
    }

    /** A task that this update made. */
    private static final class Made {
        final List<String> oldTasks;
        final Runnable next;
        /** Released by the restart supervisor: its worker looks at it from then on. */
        boolean released;
        /** When its worker saw it run or ended; negative before. */
        long seenNanos = -1;

        boolean failed;

        Made(List<String> oldTasks, Runnable next) {
            this.oldTasks = oldTasks;
            this.next = next;
        }
    }

    ServiceUpdate(
            LeaderContext context, RestartSupervisor restarts, Service service, Consumer<ServiceUpdate> finished) {
        this.context = context;
        this.restarts = restarts;
        this.service = service;
        this.finished = finished;
        this.rollback = state().equals("rollback_started");
        ServiceSpec.UpdateConfig given =
                rollback ? service.spec().rollbackConfig() : service.spec().updateConfig();
        ServiceSpec.UpdateConfig config =
                given == null ? new ServiceSpec.UpdateConfig(null, null, null, null, null, null) : given;
        this.parallelism = config.parallelism() == null ? (given == null ? 1 : 0) : config.parallelism();
        this.delayNanos = config.delay() == null ? 0 : config.delay();
        this.monitorNanos = config.monitor() == null || config.monitor() == 0 ? MONITOR_DEFAULT : config.monitor();
        this.failureAction =
                config.failureAction() == null || config.failureAction().isEmpty() ? "pause" : config.failureAction();
        this.maxFailureRatio = config.maxFailureRatio() == null ? 0 : config.maxFailureRatio();
        this.startFirst = "start-first".equals(config.order());
    }

    private String state() {
        return service.updateStatus() == null ? "" : service.updateStatus().state();
    }

    boolean sameAs(Service other) {
        return other.specVersion() == service.specVersion();
    }

    /** Whether there is something to do in these places. Ends a status that says otherwise. */
    boolean needed(List<List<Task>> candidates) {
        if (state().equals("paused") || state().equals("rollback_paused")) {
            return false;
        }
        for (List<Task> place : candidates) {
            if (place.size() > 1 || (place.size() == 1 && context.dirty(service, place.get(0)))) {
                places.add(place.stream().map(Task::id).toList());
            }
        }
        total = places.size();
        if (places.isEmpty() && (state().equals("updating") || state().equals("rollback_started"))) {
            complete();
        }
        return !places.isEmpty();
    }

    void start() {
        if (state().isEmpty()) {
            status("updating", "update in progress", true);
        }
        long workers = parallelism == 0 ? places.size() : Math.min(parallelism, places.size());
        busyWorkers = (int) workers;
        for (long i = 0; i < workers; i++) {
            work();
        }
    }

    void cancel() {
        cancelled = true;
    }

    /** A worker is free. */
    private void work() {
        if (cancelled) {
            return;
        }
        List<String> place = stopped ? null : places.poll();
        if (places.isEmpty() && phase == Phase.REPLACING) {
            phase = Phase.LAST;
        }
        if (place == null) {
            busyWorkers--;
            if (busyWorkers == 0 && stopped) {
                finished.accept(this);
            } else if (busyWorkers == 0) {
                watch();
            }
            return;
        }
        replace(place, () -> context.clusterScope().schedule(Duration.ofNanos(delayNanos), this::work));
    }

    private void watch() {
        phase = Phase.WATCHING;
        if (delayNanos >= monitorNanos) {
            monitorNanos = delayNanos + LeaderContext.SECOND;
        }
        unjudged.forEach(this::judge);
        unjudged.clear();
        if (!stopped) {
            context.clusterScope().schedule(Duration.ofNanos(monitorNanos), this::complete);
        }
    }

    /** What a worker does with one place; {@code next} runs when the new task there runs or has ended. */
    private void replace(List<String> place, Runnable next) {
        var step = new Replacement(next);
        context.transactions()
                .run(transaction -> step.write(transaction, place), error -> step.committed(error != null));
    }

    private final class Replacement {
        private final Runnable next;
        private @Nullable Task fresh;
        /** A task that was stopped for the new one. */
        private @Nullable Task old;

        private @Nullable Task starting;

        Replacement(Runnable next) {
            this.next = next;
        }

        void write(Transaction transaction, List<String> place) {
            Service current = transaction.service(service.id());
            var there = new ArrayList<Task>();
            place.forEach(id -> {
                Task task = transaction.task(id);
                if (task != null) {
                    there.add(task);
                }
            });
            if (cancelled || current == null || there.isEmpty()) {
                return;
            }
            // One of them may have ended, and been replaced, since the update chose this place.
            for (Task task :
                    context.store().tasksAt(service.id(), there.getFirst().place())) {
                Task now = transaction.task(task.id());
                if (now != null
                        && now.desiredState().atMost(TaskState.RUNNING)
                        && there.stream().noneMatch(known -> known.id().equals(now.id()))) {
                    there.add(now);
                }
            }
            Task existing = existing(there);
            if (existing != null) {
                there.remove(existing);
                stop(transaction, there);
                if (existing.desiredState() != TaskState.RUNNING) {
                    starting = existing;
                }
                return;
            }
            Task sample = there.get(0);
            Task made = context.newTask(
                    current, sample.slot(), sample.slot() == null ? sample.nodeId() : null, TaskState.READY);
            transaction.put(made);
            fresh = made;
            if (!startFirst) {
                stop(transaction, there);
            }
            tasks.put(made.id(), new Made(there.stream().map(Task::id).toList(), next));
        }

        /** A task that is as it shall be already: one that is to run, else one that is about to. */
        private @Nullable Task existing(List<Task> there) {
            List<Task> clean = there.stream()
                    .filter(task -> task.desiredState().atMost(TaskState.RUNNING) && !context.dirty(service, task))
                    .toList();
            return clean.stream()
                    .filter(task -> task.desiredState() == TaskState.RUNNING)
                    .findFirst()
                    .orElse(clean.isEmpty() ? null : clean.get(clean.size() - 1));
        }

        private void stop(Transaction transaction, List<Task> there) {
            for (Task task : there) {
                if (task.desiredState().atMost(TaskState.RUNNING)) {
                    transaction.put(task.withDesired(TaskState.SHUTDOWN));
                    old = task;
                }
            }
        }

        void committed(boolean failed) {
            Task made = fresh;
            Task waking = starting;
            if (!failed && made != null) {
                restarts.delayStart(startFirst ? null : old, made.id(), 0, !startFirst, () -> released(made.id()));
            } else if (!failed && waking != null) {
                restarts.delayStart(old, waking.id(), 0, true, next);
            } else {
                next.run();
            }
        }
    }

    private void released(String taskId) {
        Made made = tasks.get(taskId);
        if (made != null && !cancelled) {
            made.released = true;
            look(made, context.store().task(taskId));
        }
    }

    void observe(StoreChange change) {
        Made made = tasks.get(change.id());
        if (made == null || cancelled) {
            return;
        }
        Task task = change.after() instanceof Task after ? after : null;
        if (task != null && task.state().after(TaskState.RUNNING)) {
            if (phase == Phase.LAST) {
                unjudged.add(task.id());
            } else {
                judge(task.id());
            }
        }
        look(made, task);
    }

    /** Its worker goes on when the task runs, or never will. */
    private void look(Made made, @Nullable Task task) {
        if (cancelled
                || !made.released
                || made.seenNanos >= 0
                || (task != null && task.state().before(TaskState.RUNNING))) {
            return;
        }
        made.seenNanos = context.nowNanos();
        if (startFirst && task != null && task.state() == TaskState.RUNNING) {
            context.transactions().run(transaction -> {
                for (String id : made.oldTasks) {
                    Task before = transaction.task(id);
                    if (before != null && before.desiredState().atMost(TaskState.RUNNING)) {
                        transaction.put(before.withDesired(TaskState.SHUTDOWN));
                    }
                }
            });
        }
        made.next.run();
    }

    /** A task of this update has ended: a failure, unless it ran for long enough. */
    private void judge(String taskId) {
        Made made = tasks.get(taskId);
        if (stopped || cancelled || made == null || made.failed) {
            return;
        }
        boolean early = made.seenNanos < 0 || context.nowNanos() - made.seenNanos <= monitorNanos;
        if (!early) {
            return;
        }
        made.failed = true;
        failures++;
        if (failureAction.equals("continue") || (double) failures / Math.max(1, total) <= maxFailureRatio) {
            return;
        }
        stopped = true;
        if (failureAction.equals("rollback") && !rollback) {
            rollBack("update rolled back due to failure or early termination of task " + taskId);
        } else if (rollback) {
            status("rollback_paused", "rollback paused due to failure or early termination of task " + taskId, false);
        } else {
            status("paused", "update paused due to failure or early termination of task " + taskId, false);
        }
        if (phase == Phase.WATCHING) {
            finished.accept(this);
        }
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
                    new Service.UpdateStatus("rollback_started", startedAt(current), null, message),
                    current.previousSpecVersion());
            transaction.put(changed.withEndpoint(context.allocator().endpointFor(changed)));
        });
    }

    private static @Nullable String startedAt(Service service) {
        return service.updateStatus() == null ? null : service.updateStatus().startedAt();
    }

    private void complete() {
        if (stopped || cancelled) {
            return;
        }
        stopped = true;
        status(
                rollback ? "rollback_completed" : "completed",
                rollback ? "rollback completed" : "update completed",
                false);
        finished.accept(this);
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
