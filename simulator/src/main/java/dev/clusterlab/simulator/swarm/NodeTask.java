package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.DockerJson;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import dev.clusterlab.simulator.docker.api.TaskState;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings one task through its states on its node (swarmkit agent/exec, moby's container controller). */
final class NodeTask {
    /** Creating the container: measured bring-up of warm nodes leaves this much. */
    private static final Duration CREATE_MIN = Duration.ofMillis(60);

    private static final Duration CREATE_MAX = Duration.ofMillis(110);
    /**
     * Whoever starts a task, or waits for its end, is interrupted by another wish, and looks at it after this (swarmkit
     * agent/task.go, ErrTaskRetry; measured 1.00 s between the order and leaving service discovery).
     */
    private static final Duration INTERRUPTED = Duration.ofSeconds(1);
    /** Between leaving service discovery and the stop signal (moby, defaultGossipConvergeDelay). */
    private static final Duration LEAVE_DISCOVERY = Duration.ofSeconds(2);

    /** How long a task waits for its node's addresses (moby daemon/cluster/executor/container). */
    private static final Duration ATTACHMENTS_LIMIT = Duration.ofSeconds(30);

    private static final Duration ATTACHMENTS_POLL = Duration.ofMillis(100);

    private final Agent agent;
    private final Dockerd daemon;
    private Task task;
    private @Nullable DockerContainer container;
    private boolean busy;
    private boolean stopping;
    private boolean removed;

    NodeTask(Agent agent, Task task) {
        this.agent = agent;
        this.daemon = agent.node().daemon();
        this.task = task;
    }

    /** After a start of the engine, or of its part in the swarm: what does not run any more has failed. */
    void resume() {
        DockerContainer found = daemon.containerOfTask(task.id());
        container = found;
        if (found != null && found.running()) {
            found.exitListeners.add(this::ended);
            return;
        }
        boolean ran = task.state() == TaskState.STARTING || task.state() == TaskState.RUNNING;
        if (ran) {
            int code = found == null ? 255 : found.exitCode();
            status(
                    code == 0 && found != null ? TaskState.COMPLETE : TaskState.FAILED,
                    "started",
                    "task: non-zero exit (" + code + ")");
        }
    }

    /**
     * The managers' wish. Its observed state is this node's own business: a task that they count as rejected or orphaned
     * may well run here and must be stopped.
     */
    void update(Task assigned) {
        task = assigned.withStatus(task.status());
        step();
    }

    void reportAgain() {
        if (task.state().after(TaskState.ASSIGNED)) {
            agent.report(task);
        }
    }

    private void status(TaskState state, String message, @Nullable String error) {
        DockerContainer ours = container;
        boolean code = state.after(TaskState.RUNNING);
        Task.ContainerStatus containerStatus =
                ours == null ? null : new Task.ContainerStatus(ours.id, ours.pid(), code ? ours.exitCode() : 0);
        List<ServiceSpec.Port> hostPorts =
                task.ports().stream().filter(ServiceSpec.Port::host).toList();
        boolean publishes = state == TaskState.RUNNING && !hostPorts.isEmpty();
        boolean failed = state == TaskState.FAILED || state == TaskState.REJECTED;
        task = task.withStatus(new Task.Status(
                DockerJson.time(daemon.world().simulation().now()),
                state,
                message,
                failed ? error : null,
                containerStatus,
                publishes ? new Task.PortStatus(hostPorts) : Task.PortStatus.NONE,
                daemon.world().simulation().nowNanos()));
        agent.report(task);
    }

    private void step() {
        if (removed || task.state().after(TaskState.RUNNING)) {
            return;
        }
        if (!task.desiredState().before(TaskState.SHUTDOWN)) {
            shutDown();
            return;
        }
        if (busy) {
            return;
        }
        switch (task.state()) {
            case ASSIGNED -> {
                String refusal = refusal();
                if (!refusal.isEmpty()) {
                    status(TaskState.REJECTED, "resolving controller failed", refusal);
                    return;
                }
                status(TaskState.ACCEPTED, "accepted", null);
                step();
            }
            case ACCEPTED -> {
                status(TaskState.PREPARING, "preparing", null);
                prepare();
            }
            case PREPARING -> prepare();
            case READY -> {
                if (task.desiredState() == TaskState.RUNNING) {
                    status(TaskState.STARTING, "starting", null);
                    start();
                }
            }
            default -> {
                // New and pending tasks are not given to agents; a starting one becomes healthy, or ends; the rest
                // needs
                // no step.
            }
        }
    }

    /** Why no container can be made of it at all (moby daemon/cluster/executor/container/validate.go); empty if one can. */
    private String refusal() {
        for (TaskSpec.Mount mount : task.spec().container().mountList()) {
            String source = mount.source() == null ? "" : mount.source();
            String target = mount.target() == null ? "" : mount.target();
            if (!target.startsWith("/")) {
                return "invalid mount target, must be an absolute path: " + target;
            }
            switch (String.valueOf(mount.type())) {
                case "bind" -> {
                    if (!source.startsWith("/")) {
                        return "invalid bind mount source, must be an absolute path: " + source;
                    }
                }
                case "volume" -> {
                    if (source.startsWith("/")) {
                        return "invalid volume mount source, must not be an absolute path: " + source;
                    }
                }
                case "tmpfs" -> {
                    if (!source.isEmpty()) {
                        return "invalid tmpfs source, source must be empty";
                    }
                }
                case "npipe", "cluster" -> {
                    return "mounts of type " + mount.type() + " are not modelled by the embedded engine";
                }
                default -> {
                    return "invalid mount type: " + mount.type();
                }
            }
        }
        return "";
    }

    private void prepare() {
        busy = true;
        long until = daemon.world().simulation().nowNanos() + ATTACHMENTS_LIMIT.toNanos();
        agent.scope().schedule(agent.node().untilNetworkIsReady(), () -> awaitAttachments(until));
    }

    /** Before anything else the node needs addresses for its load balancers; a full network has none left. */
    private void awaitAttachments(long untilNanos) {
        if (abandoned()) {
            return;
        }
        if (agent.attachedTo(task.attachments())) {
            pull();
        } else if (daemon.world().simulation().nowNanos() < untilNanos) {
            agent.scope().schedule(ATTACHMENTS_POLL, () -> awaitAttachments(untilNanos));
        } else {
            busy = false;
            status(
                    TaskState.REJECTED,
                    "preparing",
                    "node is missing network attachments, ip addresses may be exhausted");
        }
    }

    private void pull() {
        if (abandoned()) {
            return;
        }
        String image = task.spec().container().image();
        if (daemon.disk().images.find(image).isPresent()
                || daemon.machine().troubles().diskFull()) {
            agent.scope().schedule(agent.random().between(CREATE_MIN, CREATE_MAX), this::create);
            return;
        }
        daemon.disk().images.pull(image, agent.scope(), progress -> {}, error -> {
            if (error == null) {
                daemon.images().event("pull", image);
            }
            agent.scope().schedule(agent.random().between(CREATE_MIN, CREATE_MAX), this::create);
        });
    }

    /** While it was prepared, the managers changed their mind. */
    private boolean abandoned() {
        if (removed) {
            return true;
        }
        if (!task.desiredState().before(TaskState.SHUTDOWN)) {
            busy = false;
            step();
            return true;
        }
        return false;
    }

    private void create() {
        if (abandoned()) {
            return;
        }
        busy = false;
        try {
            DockerContainer made =
                    daemon.runtime().create(task.name(), TaskContainers.config(task, agent.node()), task);
            made.networks.addAll(TaskContainers.networks(task, daemon));
            container = made;
        } catch (ApiException e) {
            status(TaskState.REJECTED, "preparing", e.text());
            return;
        }
        status(TaskState.READY, "prepared", null);
        step();
    }

    private void start() {
        DockerContainer ours = container;
        if (ours == null) {
            status(TaskState.FAILED, "starting", "container is gone");
            return;
        }
        busy = true;
        daemon.runtime().start(ours, result -> {
            busy = false;
            if (removed) {
                return;
            }
            switch (result) {
                case ApiResult.Error<Boolean>(int _, String message) -> {
                    if (!stopping) {
                        status(TaskState.FAILED, "starting", "starting container failed: " + message);
                    }
                }
                case ApiResult.Ok<Boolean> _ -> started(ours);
            }
        });
    }

    private void started(DockerContainer ours) {
        if (!ours.running()) {
            ended(ours);
            return;
        }
        ours.exitListeners.add(this::ended);
        if (ours.health() == DockerContainer.Health.NONE) {
            status(TaskState.RUNNING, "started", null);
        }
        step();
    }

    void healthChanged(DockerContainer ours) {
        if (ours.health() == DockerContainer.Health.HEALTHY && task.state() == TaskState.STARTING) {
            status(TaskState.RUNNING, "started", null);
        } else if (ours.health() == DockerContainer.Health.UNHEALTHY && !stopping) {
            stopping = true;
            afterDiscovery(
                    ours,
                    () -> daemon.runtime().stopAsKilled(ours, graceSeconds(), () -> {
                        if (!task.state().after(TaskState.RUNNING)) {
                            status(
                                    TaskState.FAILED,
                                    "started",
                                    "task: non-zero exit (137): dockerexec: unhealthy container");
                        }
                    }));
        }
    }

    private void ended(DockerContainer ours) {
        if (removed || stopping || task.state().after(TaskState.RUNNING)) {
            return;
        }
        if (ours.exitCode() == 0) {
            status(TaskState.COMPLETE, "finished", null);
        } else {
            status(TaskState.FAILED, "started", "task: non-zero exit (" + ours.exitCode() + ")");
        }
    }

    private int graceSeconds() {
        Long nanos = task.spec().container().stopGracePeriod();
        return nanos == null ? 10 : (int) (nanos / 1_000_000_000L);
    }

    private void shutDown() {
        if (stopping) {
            return;
        }
        stopping = true;
        boolean interrupted = busy || task.state() == TaskState.STARTING || task.state() == TaskState.RUNNING;
        agent.scope().schedule(interrupted ? INTERRUPTED : Duration.ZERO, this::stop);
    }

    private void stop() {
        DockerContainer ours = container;
        afterDiscovery(ours, () -> {
            if (ours == null || !ours.running()) {
                status(TaskState.SHUTDOWN, "shutdown", null);
            } else {
                daemon.runtime().stop(ours, graceSeconds(), wasRunning -> status(TaskState.SHUTDOWN, "shutdown", null));
            }
        });
    }

    /** Names and virtual addresses lead to the container no more; those who were on their way to it have a little time. */
    private void afterDiscovery(@Nullable DockerContainer ours, Runnable next) {
        if (ours != null) {
            daemon.networking().unbind(ours);
        }
        boolean inService = !task.attachments().isEmpty();
        daemon.scope().schedule(inService ? LEAVE_DISCOVERY : Duration.ZERO, next);
    }

    /** The managers have forgotten the task: so does the node, with its container, which has to stop first if it runs. */
    void remove() {
        removed = true;
        DockerContainer ours = container;
        if (ours == null) {
            return;
        }
        afterDiscovery(ours, () -> {
            if (ours.gone()) {
                return;
            }
            if (ours.running()) {
                daemon.runtime().stop(ours, graceSeconds(), stopped -> delete(ours));
            } else {
                delete(ours);
            }
        });
    }

    private void delete(DockerContainer ours) {
        daemon.runtime().delete(ours);
        Mounts.removeAnonymous(daemon, ours);
    }
}
