package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.core.Underlay;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.swarm.leader.AgentLine;
import dev.clusterlab.simulator.swarm.leader.AgentMessages;
import dev.clusterlab.simulator.swarm.leader.AgentSession;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A node's agent: keeps a session with the managers and runs the node's tasks (swarmkit agent). */
final class Agent implements AgentSession {
    private static final Duration RPC_LIMIT = Duration.ofSeconds(5);
    private static final Duration BACKOFF_FIRST = Duration.ofMillis(100);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(8);

    private final SwarmNode node;
    private final Scope scope;
    private final SimRandom random;
    private final Map<String, NodeTask> runners = new LinkedHashMap<>();
    private final Map<String, Task.Status> unreported = new LinkedHashMap<>();
    private long backoffNanos = BACKOFF_FIRST.toNanos();
    private @Nullable String sessionId;
    private @Nullable SimMachine manager;
    private @Nullable Timer heartbeat;
    private @Nullable Runnable onReady;
    /** Networks in which this node's load balancer has an address. */
    private Set<String> attached = Set.of();

    private boolean reportScheduled;
    private boolean connecting;

    Agent(SwarmNode node, Scope parent, Runnable onReady) {
        this.node = node;
        this.scope = parent.child("agent");
        this.random = node.random().split("agent");
        this.onReady = onReady;
        for (Task task : List.copyOf(node.disk().tasks.values())) {
            var runner = new NodeTask(this, task);
            runners.put(task.id(), runner);
        }
    }

    void start() {
        forgetStrayContainers();
        for (NodeTask runner : List.copyOf(runners.values())) {
            runner.resume();
        }
        connect();
    }

    /** Containers of tasks that were given up, where the power went before they were removed. */
    private void forgetStrayContainers() {
        ContainerRuntime runtime = node.daemon().runtime();
        for (DockerContainer container : runtime.all()) {
            if (container.task != null && !runners.containsKey(container.task.id())) {
                runtime.delete(container);
                Mounts.removeAnonymous(node.daemon(), container);
            }
        }
    }

    Scope scope() {
        return scope;
    }

    SwarmNode node() {
        return node;
    }

    SimRandom random() {
        return random;
    }

    boolean connected() {
        return sessionId != null;
    }

    // Session

    /** The way back to this machine's agent; it finds the one that is there when the message comes. */
    private record Line(SimMachine machine) implements AgentLine {
        @Override
        public String address() {
            return machine.address();
        }

        @Override
        public void call(String fromMachine, Scope from, Predicate<AgentSession> action, Runnable acknowledged) {
            Underlay underlay = machine.world().underlay();
            underlay.send(fromMachine, machine.name(), machine.scope(), () -> {
                Agent agent = machine.agentOrNull();
                if (agent != null && action.test(agent)) {
                    underlay.send(machine.name(), fromMachine, from, acknowledged);
                }
            });
        }
    }

    private void connect() {
        if (connecting || sessionId != null) {
            return;
        }
        SimMachine target = node.pickManager(random);
        if (target == null) {
            retry();
            return;
        }
        connecting = true;
        node.<AgentMessages.Registration>ask(
                target,
                RPC_LIMIT,
                (remote, reply) -> remote.<AgentMessages.Registration>asLeaderOrProxy(
                        (leader, done) -> done.accept(ApiResult.ok(leader.dispatcher()
                                .register(node.nodeId(), node.description(), new Line(node.machine())))),
                        reply),
                result -> {
                    connecting = false;
                    switch (result) {
                        case ApiResult.Ok<AgentMessages.Registration>(AgentMessages.Registration registration) ->
                            registered(target, registration);
                        case ApiResult.Error<AgentMessages.Registration> _ -> {
                            node.failed(target);
                            retry();
                        }
                    }
                });
    }

    private void retry() {
        Duration wait = Duration.ofNanos(random.nextLong(Math.max(1, backoffNanos)));
        backoffNanos = Math.min(BACKOFF_MAX.toNanos(), backoffNanos * 2 + BACKOFF_FIRST.toNanos());
        scope.schedule(wait, this::connect);
    }

