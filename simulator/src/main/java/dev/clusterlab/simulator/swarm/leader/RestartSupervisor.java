package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.swarm.store.StoreChange;
import dev.clusterlab.simulator.swarm.store.Transaction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Replaces tasks that ended or cannot go on (swarmkit manager/orchestrator/restart and .../taskinit). */
final class RestartSupervisor {
    static final long DELAY_DEFAULT = 5 * LeaderContext.SECOND;
    private static final Duration OLD_TASK_LIMIT = Duration.ofMinutes(1);

    private final LeaderContext context;
    private final Map<String, History> histories = new LinkedHashMap<>();
    /** New tasks that may not run yet. */
    private final Map<String, Delay> delays = new LinkedHashMap<>();
    /** Old task → those that wait for its end. */
    private final Map<String, List<Delay>> byOldTask = new LinkedHashMap<>();

    /** How often the task of a place was replaced, of one version of its service. */
    private static final class History {
        long specVersion;
        int attempts;
        /** When its replacements were made, within the window. */
        final ArrayDeque<Long> times = new ArrayDeque<>();
    }

    /** A new task that waits: for its delay, then for the end of the task that it replaces. */
    private static final class Delay {
        final String newTask;
        /** The task whose end it waits for, or null. */
        @Nullable
        String oldTask;

        boolean elapsed;
        boolean over;
        /** It ended before its own delay was over: its replacement is made after that. */
        boolean restartAfter;

        @Nullable
        Timer timer;

        @Nullable
        Timer limit;

        final List<Runnable> then = new ArrayList<>();

        Delay(String newTask) {
            this.newTask = newTask;
        }
    }

    RestartSupervisor(LeaderContext context) {
        this.context = context;
        var places = new LinkedHashMap<String, List<Task>>();
        var withoutService = new ArrayList<Task>();
        for (Task task : context.store().tasks()) {
            if (context.store().service(task.serviceId()) == null) {
                withoutService.add(task);
                continue;
            }
            places.computeIfAbsent(key(task), key -> new ArrayList<>()).add(task);
            if (task.desiredState() == TaskState.READY && task.state().atMost(TaskState.COMPLETE)) {
                resume(task);
            }
        }
        places.values().forEach(this::remember);
        if (!withoutService.isEmpty()) {
            // The leader before did not come to it.
            context.transactions().run(transaction -> withoutService.forEach(task -> transaction.delete(task.id())));
        }
    }

    /** A replacement that the leader before had not started yet. */
    private void resume(Task task) {
        long passed = context.nowNanos() - task.status().atNanos();
        delayStart(null, task.id(), Math.max(0, delay(task) - passed), true, () -> {});
    }

    /** What the leader before had counted: all but the first task of the newest version are replacements. */
    private void remember(List<Task> place) {
        long newest = place.stream().mapToLong(Task::specVersion).max().orElse(0);
        place.stream()
                .filter(task -> task.specVersion() == newest)
                .sorted(Comparator.comparingLong(Task::createdNanos))
                .skip(1)
                .forEach(this::record);
    }

    private static long delay(Task task) {
        TaskSpec.RestartPolicy policy = task.spec().restartPolicy();
        return policy == null || policy.delay() == null ? DELAY_DEFAULT : policy.delay();
    }

    /**
     * Ends {@code task} and, if its policy says so, makes its replacement, which starts after the delay. A task that is
     * still within its own delay is replaced after that: what cannot start at all is tried once a delay.
     */
    void restart(Transaction transaction, Service service, Task task) {
        Delay own = delays.get(task.id());
        if (own != null) {
            if (!own.restartAfter) {
                own.restartAfter = true;
                own.then.add(() -> restartLater(task.id()));
            }
            return;
        }
        if (task.desiredState().after(TaskState.COMPLETE)) {
            return;
        }
        transaction.put(task.withDesired(TaskState.SHUTDOWN));
        if (!shouldRestart(task)) {
            return;
        }
        Node node = transaction.node(task.nodeId());
        boolean drained = node != null && node.availability(Node.DRAIN);
        boolean dead = (node != null && node.state(Node.DOWN)) || task.state().after(TaskState.RUNNING);
        Task replacement =
                context.newTask(service, task.slot(), task.slot() == null ? task.nodeId() : null, TaskState.READY);
        transaction.put(replacement);
        record(replacement);
        delayStart(task, replacement.id(), drained ? 0 : delay(task), !dead, () -> {});
    }

    private void restartLater(String taskId) {
        context.transactions().run(transaction -> {
            Task task = transaction.task(taskId);
            Service service = task == null ? null : transaction.service(task.serviceId());
            if (task != null && service != null && task.desiredState().atMost(TaskState.RUNNING)) {
                restart(transaction, service, task);
            }
        });
    }

    /** By the policy that the task itself was made with. */
    private boolean shouldRestart(Task task) {
        TaskSpec.RestartPolicy policy = task.spec().restartPolicy();
        String condition = policy == null || policy.condition() == null ? "any" : policy.condition();
        if (condition.equals("none") || (condition.equals("on-failure") && task.state() == TaskState.COMPLETE)) {
            return false;
        }
        long most = policy == null || policy.maxAttempts() == null ? 0 : policy.maxAttempts();
        if (most == 0) {
            return true;
        }
        History history = histories.get(key(task));
        if (history == null || history.specVersion != task.specVersion()) {
            return true;
        }
        long window = policy == null || policy.window() == null ? 0 : policy.window();
        if (window == 0) {
            return history.attempts < most;
        }
        long ended = task.status().atNanos();
        return history.times.stream()
                        .filter(time -> time > ended - window && time < ended)
                        .count()
                < most;
    }

