package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.docker.api.Subnets;
import dev.clusterlab.simulator.protocol.Raft;
import dev.clusterlab.simulator.protocol.RaftStorage;
import dev.clusterlab.simulator.swarm.kept.SwarmEvents;
import dev.clusterlab.simulator.swarm.leader.ControlApi;
import dev.clusterlab.simulator.swarm.leader.JoinToken;
import dev.clusterlab.simulator.swarm.leader.NewSwarm;
import dev.clusterlab.simulator.swarm.store.StoreChange;
import dev.clusterlab.simulator.swarm.store.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One engine's part in a swarm: its agent, its manager if it is one, and how it came in (moby daemon/cluster). */
final class SwarmNode {
    static final int PORT = 2377;
    static final String ARCHITECTURE = "x86_64";
    static final Node.Platform PLATFORM = new Node.Platform(ARCHITECTURE, "linux");
    static final Node.Resources RESOURCES =
            new Node.Resources(Dockerd.PROCESSORS * 1_000_000_000L, Dockerd.MEMORY_BYTES, null);
    static final String NO_SWARM = "This node is not part of a swarm";
    static final String EXISTS =
            "This node is already part of a swarm. Use \"docker swarm leave\" to leave this swarm and join another one.";
    static final String NOT_MANAGER =
            "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\""
                    + " to connect this node to swarm and try again.";
    static final String WORKER =
            "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster"
                    + " state. Please run this command on a manager node or promote the current node to a manager.";
    static final String PREPARING =
            "This node is not a swarm manager. Manager is being prepared or has trouble connecting"
                    + " to the cluster.";

    private static final Duration INIT_MIN = Duration.ofMillis(350);
    private static final Duration INIT_MAX = Duration.ofMillis(450);
    /** From the engine's start until it takes up its part again: measured 2 s from power-on to ready. */
    private static final Duration RESTART_MIN = Duration.ofMillis(1_280);

    private static final Duration RESTART_MAX = Duration.ofMillis(1_400);
    /** Making a key and getting a certificate. */
    private static final Duration CERTIFICATE = Duration.ofMillis(70);
    /** Starting a manager: measured joins of managers and workers differ by this. */
    private static final Duration MANAGER_START = Duration.ofMillis(430);

    private static final Duration LEAVE = Duration.ofMillis(150);
    /** Making the network namespaces of the first task after the engine's start: measured cold bring-up. */
    private static final Duration NETWORK_MIN = Duration.ofMillis(2_500);

    private static final Duration NETWORK_MAX = Duration.ofMillis(2_650);
    private static final Duration RAFT_JOIN_LIMIT = Duration.ofSeconds(10);
    private static final Duration RAFT_JOIN_RETRY = Duration.ofSeconds(2);

    private final Dockerd daemon;
    private final SimRandom random;
    private final Remotes remotes = new Remotes();
    private Membership membership = new Membership.Outside();
    /** From the engine's first part in a swarm until it leaves, also while it begins anew. */
    private @Nullable EngineGossip gossip;

    private long networkReadyNanos = -1;

    /** As {@code docker info} says it. */
    enum LocalState {
        INACTIVE,
        PENDING,
        ACTIVE
    }

    /** How far this engine is in a swarm. */
    private sealed interface Membership {
        /** Part of none. */
        record Outside() implements Membership {}

        /** On the way in, or back in after a start: neither agent nor manager runs yet. */
        final class Entering implements Membership {}

        /** Its agent runs, and its manager if it is one. */
        final class Inside implements Membership {
            /** Ends when the node leaves, begins anew or stops. */
            final Scope scope;

            final Agent agent;

            @Nullable
            Manager manager;

            /** What was last heard of this node from the managers. */
            @Nullable
            Node current;

            /** It was made a manager, and its manager is about to start. */
            boolean promoting;

            Inside(Scope scope, Agent agent) {
                this.scope = scope;
                this.agent = agent;
            }
        }
    }

    SwarmNode(Dockerd daemon) {
        this.daemon = daemon;
        this.random = daemon.random().split("swarm");
    }

    Dockerd daemon() {
        return daemon;
    }

    SimMachine machine() {
        return daemon.machine();
    }

    World world() {
        return daemon.world();
    }

    SimRandom random() {
        return random;
    }

    LocalState state() {
        return switch (membership) {
            case Membership.Outside _ -> LocalState.INACTIVE;
            case Membership.Entering _ -> LocalState.PENDING;
            case Membership.Inside _ -> LocalState.ACTIVE;
        };
    }

