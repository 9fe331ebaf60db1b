package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.swarm.store.StoreChange;
import dev.clusterlab.simulator.swarm.store.Transaction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Knows which nodes live, gives them their tasks and hears of these (swarmkit manager/dispatcher). */
public final class Dispatcher {
    private static final double JITTER_SECONDS = 0.5;
    private static final int GRACE_PERIODS = 3;
    private static final int GRACE_PERIODS_UNKNOWN = 6;
    private static final Duration BATCH = Duration.ofMillis(100);
    private static final Duration ORPHAN_AFTER = Duration.ofHours(24);
    private static final int REGISTRATIONS_MAX = 3;
    private static final Duration RETRANSMIT = Duration.ofSeconds(1);
    private static final Duration REGISTRATION_WINDOW = Duration.ofSeconds(8);

    private final LeaderContext context;
    private final LeadingManager manager;
    private final Map<String, Session> sessions = new LinkedHashMap<>();
    private final Map<String, ArrayDeque<Long>> registrations = new LinkedHashMap<>();
    private final Map<String, Timer> orphanTimers = new LinkedHashMap<>();
    private final Map<String, Node.Status> nodeWrites = new LinkedHashMap<>();
    private final Map<String, Node.Description> descriptionWrites = new LinkedHashMap<>();
    private final Map<String, Task.Status> taskWrites = new LinkedHashMap<>();
    private boolean batchScheduled;

    private static final class Session {
        final String id;
        final String nodeId;
        final AgentLine line;
        final Set<String> changed = new LinkedHashSet<>();
        final Set<String> removed = new LinkedHashSet<>();
        final Set<String> knownNetworks = new LinkedHashSet<>();
        /** In order; the first is on its way until the agent has acknowledged it. */
        final ArrayDeque<Predicate<AgentSession>> outbox = new ArrayDeque<>();

        boolean pushScheduled;

        @Nullable
        Timer grace;

        Session(String id, String nodeId, AgentLine line) {
            this.id = id;
            this.nodeId = nodeId;
            this.line = line;
        }
    }

    Dispatcher(LeaderContext context, LeadingManager manager) {
        this.context = context;
        this.manager = manager;
    }

    /** Leadership begins: who was not down may be anything until it registers. */
    void start() {
        for (Node node : List.copyOf(context.store().nodes())) {
            if (node.state(Node.DOWN)) {
                watchOrphans(node.id());
                continue;
            }
            nodeWrites.put(
                    node.id(),
                    new Node.Status(
                            Node.UNKNOWN,
                            "Node moved to \"unknown\" state due to leadership change in cluster",
                            node.status().addr()));
            expectRegistration(node.id());
        }
        scheduleBatch();
    }

    private void expectRegistration(String nodeId) {
        context.clusterScope().schedule(Duration.ofNanos(period() * GRACE_PERIODS_UNKNOWN), () -> {
            if (!sessions.containsKey(nodeId)) {
                down(nodeId, "heartbeat failure for node in \"unknown\" state");
            }
        });
    }

    private long period() {
        Cluster cluster = context.store().cluster();
        long base = cluster == null ? 5 * LeaderContext.SECOND : cluster.spec().heartbeatNanos();
        double jitter = (context.random().nextDouble() * 2 - 1) * JITTER_SECONDS * LeaderContext.SECOND;
        return base + (long) jitter;
    }

    /** Throws an {@link ApiException} if the node is not known or comes too often. */
    public AgentMessages.Registration register(String nodeId, Node.Description description, AgentLine line) {
        Node node = context.store().node(nodeId);
        if (node == null) {
            throw ApiException.rpc(ApiException.RpcCode.NOT_FOUND, "node not found");
        }
        ArrayDeque<Long> times = registrations.computeIfAbsent(nodeId, key -> new ArrayDeque<>());
        while (!times.isEmpty() && times.peekFirst() < context.nowNanos() - REGISTRATION_WINDOW.toNanos()) {
            times.removeFirst();
        }
        if (times.size() >= REGISTRATIONS_MAX) {
            throw ApiException.rpc(
                    ApiException.RpcCode.UNAVAILABLE, "node " + nodeId + " exceeded rate limit count of registrations");
        }
        times.addLast(context.nowNanos());
        Session old = sessions.get(nodeId);
        if (old != null && old.grace != null) {
            old.grace.cancel();
        }
        Timer orphans = orphanTimers.remove(nodeId);
        if (orphans != null) {
            orphans.cancel();
        }
        var session = new Session(context.random().base36(25), nodeId, line);
        sessions.put(nodeId, session);
        long period = period();
        await(session, period);
        nodeWrites.put(nodeId, new Node.Status(Node.READY, null, line.address()));
        if (!description.equals(node.description())) {
            descriptionWrites.put(nodeId, description);
        }
        scheduleBatch();
        var tasks = new ArrayList<Task>();
        for (Task task : context.store().tasksOnNode(nodeId)) {
            if (!task.state().before(TaskState.ASSIGNED)) {
                tasks.add(task);
            }
        }
        return new AgentMessages.Registration(
                session.id,
                period,
                node,
                manager.managerAddresses(),
                tasks,
                networksFor(session, tasks),
                context.allocator().attachedNetworks(nodeId));
    }