    private void record(Task replacement) {
        TaskSpec.RestartPolicy policy = replacement.spec().restartPolicy();
        if (policy == null || policy.maxAttempts() == null || policy.maxAttempts() == 0) {
            return;
        }
        History history = histories.computeIfAbsent(key(replacement), key -> new History());
        if (history.specVersion != replacement.specVersion()) {
            history.specVersion = replacement.specVersion();
            history.attempts = 0;
            history.times.clear();
        }
        history.attempts++;
        if (policy.window() != null && policy.window() != 0) {
            long oldest = replacement.createdNanos() - policy.window();
            while (!history.times.isEmpty() && history.times.peekFirst() <= oldest) {
                history.times.removeFirst();
            }
            history.times.addLast(replacement.createdNanos());
        }
    }

    private static String key(Task task) {
        return task.serviceId() + " " + task.place();
    }

    /**
     * The tasks of one place that an update is about: those that are to run, or the last one if it ended and is not to
     * be replaced, so that a new spec reaches it. Empty for a place that is not in use.
     *
     * @param place all tasks of one slot or node
     */
    List<Task> updatable(Service service, List<Task> place) {
        List<Task> live = place.stream()
                .filter(task -> task.desiredState().atMost(TaskState.RUNNING))
                .toList();
        if (!live.isEmpty()) {
            return live;
        }
        // Going back always leads to a service that runs.
        if (service.updateStatus() != null && service.updateStatus().state().equals("rollback_started")) {
            return List.of();
        }
        return place.stream()
                .max(Comparator.comparingLong(task -> task.status().atNanos()))
                .filter(last -> !shouldRestart(last))
                .map(List::of)
                .orElse(List.of());
    }

    /**
     * Lets {@code newTask} run after {@code delayNanos} and, if asked, when {@code oldTask} has ended, or a minute has
     * passed. {@code then} runs after that, or when it is given up. To be called while a transaction runs or after it.
     */
    void delayStart(@Nullable Task oldTask, String newTask, long delayNanos, boolean waitForEnd, Runnable then) {
        Delay before = delays.get(newTask);
        if (before != null) {
            finish(before, false);
        }
        var delay = new Delay(newTask);
        delay.then.add(then);
        delays.put(newTask, delay);
        if (waitForEnd && oldTask != null && oldTask.state().atMost(TaskState.RUNNING)) {
            delay.oldTask = oldTask.id();
            byOldTask.computeIfAbsent(oldTask.id(), key -> new ArrayList<>()).add(delay);
            delay.limit = context.clusterScope().schedule(OLD_TASK_LIMIT, () -> release(delay));
        }
        delay.timer = context.clusterScope().schedule(Duration.ofNanos(delayNanos), () -> {
            delay.elapsed = true;
            proceed(delay);
        });
    }

    private void proceed(Delay delay) {
        if (delay.elapsed && (delay.oldTask == null || ended(delay.oldTask))) {
            finish(delay, true);
        }
    }

    /** The old task is waited for no longer. */
    private void release(Delay delay) {
        forgetOldTask(delay);
        proceed(delay);
    }

    private void forgetOldTask(Delay delay) {
        String oldTask = delay.oldTask;
        delay.oldTask = null;
        List<Delay> waiting = oldTask == null ? null : byOldTask.get(oldTask);
        if (waiting != null) {
            waiting.remove(delay);
            if (waiting.isEmpty()) {
                byOldTask.remove(oldTask);
            }
        }
    }

    private void releaseIfEnded(String oldTask) {
        if (byOldTask.containsKey(oldTask) && ended(oldTask)) {
            List.copyOf(byOldTask.getOrDefault(oldTask, List.of())).forEach(this::release);
        }
    }

    private void finish(Delay delay, boolean start) {
        if (delay.over) {
            return;
        }
        delay.over = true;
        forgetOldTask(delay);
        if (delay.timer != null) {
            delay.timer.cancel();
        }
        if (delay.limit != null) {
            delay.limit.cancel();
        }
        if (!start) {
            delays.remove(delay.newTask, delay);
            delay.then.forEach(Runnable::run);
            return;
        }
        context.transactions()
                .run(
                        transaction -> {
                            Task task = transaction.task(delay.newTask);
                            if (task != null && task.desiredState().before(TaskState.RUNNING)) {
                                transaction.put(task.withDesired(TaskState.RUNNING));
                            }
                        },
                        error -> {
                            delays.remove(delay.newTask, delay);
                            delay.then.forEach(Runnable::run);
                        });
    }

    private boolean ended(String taskId) {
        Task task = context.store().task(taskId);
        if (task == null || task.state().after(TaskState.RUNNING)) {
            return true;
        }
        Node node = context.store().node(task.nodeId());
        return task.nodeId() != null && (node == null || node.state(Node.DOWN));
    }

    void observe(StoreChange change) {
        switch (change.either()) {
            case Task task -> {
                Delay own = change.after() == null ? delays.get(task.id()) : null;
                if (own != null) {
                    finish(own, false);
                }
                releaseIfEnded(task.id());
            }
            case Node node -> context.store().tasksOnNode(node.id()).forEach(task -> releaseIfEnded(task.id()));
            case Service service -> {
                if (change.after() == null) {
                    histories.keySet().removeIf(key -> key.startsWith(service.id() + " "));
                }
            }
            case Network _, Cluster _ -> {
                // Of no concern.
            }
        }
    }
}