    private Membership.@Nullable Inside inside() {
        return membership instanceof Membership.Inside inside ? inside : null;
    }

    @Nullable
    Agent agent() {
        return membership instanceof Membership.Inside inside ? inside.agent : null;
    }

    @Nullable
    Manager manager() {
        return membership instanceof Membership.Inside inside ? inside.manager : null;
    }

    @Nullable
    EngineGossip gossip() {
        return gossip;
    }

    @Nullable
    SwarmDisk diskOrNull() {
        return daemon.disk().swarm;
    }

    SwarmDisk disk() {
        SwarmDisk disk = daemon.disk().swarm;
        if (disk == null) {
            throw ApiException.unavailable(NO_SWARM);
        }
        return disk;
    }

    String nodeId() {
        SwarmDisk disk = daemon.disk().swarm;
        return disk == null ? "" : disk.nodeId;
    }

    /** The swarm's directory of overlay networks, or null outside a swarm. */
    @Nullable
    OverlayDirectory directory() {
        SwarmDisk disk = daemon.disk().swarm;
        return disk == null ? null : world().directories().of(disk.clusterId);
    }

    boolean believesAlive(String nodeId) {
        return gossip != null && gossip.believesAlive(nodeId);
    }

    /** See {@link OverlayDirectory.Observer#beliefs()}; none without gossip. */
    long beliefs() {
        return gossip == null ? 0 : gossip.beliefs();
    }

    /** Whether the port is published through the ingress network, as far as this node knows. */
    boolean publishesIngress(int port) {
        OverlayDirectory directory = directory();
        String ingress = ingressId();
        return directory != null && ingress != null && inside() != null && directory.publishes(ingress, port, daemon);
    }

    List<Integer> ingressPorts() {
        OverlayDirectory directory = directory();
        String ingress = ingressId();
        return directory == null || ingress == null || inside() == null ? List.of() : directory.ports(ingress, daemon);
    }

    @Nullable
    String ingressId() {
        SwarmDisk disk = daemon.disk().swarm;
        return disk == null ? null : disk.ingressId();
    }

    /** The managers reported networks that this node uses. */
    void learnNetworks(List<Network> networks) {
        SwarmDisk disk = disk();
        String before = disk.ingressId();
        networks.forEach(disk::learn);
        if (!java.util.Objects.equals(before, disk.ingressId())) {
            machine().portsChanged();
        }
    }

    /** Time until tasks can be connected: making the first namespaces takes a while. */
    Duration untilNetworkIsReady() {
        long now = world().simulation().nowNanos();
        if (networkReadyNanos < 0) {
            networkReadyNanos = now + random.between(NETWORK_MIN, NETWORK_MAX).toNanos();
        }
        return Duration.ofNanos(Math.max(0, networkReadyNanos - now));
    }

    void containerHealthChanged(DockerContainer container) {
        if (membership instanceof Membership.Inside inside) {
            inside.agent.healthChanged(container);
        }
    }

    Node.Description description() {
        return new Node.Description(
                machine().name(),
                PLATFORM,
                RESOURCES,
                new Node.EngineDescription(
                        DockerDaemon.VERSION,
                        Map.of(),
                        List.of(
                                new Node.Plugin("Log", "json-file"),
                                new Node.Plugin("Network", "bridge"),
                                new Node.Plugin("Network", "host"),
                                new Node.Plugin("Network", "null"),
                                new Node.Plugin("Network", "overlay"),
                                new Node.Plugin("Volume", "local"))),
                JoinToken.tlsInfo(disk().clusterId));
    }

    // Managers that it knows

    void learn(Map<String, String> managers) {
        if (!managers.isEmpty()) {
            disk().managers.clear();
            disk().managers.putAll(managers);
            remotes.listed(managers.values());
        }
    }

    List<String> managerHosts() {
        SwarmDisk disk = daemon.disk().swarm;
        if (disk == null) {
            return List.of();
        }
        return disk.managers.values().stream()
                .map(SwarmNode::host)
                .filter(host -> !host.equals(machine().advertisedAddress()))
                .toList();
    }

    static String host(String address) {
        int colon = address.lastIndexOf(':');
        return colon < 0 ? address : address.substring(0, colon);
    }

    /** Its own manager if it is one, which a local socket reaches; else {@link #pickRemoteManager}. */
    @Nullable
    SimMachine pickManager(SimRandom dice) {
        return manager() == null ? pickRemoteManager(dice) : machine();
    }

    /** Another manager, by chance. */
    @Nullable
    SimMachine pickRemoteManager(SimRandom dice) {
        return remotes.pick(disk().managers.values(), this::remoteAt, dice);
    }

