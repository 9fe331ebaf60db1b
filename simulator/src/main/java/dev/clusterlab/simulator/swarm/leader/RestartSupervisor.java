package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.docker.api.ApiException;
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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Replaces tasks that ended or cannot go on (swarmkit manager/orchestrator/restart). */
final class RestartSupervisor {
    static final long DELAY_DEFAULT = 5 * LeaderContext.SECOND;
    private static final Duration OLD_TASK_LIMIT = Duration.ofMinutes(1);

    private final LeaderContext context;
    private final Map<String, History> histories = new LinkedHashMap<>();
    /** Old task → the new one that waits for its end. */
    private final Map<String, String> waiting = new LinkedHashMap<>();

    private static final class History {
        long specVersion;
        int attempts;
        final ArrayDeque<Long> times = new ArrayDeque<>();
    }

    RestartSupervisor(LeaderContext context) {
        this.context = context;
        for (Task task : context.store().tasks()) {
            if (task.desiredState() == TaskState.READY) {
                resume(task);
            }
        }
    }

    /** A replacement that the leader before had not started yet. */
    private void resume(Task task) {
        long passed = context.nowNanos() - task.createdNanos();
        long delay = Math.max(0, delay(task) - passed);
        context.clusterScope().schedule(Duration.ofNanos(delay), () -> startNow(task.id()));
    }

    private static long delay(Task task) {
        TaskSpec.RestartPolicy policy = task.spec().restartPolicy();
        return policy == null || policy.delay() == null ? DELAY_DEFAULT : policy.delay();
    }

    /** Ends {@code task} and, if its policy says so, makes its replacement, which starts after the delay. */
    void restart(Transaction transaction, Service service, Task task) {
        if (task.desiredState().after(TaskState.RUNNING)) {
            return;
        }
        transaction.put(task.withDesired(TaskState.SHUTDOWN));
        if (!shouldRestart(service, task)) {
            return;
        }
        Node node = transaction.node(task.nodeId());
        boolean drained = node != null && node.availability(Node.DRAIN);
        boolean dead = node == null || node.state(Node.DOWN) || task.state().after(TaskState.RUNNING);
        Task replacement;
        try {
            replacement =
                    context.newTask(service, task.slot(), task.slot() == null ? task.nodeId() : null, TaskState.READY);
        } catch (ApiException e) {
            // No address is free; reconciliation of the service tries again.
            return;
        }
        transaction.put(replacement);
        record(service, task);
        delayStart(task.id(), replacement.id(), drained ? 0 : delay(replacement), !dead);
    }

    private boolean shouldRestart(Service service, Task task) {
        TaskSpec.RestartPolicy policy = service.spec().taskTemplate().restartPolicy();
        String condition = policy == null || policy.condition() == null ? "any" : policy.condition();
        if (condition.equals("none") || (condition.equals("on-failure") && task.state() == TaskState.COMPLETE)) {
            return false;
        }
        long most = policy == null || policy.maxAttempts() == null ? 0 : policy.maxAttempts();
        if (most == 0) {
            return true;
        }
        History history = histories.get(key(task));
        if (history == null || history.specVersion != service.specVersion()) {
            return true;
        }
        long window = policy == null || policy.window() == null ? 0 : policy.window();
        if (window == 0) {
            return history.attempts < most;
        }
        long since = context.nowNanos() - window;
        return history.times.stream().filter(time -> time >= since).count() < most;
    }

    private void record(Service service, Task task) {
        History history = histories.computeIfAbsent(key(task), key -> new History());
        if (history.specVersion != service.specVersion()) {
            history.specVersion = service.specVersion();
            history.attempts = 0;
            history.times.clear();
        }
        history.attempts++;
        history.times.addLast(context.nowNanos());
    }

    private static String key(Task task) {
        return task.serviceId() + " " + task.place();
    }

    /** Lets {@code newTask} run after {@code delayNanos} and, if asked, when {@code oldTask} has ended. */
    void delayStart(String oldTask, String newTask, long delayNanos, boolean waitForEnd) {
        context.clusterScope().schedule(Duration.ofNanos(delayNanos), () -> {
            if (!waitForEnd || ended(oldTask)) {
                startNow(newTask);
                return;
            }
            waiting.put(oldTask, newTask);
            context.clusterScope().schedule(OLD_TASK_LIMIT.minusNanos(delayNanos), () -> release(oldTask, any -> true));
        });
    }

    private boolean ended(String taskId) {
        Task task = context.store().task(taskId);
        if (task == null || task.state().after(TaskState.RUNNING)) {
            return true;
        }
        Node node = context.store().node(task.nodeId());
        return node == null || node.state(Node.DOWN);
    }

    private void release(String oldTask, Predicate<String> condition) {
        String newTask = waiting.get(oldTask);
        if (newTask != null && condition.test(oldTask)) {
            waiting.remove(oldTask);
            startNow(newTask);
        }
    }

    void observe(StoreChange change) {
        if (waiting.isEmpty()) {
            return;
        }
        switch (change.either()) {
            case Task task -> release(task.id(), this::ended);
            case Node node -> {
                for (String oldTask : java.util.List.copyOf(waiting.keySet())) {
                    Task task = context.store().task(oldTask);
                    if (task == null || task.on(node.id())) {
                        release(oldTask, this::ended);
                    }
                }
            }
            case Service _, Network _, Cluster _ -> {
                // Of no concern.
            }
        }
    }

    private void startNow(String taskId) {
        context.transactions().run(transaction -> {
            Task task = transaction.task(taskId);
            if (task != null && task.desiredState().before(TaskState.RUNNING)) {
                transaction.put(task.withDesired(TaskState.RUNNING));
            }
        });
    }

    /** Whether the last end of this task leaves its place empty for good. */
    boolean givenUp(Service service, @Nullable Task last) {
        return last != null
                && last.state().after(TaskState.RUNNING)
                && last.specVersion() == service.specVersion()
                && (last.state() == TaskState.COMPLETE || last.state() == TaskState.FAILED)
                && !shouldRestart(service, last);
    }
}