    private List<Network> networksFor(Session session, List<Task> tasks) {
        var networks = new ArrayList<Network>();
        Network ingress = context.store().ingress();
        if (ingress != null && session.knownNetworks.add(ingress.id())) {
            networks.add(ingress);
        }
        for (Task task : tasks) {
            for (Task.Attachment attachment : task.attachments()) {
                Network network = context.store().network(attachment.network().id());
                if (network != null && session.knownNetworks.add(network.id())) {
                    networks.add(network);
                }
            }
        }
        return networks;
    }

    private void await(Session session, long period) {
        if (session.grace != null) {
            session.grace.cancel();
        }
        session.grace = context.clusterScope().schedule(Duration.ofNanos(period * GRACE_PERIODS), () -> {
            sessions.remove(session.nodeId, session);
            down(session.nodeId, "heartbeat failure");
        });
    }

    private void down(String nodeId, String message) {
        Node node = context.store().node(nodeId);
        if (node != null) {
            nodeWrites.put(
                    nodeId, new Node.Status(Node.DOWN, message, node.status().addr()));
            scheduleBatch();
            watchOrphans(nodeId);
        }
    }

    private void watchOrphans(String nodeId) {
        orphanTimers.put(
                nodeId,
                context.clusterScope()
                        .schedule(
                                ORPHAN_AFTER,
                                () -> context.transactions().run(transaction -> {
                                    for (Task task : context.store().tasksOnNode(nodeId)) {
                                        if (!task.state().before(TaskState.ASSIGNED)
                                                && task.state().atMost(TaskState.RUNNING)) {
                                            transaction.put(task.withStatus(context.status(TaskState.ORPHANED, "")));
                                        }
                                    }
                                })));
    }

    private Session session(String nodeId, String sessionId) {
        Session session = sessions.get(nodeId);
        if (session == null) {
            throw ApiException.rpc(ApiException.RpcCode.NOT_FOUND, "node not registered");
        }
        if (!session.id.equals(sessionId)) {
            throw ApiException.rpc(ApiException.RpcCode.INVALID_ARGUMENT, "session invalid");
        }
        return session;
    }

    /** Gives the pause before the next heartbeat. Throws an {@link ApiException} if the session is over. */
    public long heartbeat(String nodeId, String sessionId) {
        Session session = session(nodeId, sessionId);
        long period = period();
        await(session, period);
        return period;
    }

    /** Throws an {@link ApiException} if the session is over. */
    public void updateTaskStatus(String nodeId, String sessionId, Map<String, Task.Status> statuses) {
        session(nodeId, sessionId);
        taskWrites.putAll(statuses);
        scheduleBatch();
    }

    /** Writes happen at the ticks of a clock, so a lone write waits between nothing and a whole period. */
    private void scheduleBatch() {
        if (!batchScheduled && !(nodeWrites.isEmpty() && taskWrites.isEmpty() && descriptionWrites.isEmpty())) {
            batchScheduled = true;
            long wait = BATCH.toNanos() - context.nowNanos() % BATCH.toNanos();
            context.clusterScope().schedule(Duration.ofNanos(wait), () -> {
                batchScheduled = false;
                var states = new LinkedHashMap<>(nodeWrites);
                nodeWrites.clear();
                var descriptions = new LinkedHashMap<>(descriptionWrites);
                descriptionWrites.clear();
                var statuses = new LinkedHashMap<>(taskWrites);
                taskWrites.clear();
                context.transactions().run(transaction -> write(transaction, states, descriptions, statuses));
            });
        }
    }