    private @Nullable SimMachine remoteAt(String address) {
        SimMachine found = world().machineAt(host(address), machine()).orElse(null);
        return found == machine() ? null : found;
    }

    /** The connection to this manager has failed. */
    void failed(SimMachine target) {
        disk().managers.values().stream()
                .filter(address -> remoteAt(address) == target)
                .forEach(remotes::bad);
    }

    /** Asks the manager on another machine; the answer comes back over the network, or a time limit passes. */
    <T> void ask(
            SimMachine target,
            Duration limit,
            BiConsumer<Manager, Consumer<ApiResult<T>>> question,
            Consumer<ApiResult<T>> done) {
        Scope home = membership instanceof Membership.Inside inside ? inside.scope : daemon.scope();
        var answered = new boolean[1];
        Timer timer = home.schedule(limit, () -> {
            if (!answered[0]) {
                answered[0] = true;
                done.accept(ApiResult.error(NoAnswer.TIMEOUT, "context deadline exceeded"));
            }
        });
        Consumer<ApiResult<T>> reply = world().simulation()
                .keep((ApiResult<T> result) -> world().underlay()
                        .send(target.station(), machine().station(), home, () -> {
                            if (!answered[0]) {
                                answered[0] = true;
                                timer.cancel();
                                done.accept(result);
                            }
                        }));
        world().underlay().send(machine().station(), target.station(), target.scope(), () -> {
            Manager remote = target.managerOrNull();
            if (remote == null) {
                reply.accept(ApiResult.error(
                        NoAnswer.REFUSED,
                        "connection error: desc = \"transport: Error while dialing: dial tcp " + target.address() + ":"
                                + PORT + ": connect: connection refused\""));
            } else {
                question.accept(remote, reply);
            }
        });
    }

    // Life

    /** The engine has started: takes up the part that the disk tells of. */
    void start() {
        if (daemon.disk().swarm != null) {
            enter(random.between(RESTART_MIN, RESTART_MAX), null, () -> {});
        }
    }

    /** Takes up its part after {@code pause}, unless it has left or begun something else meanwhile. */
    private void enter(Duration pause, @Nullable Consumer<Transaction> seed, Runnable onReady) {
        var entering = new Membership.Entering();
        membership = entering;
        machine().portsChanged();
        daemon.scope().schedule(pause, () -> {
            if (membership == entering) {
                activate(disk(), seed, onReady);
            }
        });
    }

    private void activate(SwarmDisk disk, @Nullable Consumer<Transaction> seed, Runnable onReady) {
        Scope life = daemon.scope().child("swarm");
        var inside = new Membership.Inside(life, new Agent(this, life, onReady));
        membership = inside;
        world().isNode(disk.nodeId, machine());
        daemon.disk().networks.gatewayBridge(world().simulation().now());
        if (disk.role.equals(Node.MANAGER)) {
            startManager(inside, seed);
        }
        if (gossip == null) {
            gossip = new EngineGossip(this, daemon.scope());
        }
        inside.agent.start();
        machine().portsChanged();
    }

    private void startManager(Membership.Inside inside, @Nullable Consumer<Transaction> seed) {
        SwarmDisk disk = disk();
        if (disk.raft == null) {
            disk.raft = RaftStorage.empty();
        }
        // Also after a loss of power in the middle of the way in.
        boolean fresh = disk.raft.isEmpty();
        var started = new Manager(this, inside.scope, disk.raft, seed);
        inside.manager = started;
        if (fresh) {
            joinRaft(started);
        }
    }

    private void joinRaft(Manager joining) {
        SimMachine target = pickRemoteManager(random);
        Scope life = joining.scope();
        if (target == null) {
            life.schedule(RAFT_JOIN_RETRY, () -> joinRaft(joining));
            return;
        }
        String id = nodeId();
        this.<Nothing>ask(
                target,
                RAFT_JOIN_LIMIT,
                (remote, reply) -> remote.<Nothing>asLeaderOrProxy(
                        (leader, done) -> leader.control().addManager(id, done), reply),
                result -> {
                    if (result instanceof ApiResult.Error<Nothing> && manager() == joining) {
                        life.schedule(RAFT_JOIN_RETRY, () -> joinRaft(joining));
                    }
                });
    }