    private void registered(SimMachine through, AgentMessages.Registration registration) {
        backoffNanos = BACKOFF_FIRST.toNanos();
        sessionId = registration.sessionId();
        manager = through;
        node.learn(registration.managers());
        attached = registration.attached();
        node.learnNetworks(registration.networks());
        beat();
        var assigned = new LinkedHashMap<String, Task>();
        registration.tasks().forEach(task -> assigned.put(task.id(), task));
        for (String id : List.copyOf(runners.keySet())) {
            if (!assigned.containsKey(id)) {
                remove(id);
            }
        }
        assigned.values().forEach(this::assign);
        for (NodeTask runner : runners.values()) {
            runner.reportAgain();
        }
        node.nodeReported(registration.node());
        Runnable ready = onReady;
        onReady = null;
        if (ready != null) {
            ready.run();
        }
    }

    private void beat() {
        String session = sessionId;
        if (session == null) {
            return;
        }
        this.<Long>call(
                (leader, done) -> done.accept(ApiResult.ok(leader.dispatcher().heartbeat(node.nodeId(), session))),
                result -> {
                    if (!session.equals(sessionId)) {
                        return;
                    }
                    switch (result) {
                        case ApiResult.Ok<Long>(Long period) ->
                            heartbeat = scope.schedule(Duration.ofNanos(period), this::beat);
                        case ApiResult.Error<Long> _ -> sessionClosed(session);
                    }
                });
    }

    private <T> void call(Manager.LeaderCall<T> call, Consumer<ApiResult<T>> done) {
        SimMachine target = manager;
        if (target == null) {
            done.accept(ApiResult.error(NoAnswer.REFUSED, "no session"));
            return;
        }
        node.ask(target, RPC_LIMIT, (remote, reply) -> remote.asLeaderOrProxy(call, reply), done);
    }

    @Override
    public void sessionClosed(String session) {
        if (session.equals(sessionId)) {
            sessionId = null;
            if (manager != null) {
                node.failed(manager);
            }
            manager = null;
            if (heartbeat != null) {
                heartbeat.cancel();
            }
            retry();
        }
    }

    @Override
    public boolean sessionChanged(AgentMessages.SessionMessage message) {
        if (!message.sessionId().equals(sessionId)) {
            return false;
        }
        node.learn(message.managers());
        node.nodeReported(message.node());
        return true;
    }

    // Tasks

    @Override
    public boolean assigned(AgentMessages.Assignments assignments) {
        if (!assignments.sessionId().equals(sessionId)) {
            return false;
        }
        attached = assignments.attached();
        node.learnNetworks(assignments.networks());
        assignments.removed().forEach(this::remove);
        assignments.tasks().forEach(this::assign);
        return true;
    }

    private void assign(Task task) {
        NodeTask runner = runners.get(task.id());
        if (runner == null) {
            runner = new NodeTask(this, task);
            runners.put(task.id(), runner);
            node.disk().tasks.put(task.id(), task);
        }
        runner.update(task);
    }

    private void remove(String taskId) {
        NodeTask runner = runners.remove(taskId);
        node.disk().tasks.remove(taskId);
        unreported.remove(taskId);
        if (runner != null) {
            runner.remove();
        }
    }

    /** Whether tasks can be connected to all these networks here. */
    boolean attachedTo(List<Task.Attachment> networks) {
        return networks.stream()
                .allMatch(network -> attached.contains(network.network().id()));
    }

    void healthChanged(DockerContainer container) {
        NodeTask runner = container.task == null ? null : runners.get(container.task.id());
        if (runner != null) {
            runner.healthChanged(container);
        }
    }

    /** A task's status has changed: remembered, and reported as soon as there is a session. */
    void report(Task task) {
        if (!runners.containsKey(task.id())) {
            return;
        }
        node.disk().tasks.put(task.id(), task);
        unreported.put(task.id(), task.status());
        if (!reportScheduled) {
            reportScheduled = true;
            scope.schedule(Duration.ZERO, this::sendReports);
        }
    }

    private void sendReports() {
        reportScheduled = false;
        String session = sessionId;
        if (session == null || unreported.isEmpty()) {
            return;
        }
        var statuses = new LinkedHashMap<>(unreported);
        unreported.clear();
        this.<Nothing>call(
                (leader, done) -> {
                    leader.dispatcher().updateTaskStatus(node.nodeId(), session, statuses);
                    done.accept(Nothing.ok());
                },
                result -> {
                    if (result instanceof ApiResult.Error<Nothing>) {
                        statuses.forEach(unreported::putIfAbsent);
                        sessionClosed(session);
                    }
                });
    }

    /** The node leaves the swarm: its tasks' containers go. */
    void stop() {
        scope.close();
        ContainerRuntime runtime = node.daemon().runtime();
        for (DockerContainer container : runtime.all()) {
            if (container.task != null) {
                runtime.discard(container);
            }
        }
        runners.clear();
    }
}