    private static void write(
            Transaction transaction,
            Map<String, Node.Status> states,
            Map<String, Node.Description> descriptions,
            Map<String, Task.Status> statuses) {
        states.forEach((id, status) -> {
            Node node = transaction.node(id);
            if (node != null && !node.status().equals(status)) {
                transaction.put(node.withStatus(status));
            }
        });
        descriptions.forEach((id, description) -> {
            Node node = transaction.node(id);
            if (node != null) {
                transaction.put(node.withDescription(description));
            }
        });
        statuses.forEach((id, status) -> {
            Task task = transaction.task(id);
            if (task != null && !status.state().before(task.state()) && !status.equals(task.status())) {
                transaction.put(task.withStatus(status));
            }
        });
    }

    void observe(StoreChange change) {
        switch (change.either()) {
            case Task task -> {
                Session session = task.nodeId() == null ? null : sessions.get(task.nodeId());
                if (session == null) {
                    return;
                }
                if (change.after() instanceof Task after) {
                    boolean same = change.before() instanceof Task before
                            && !before.state().before(TaskState.ASSIGNED)
                            && before.desiredState() == after.desiredState();
                    if (!same && !after.state().before(TaskState.ASSIGNED)) {
                        session.changed.add(task.id());
                        schedulePush(session);
                    }
                } else {
                    session.changed.remove(task.id());
                    session.removed.add(task.id());
                    schedulePush(session);
                }
            }
            case Node node -> {
                Session session = sessions.get(node.id());
                if (session == null) {
                    return;
                }
                if (!(change.after() instanceof Node after)) {
                    sessions.remove(node.id());
                    if (session.grace != null) {
                        session.grace.cancel();
                    }
                } else if (change.before() instanceof Node before
                        && !java.util.Objects.equals(before.certificateRole(), after.certificateRole())) {
                    tell(session, after);
                }
            }
            case Service _, Network _, Cluster _ -> {
                // Agents learn of these through their tasks.
            }
        }
    }

    private void tell(Session session, Node node) {
        var message = new AgentMessages.SessionMessage(session.id, node, manager.managerAddresses());
        send(session, agent -> agent.sessionChanged(message));
    }

    /** The managers are others now. */
    void managersChanged() {
        for (Session session : sessions.values()) {
            Node node = context.store().node(session.nodeId);
            if (node != null) {
                tell(session, node);
            }
        }
    }

    /** The addresses of a node's load balancers are others now. */
    void attachmentsChanged(String nodeId) {
        Session session = sessions.get(nodeId);
        if (session != null) {
            schedulePush(session);
        }
    }

    private void schedulePush(Session session) {
        if (!session.pushScheduled) {
            session.pushScheduled = true;
            context.clusterScope().schedule(BATCH, () -> push(session));
        }
    }

    private void push(Session session) {
        session.pushScheduled = false;
        var tasks = new ArrayList<Task>();
        for (String id : session.changed) {
            Task task = context.store().task(id);
            if (task != null) {
                tasks.add(task);
            }
        }
        var message = new AgentMessages.Assignments(
                session.id,
                tasks,
                List.copyOf(session.removed),
                networksFor(session, tasks),
                context.allocator().attachedNetworks(session.nodeId));
        session.changed.clear();
        session.removed.clear();
        if (sessions.get(session.nodeId) == session) {
            send(session, agent -> agent.assigned(message));
        }
    }

    /** What is lost on the way is sent again, as within one TCP connection, for as long as the session lasts. */
    private void send(Session session, Predicate<AgentSession> message) {
        session.outbox.add(message);
        if (session.outbox.size() == 1) {
            transmit(session, message);
        }
    }

    private void transmit(Session session, Predicate<AgentSession> message) {
        if (sessions.get(session.nodeId) != session || session.outbox.peekFirst() != message) {
            return;
        }
        Timer again = context.clusterScope().schedule(RETRANSMIT, () -> transmit(session, message));
        session.line.call(manager.machineName(), manager.scope(), message, () -> {
            again.cancel();
            if (session.outbox.peekFirst() == message) {
                session.outbox.removeFirst();
                Predicate<AgentSession> next = session.outbox.peekFirst();
                if (next != null) {
                    transmit(session, next);
                }
            }
        });
    }

    /** Leadership is over: agents must look for the next leader. */
    void stop() {
        for (Session session : sessions.values()) {
            String id = session.id;
            session.line.call(
                    manager.machineName(),
                    manager.scope(),
                    agent -> {
                        agent.sessionClosed(id);
                        return true;
                    },
                    () -> {});
        }
        sessions.clear();
    }
}