    /** What the managers say of this node. */
    void nodeReported(Node node) {
        if (!(membership instanceof Membership.Inside inside)) {
            return;
        }
        inside.current = node;
        SwarmDisk disk = disk();
        Manager ended = inside.manager;
        if (node.isManager() && ended == null && !inside.promoting) {
            inside.promoting = true;
            inside.scope.schedule(CERTIFICATE.plus(MANAGER_START), () -> {
                inside.promoting = false;
                if (inside.manager == null && inside.current != null && inside.current.isManager()) {
                    disk.role = Node.MANAGER;
                    startManager(inside, null);
                    machine().changed();
                }
            });
        } else if (!node.isManager() && ended != null) {
            inside.manager = null;
            disk.role = Node.WORKER;
            disk.raft = null;
            ended.stop();
            machine().changed();
        }
    }

    void storeChanged(List<StoreChange> changes) {
        for (StoreChange change : changes) {
            SwarmEvents.emit(daemon.events(), change);
            if (change.before() instanceof Network network && change.after() == null) {
                disk().forget(network);
                machine().portsChanged();
            }
        }
        machine().changed();
    }

    // Init, join, leave

    void init(Cluster.InitRequest request, Consumer<ApiResult<String>> done) {
        if (daemon.disk().swarm != null) {
            if (Boolean.TRUE.equals(request.forceNewCluster())) {
                forceNewCluster(done);
                return;
            }
            throw ApiException.unavailable(EXISTS);
        }
        String advertised = advertised(request.advertiseAddr());
        if (request.spec() != null
                && request.spec().name() != null
                && !request.spec().name().isEmpty()
                && !request.spec().name().equals("default")) {
            throw ApiException.badRequest("swarm spec must be named \"default\"");
        }
        ControlApi.checkSpec(request.spec());
        Cluster.SwarmSpec wanted = request.spec() == null ? Cluster.SwarmSpec.DEFAULT : request.spec();
        (Boolean.TRUE.equals(request.autoLockManagers()) ? wanted.locking() : wanted).refuseLocking();
        String availability = availability(request.availability());
        List<String> pools = request.defaultAddrPool();
        if (pools != null) {
            for (String pool : pools) {
                if (Subnets.subnet(pool) == null) {
                    throw ApiException.badRequest("invalid CIDR address: " + pool);
                }
            }
        }
        var disk = new SwarmDisk(random.base36(25), random.base36(25), Node.MANAGER);
        disk.raft = RaftStorage.bootstrap(Map.of(disk.nodeId, true));
        disk.advertised = advertised;
        daemon.disk().swarm = disk;
        disk.managers.put(disk.nodeId, machine().advertisedAddress() + ":" + PORT);
        Consumer<Transaction> seed = transaction -> {
            var founder = new NewSwarm.Founder(
                    disk.clusterId, disk.nodeId, description(), machine().advertisedAddress(), availability);
            Network ingress = NewSwarm.seed(
                    transaction, founder, request, random, world().simulation().now());
            disk.learn(ingress);
            machine().portsChanged();
        };
        enter(random.between(INIT_MIN, INIT_MAX), seed, () -> done.accept(ApiResult.ok(disk.nodeId)));
    }

    private void forceNewCluster(Consumer<ApiResult<String>> done) {
        SwarmDisk disk = disk();
        Membership.Inside inside = inside();
        Manager old = manager();
        if (inside == null || old == null || disk.raft == null) {
            throw ApiException.unavailable(NOT_MANAGER);
        }
        old.raft().stop();
        inside.scope.close();
        disk.raft.forceNewGroup(Map.of(disk.nodeId, true));
        disk.managers.clear();
        disk.managers.put(disk.nodeId, machine().advertisedAddress() + ":" + PORT);
        enter(random.between(INIT_MIN, INIT_MAX), null, () -> done.accept(ApiResult.ok(disk.nodeId)));
    }

    /**
     * The address to tell others; null for the machine's own. Any address is taken, also one that is not the machine's
     * (moby daemon/cluster/listen_addr.go).
     */
    private @Nullable String advertised(@Nullable String given) {
        if (given == null || given.isEmpty()) {
            return null;
        }
        String host = given.contains(":") ? host(given) : given;
        if (host.equals(machine().address()) || host.matches("eth[0-9]+")) {
            return null;
        }
        if (Subnets.parse(host) == null || host.equals("0.0.0.0")) {
            throw ApiException.badRequest("advertise address must be a non-zero IP address or network interface"
                    + " (with optional port number)");
        }
        return host;
    }

    private static String availability(@Nullable String given) {
        String availability = given == null || given.isEmpty() ? Node.ACTIVE : given;
        if (!List.of(Node.ACTIVE, Node.PAUSE, Node.DRAIN).contains(availability)) {
            throw ApiException.badRequest("invalid Availability: \"" + given + "\"");
        }
        return availability;
    }

    void join(Cluster.JoinRequest request, Consumer<ApiResult<Nothing>> done) {
        if (daemon.disk().swarm != null || !(membership instanceof Membership.Outside)) {
            throw ApiException.unavailable(EXISTS);
        }
        if (request.remoteAddrs() == null || request.remoteAddrs().isEmpty()) {
            throw ApiException.badRequest("at least 1 RemoteAddr is required to join");
        }
        String advertised = advertised(request.advertiseAddr());
        String availability = availability(request.availability());
        membership = new Membership.Entering();
        machine().changed();
        new JoinAttempt(this, request, availability, advertised, done).begin();
    }

    /** The way in failed: as if it had not been tried. */
    void joinFailed() {
        membership = new Membership.Outside();
        machine().changed();
    }

    /** A manager let this machine in. */
    void joined(SwarmDisk disk, Runnable onReady) {
        daemon.disk().swarm = disk;
        boolean manages = disk.role.equals(Node.MANAGER);
        enter(manages ? CERTIFICATE.plus(MANAGER_START) : CERTIFICATE, null, onReady);
    }

    void leave(boolean force, Consumer<ApiResult<Nothing>> done) {
        SwarmDisk disk = daemon.disk().swarm;
        if (disk == null) {
            throw ApiException.unavailable(NO_SWARM);
        }
        Membership.Inside inside = inside();
        Manager leaving = manager();
        if (leaving != null && !force) {
            throw ApiException.unavailable(leaveRefusal(leaving));
        }
        if (inside != null) {
            inside.agent.stop();
        }
        if (leaving != null) {
            leaving.stop();
        }
        EngineGossip talk = gossip;
        if (talk != null) {
            talk.leave();
        }
        if (inside != null) {
            inside.scope.close();
        }
        OverlayDirectory directory = directory();
        if (directory != null) {
            directory.forget(machine());
        }
        gossip = null;
        daemon.disk().swarm = null;
        membership = new Membership.Outside();
        machine().portsChanged();
        daemon.scope().schedule(LEAVE, () -> done.accept(Nothing.ok()));
    }

    private static String leaveRefusal(Manager leaving) {
        var text = new StringBuilder(
                "You are attempting to leave the swarm on a node that is participating as a manager. ");
        Raft.Status status = leaving.raft().status();
        int members = status.members().size();
        int reachable = leaving.leadership() == null ? members : leaving.reachableMembers();
        if (status.leaderId() == null) {
            text.append("Doing so may lose the consensus of your cluster. ");
        } else if (reachable == 1) {
            text.append("Removing the last manager erases all current state of the swarm. Use `--force` to ignore"
                    + " this message. ");
            return text.toString();
        } else if (reachable - 1 < members / 2 + 1) {
            text.append("Removing this node leaves ")
                    .append(reachable - 1)
                    .append(" managers out of ")
                    .append(members)
                    .append(". Without a Raft quorum your swarm will be inaccessible. ");
        }
        return text + "The only way to restore a swarm that has lost consensus is to reinitialize it with"
                + " `--force-new-cluster`. Use `--force` to suppress this message.";
    }

    /**
     * The engine stops in order: leadership goes to another manager, then manager and agent fall silent. Tasks are not
     * reported as ended: the managers hear of them when the node is down, or back.
     */
    void shutdown(Runnable done) {
        Runnable silence = () -> {
            if (membership instanceof Membership.Inside inside) {
                inside.scope.close();
            }
            done.run();
        };
        Manager stopping = manager();
        if (stopping == null) {
            silence.run();
        } else {
            stopping.stepDown(silence);
        }
    }

    // Calls of the engine's API that managers serve

    /** The manager, if calls can be made here. Throws what the engine says if not. */
    Manager requireManager() {
        return switch (membership) {
            case Membership.Outside _ -> throw ApiException.unavailable(NOT_MANAGER);
            case Membership.Entering _ -> throw ApiException.unavailable(PREPARING);
            case Membership.Inside inside -> {
                if (inside.manager == null) {
                    boolean preparing = inside.promoting || disk().role.equals(Node.MANAGER);
                    throw ApiException.unavailable(preparing ? PREPARING : WORKER);
                }
                yield inside.manager;
            }
        };
    }

    <T> void control(Manager.LeaderCall<T> call, Consumer<ApiResult<T>> done) {
        Manager here;
        try {
            here = requireManager();
        } catch (ApiException e) {
            done.accept(ApiResult.error(e));
            return;
        }
        here.control(call, done);
    }
}
