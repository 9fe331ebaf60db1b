package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.consul.Command.ChangeKey;
import dev.clusterlab.simulator.consul.Command.CreateSession;
import dev.clusterlab.simulator.consul.Command.Deregister;
import dev.clusterlab.simulator.consul.Command.DestroySession;
import dev.clusterlab.simulator.consul.Command.KeyOperation;
import dev.clusterlab.simulator.consul.Command.Register;
import dev.clusterlab.simulator.consul.Rpc.Answered;
import dev.clusterlab.simulator.consul.Rpc.Consistency;
import dev.clusterlab.simulator.consul.Rpc.Done;
import dev.clusterlab.simulator.consul.Rpc.Failed;
import dev.clusterlab.simulator.consul.Rpc.Read;
import dev.clusterlab.simulator.consul.Rpc.Request;
import dev.clusterlab.simulator.consul.Rpc.Result;
import dev.clusterlab.simulator.consul.Rpc.Write;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.programs.ProgramContext;
import dev.clusterlab.simulator.protocol.Raft;
import dev.clusterlab.simulator.protocol.RaftMember;
import dev.clusterlab.simulator.protocol.RaftSettings;
import dev.clusterlab.simulator.protocol.RaftStorage;
import dev.clusterlab.simulator.protocol.SwimMember.Member;
import dev.clusterlab.simulator.protocol.SwimMember.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What makes an agent a server: Raft, the replicated state, answering and forwarding calls, and, while it leads,
 * reconciling the catalog with gossip, autopilot and the time of sessions.
 */
final class ConsulServer {
    private static final Duration HOLD = Duration.ofSeconds(7);
    private static final Duration RECONCILE_INTERVAL = Duration.ofSeconds(60);
    /** How often a server is asked whether it belongs to a group already, before bootstrapping is put off. */
    private static final int BOOTSTRAP_TRIES = 6;

    private final ProgramContext context;
    private final ConsulAgent agent;
    private final AgentSettings settings;
    private final AgentLog log;
    private final RpcLink link;
    private final SimRandom random;
    private final Map<String, Object> disk;
    private final StateStore store;
    private final Raft.StateMachine stateMachine;
    private final List<Blocked> blocked = new ArrayList<>();
    private final Map<String, Timer> sessionTimers = new TreeMap<>();
    private final Autopilot autopilot;
    private Scope leading;
    private Raft raft;
    private boolean isLeader;
    private boolean bootstrapping;
    private boolean bootstrapDisabled;
    private boolean wakeScheduled;
    private long lastLeaderContactNanos;
    private boolean stopped;

    private static final class Blocked {
        private final Read read;
        private final Consumer<Result> done;
        private @Nullable Timer deadline;

        Blocked(Read read, Consumer<Result> done) {
            this.read = read;
            this.done = done;
        }
    }

    /** One member of the Raft group, as the operator's endpoint shows it. */
    record Peer(String id, String node, String address, boolean leader, boolean voter, long lastIndex) {}

    ConsulServer(ConsulAgent agent, ProgramContext context, RpcLink link, AgentLog log, Map<String, Object> disk) {
        this.agent = agent;
        this.context = context;
        this.settings = agent.settings();
        this.link = link;
        this.log = log;
        this.disk = disk;
        this.random = context.random().split("server");
        this.store = new StateStore(() -> context.simulation().nowNanos(), this::scheduleWake);
        this.stateMachine = store;
        this.leading = context.scope().child("no lead yet");
        this.leading.close();
        this.autopilot = new Autopilot(this, agent, log);
        RaftStorage storage = (RaftStorage) disk.get("raft");
        if (storage == null) {
            storage = settings.bootstrap() ? RaftStorage.bootstrap(Map.of(agent.nodeId(), true)) : RaftStorage.empty();
            disk.put("raft", storage);
        }
        this.bootstrapDisabled = settings.bootstrap() || settings.bootstrapExpect() == 0 || !storage.isEmpty();
        rememberAddress(agent.nodeId(), agent.address());
        this.raft = startRaft(storage);
        link.serve(this::handle, (from, message) -> {
            if (!stopped) {
                raft.receive(from, message);
                if (from.equals(raft.status().leaderId())) {
                    lastLeaderContactNanos = context.simulation().nowNanos();
                }
            }
        });
        var members = new ArrayList<String>();
        storage.members().forEach((id, voter) -> members.add(id + (voter ? "" : " (nonvoter)")));
        log.info("agent.server.raft", "initial configuration", "index", members.isEmpty() ? 0 : 1, "servers", members);
        log.info(
                "agent.server.raft",
                "entering follower state",
                "follower",
                "\"Node at " + agent.address() + ":" + Rpc.PORT + " [Follower]\"",
                "leader-address",
                "",
                "leader-id",
                "");
    }

    private Raft startRaft(RaftStorage storage) {
        return new RaftMember(
                agent.nodeId(),
                RaftSettings.consul(settings.raftMultiplier()),
                storage,
                (to, message) -> {
                    String address = addressOf(to);
                    if (address != null) {
                        link.sendRaft(address, agent.nodeId(), message);
                    }
                },
                stateMachine,
                new LeadershipListener(),
                context.scope(),
                random.split("raft"));
    }

    StateStore store() {
        return store;
    }

    Raft raft() {
        return raft;
    }

    boolean isLeader() {
        return isLeader;
    }

    Scope leadingScope() {
        return leading;
    }

    // ---- addresses ----

    @SuppressWarnings("unchecked") // only this class writes the entry
    private Map<String, String> addressBook() {
        return (Map<String, String>) disk.computeIfAbsent("peer addresses", k -> new TreeMap<String, String>());
    }

    private void rememberAddress(String id, String address) {
        addressBook().put(id, address);
    }

    /** Where a peer is: as gossip says; else where it was last. */
    @Nullable
    String addressOf(String id) {
        return addressBook().get(id);
    }

    /** The leader's address, or null if there is none or its address is not known. */
    @Nullable
    String leaderAddress() {
        String leader = raft.status().leaderId();
        return leader == null ? null : addressOf(leader);
    }

    List<String> peerAddresses() {
        var addresses = new ArrayList<String>();
        for (String id : raft.status().members().keySet()) {
            String address = addressOf(id);
            if (address != null) {
                addresses.add(address + ":" + Rpc.PORT);
            }
        }
        return List.copyOf(addresses);
    }

    List<Peer> raftConfiguration() {
        Raft.Status status = raft.status();
        var peers = new ArrayList<Peer>();
        status.members().forEach((id, voter) -> {
            String address = addressOf(id);
            Member member = agent.serverById(id);
            long lastIndex = id.equals(agent.nodeId())
                    ? status.lastIndex()
                    : status.matchIndexes().getOrDefault(id, 0L);
            peers.add(new Peer(
                    id,
                    member == null ? "(unknown)" : member.name(),
                    (address == null ? "0.0.0.0" : address) + ":" + Rpc.PORT,
                    id.equals(status.leaderId()),
                    voter,
                    lastIndex));
        });
        return List.copyOf(peers);
    }

    Autopilot.Health autopilotHealth() {
        return autopilot.health();
    }

    // ---- calls ----

    /** Answers a request here or through the leader. */
    void handle(Request request, Consumer<Result> done) {
        attempt(request, done, context.simulation().nowNanos(), 1);
    }

    private void attempt(Request request, Consumer<Result> done, long sinceNanos, int attempt) {
        if (request instanceof Rpc.Peers) {
            done.accept(new Done(List.copyOf(raft.status().members().keySet())));
            return;
        }
        if (request instanceof Read read && (read.query().local() || read.consistency() == Consistency.STALE)) {
            read(read, done);
            return;
        }
        if (isLeader) {
            lead(request, done, sinceNanos, attempt);
            return;
        }
        String leader = raft.status().leaderId();
        if (leader == null || leader.equals(agent.nodeId())) {
            retry(request, done, sinceNanos, attempt, new Failed(Rpc.NO_LEADER));
            return;
        }
        String address = addressOf(leader);
        if (address == null) {
            retry(request, done, sinceNanos, attempt, new Failed(Rpc.LEADER_NOT_FOUND));
            return;
        }
        link.call(address, request, result -> {
            if (result instanceof Failed failed) {
                boolean again = failed.leaderless() || (failed.broken() && request instanceof Read);
                var told = new Failed(
                        failed.message().startsWith(Rpc.PREFIX) ? failed.message() : Rpc.PREFIX + failed.message());
                if (again) {
                    retry(request, done, sinceNanos, attempt, told);
                } else {
                    done.accept(told);
                }
            } else {
                done.accept(result);
            }
        });
    }

    /** Waits 437 ms, then twice as long each time, with jitter, until 7 s are over. */
    private void retry(Request request, Consumer<Result> done, long sinceNanos, int attempt, Failed otherwise) {
        long waited = context.simulation().nowNanos() - sinceNanos;
        long left = HOLD.toNanos() - waited;
        if (left <= 0) {
            done.accept(otherwise);
            return;
        }
        long pause = (HOLD.toNanos() / 16) << Math.min(attempt - 1, 4);
        long jittered = pause / 2 + random.nextLong(Math.max(1, pause / 2));
        context.scope()
                .schedule(
                        Duration.ofNanos(Math.min(jittered, left)),
                        () -> attempt(request, done, sinceNanos, attempt + 1));
    }

    private void lead(Request request, Consumer<Result> done, long sinceNanos, int attempt) {
        switch (request) {
            case Read read -> {
                if (read.consistency() == Consistency.CONSISTENT && !inContactWithMajority()) {
                    retry(request, done, sinceNanos, attempt, new Failed(Rpc.NO_LEADER));
                    return;
                }
                read(read, done);
            }
            case Write write -> write(write, done, sinceNanos, attempt);
            case Rpc.RenewSession renew -> {
                Records.Session session = store.session(renew.id());
                if (session != null) {
                    startSessionTimer(session);
                }
                done.accept(new Done(session));
            }
            case Rpc.RemovePeer remove -> {
                if (!raft.status().members().containsKey(remove.id())) {
                    done.accept(new Failed("id \"" + remove.id() + "\" was not found in the Raft configuration"));
                    return;
                }
                raft.removeMember(remove.id(), outcome -> done.accept(resultOf(outcome)));
            }
            case Rpc.TransferLeadership transfer ->
                raft.transferLeadership(transfer.id(), outcome -> done.accept(resultOf(outcome)));
            case Rpc.Peers peers ->
                done.accept(new Done(List.copyOf(raft.status().members().keySet())));
        }
    }

    private static Result resultOf(Raft.Outcome outcome) {
        return switch (outcome) {
            case Raft.Outcome.Applied applied -> new Done(applied.result());
            case Raft.Outcome.Rejected rejected ->
                new Failed(
                        switch (rejected.reason()) {
                            case NOT_LEADER -> "node is not the leader";
                            case LOST_LEADERSHIP -> "leadership lost while committing log";
                            case CONFIGURATION_CHANGE_PENDING -> "configuration change already in progress";
                            case TRANSFER_FAILED -> "leadership transfer failed";
                            case NO_VOTER_LEFT -> "need at least one voter in configuration";
                            case STOPPED -> "raft is already shutdown";
                        });
        };
    }

    private void write(Write write, Consumer<Result> done, long sinceNanos, int attempt) {
        if (write.command() instanceof ChangeKey change
                && change.operation() == KeyOperation.LOCK
                && store.lockDelayed(change.key())) {
            log.warn("agent.server.kvs", "Rejecting lock of key due to lock-delay", "key", change.key());
            done.accept(new Done(false));
            return;
        }
        raft.propose(write.command(), outcome -> {
            if (outcome instanceof Raft.Outcome.Rejected rejected && rejected.reason() == Raft.Reason.NOT_LEADER) {
                retry(write, done, sinceNanos, attempt, new Failed(Rpc.NO_LEADER));
                return;
            }
            if (outcome instanceof Raft.Outcome.Applied applied) {
                if (applied.result() instanceof StateStore.Refused refused) {
                    done.accept(new Failed(refused.message()));
                    return;
                }
                if (write.command() instanceof CreateSession create) {
                    startSessionTimer(create.session());
                } else if (write.command() instanceof DestroySession destroy) {
                    stopSessionTimer(destroy.id());
                }
            }
            done.accept(resultOf(outcome));
        });
    }

    private boolean inContactWithMajority() {
        Raft.Status status = raft.status();
        int voters = 0;
        int fresh = 0;
        for (Map.Entry<String, Boolean> member : status.members().entrySet()) {
            if (!member.getValue()) {
                continue;
            }
            voters++;
            long age = member.getKey().equals(agent.nodeId())
                    ? 0
                    : status.lastContactNanos().getOrDefault(member.getKey(), Long.MAX_VALUE);
            // One heartbeat of at most 1 s and its way back.
            if (age <= Duration.ofMillis(1200).toNanos()) {
                fresh++;
            }
        }
        return fresh > voters / 2;
    }

    private void read(Read read, Consumer<Result> done) {
        Rpc.View<?> view = read.query().run(this);
        if (read.minIndex() == 0
                || view.index() > read.minIndex()
                || read.query().tables().isEmpty()) {
            done.accept(answer(view));
            return;
        }
        var waiting = new Blocked(read, done);
        long jitter = read.waitNanos() / 16;
        long wait = read.waitNanos() + (jitter > 0 ? random.nextLong(jitter) : 0);
        waiting.deadline = context.scope().schedule(Duration.ofNanos(wait), () -> {
            if (blocked.remove(waiting)) {
                done.accept(answer(read.query().run(this)));
            }
        });
        blocked.add(waiting);
    }

    private Answered answer(Rpc.View<?> view) {
        boolean known = raft.status().leaderId() != null;
        long contact = isLeader ? 0 : (context.simulation().nowNanos() - lastLeaderContactNanos) / 1_000_000;
        // While a leader beats, its idle appends every 50 to 100 ms keep contact that fresh; see Autopilot.
        return new Answered(
                Math.max(1, view.index()), view.value(), known, known ? Autopilot.contactMillis(contact) : contact);
    }

    private void scheduleWake() {
        if (!wakeScheduled) {
            wakeScheduled = true;
            context.scope().schedule(Duration.ZERO, this::wake);
        }
    }

    private void wake() {
        wakeScheduled = false;
        context.changed();
        Set<StateStore.Table> touched = store.takeTouched();
        for (Blocked waiting : List.copyOf(blocked)) {
            if (java.util.Collections.disjoint(touched, waiting.read.query().tables())) {
                continue;
            }
            Rpc.View<?> view = waiting.read.query().run(this);
            if (view.index() > waiting.read.minIndex() && blocked.remove(waiting)) {
                if (waiting.deadline != null) {
                    waiting.deadline.cancel();
                }
                waiting.done.accept(answer(view));
            }
        }
    }

    // ---- gossip ----

    /** A member was seen, or changed. */
    void memberChanged(Member member) {
        if (ConsulAgent.isServer(member) && sameDatacenter(member)) {
            String id = member.tags().getOrDefault("id", "");
            if (!id.isEmpty() && (member.status() == Status.ALIVE || member.status() == Status.SUSPECT)) {
                rememberAddress(id, member.address());
            }
            maybeBootstrap();
        }
        if (isLeader) {
            reconcile(member);
        }
    }

    void memberReaped(Member member) {
        if (isLeader) {
            removeMember(member, "reaped");
        }
    }

    private boolean sameDatacenter(Member member) {
        return settings.datacenter().equals(member.tags().get("dc"));
    }

    private void maybeBootstrap() {
        if (bootstrapDisabled || bootstrapping || stopped) {
            return;
        }
        if (raft.status().lastIndex() > 0) {
            bootstrapDisabled = true;
            return;
        }
        var servers = new ArrayList<Member>();
        for (Member member : agent.members()) {
            if (!ConsulAgent.isServer(member) || !sameDatacenter(member)) {
                continue;
            }
            String expect = member.tags().getOrDefault("expect", "0");
            if (member.tags().containsKey("bootstrap")) {
                log.error("agent.server", "Member has bootstrap mode. Expect disabled.", "member", member.name());
                return;
            }
            if (!expect.equals("0") && !expect.equals(Integer.toString(settings.bootstrapExpect()))) {
                log.error(
                        "agent.server",
                        "Member has a conflicting expect value. All nodes should expect the same number.",
                        "member",
                        member.name());
                return;
            }
            servers.add(member);
        }
        if (servers.size() < settings.bootstrapExpect()) {
            return;
        }
        bootstrapping = true;
        askForPeers(servers, 0, 1);
    }

    /** Asks the servers one after another whether they already belong to a group. */
    private void askForPeers(List<Member> servers, int index, int attempt) {
        if (index == servers.size()) {
            bootstrap(servers);
            return;
        }
        Member server = servers.get(index);
        if (server.name().equals(settings.nodeName())) {
            askForPeers(servers, index + 1, 1);
            return;
        }
        boolean[] answered = {false};
        Consumer<Result> done = result -> {
            if (answered[0] || stopped) {
                return;
            }
            answered[0] = true;
            if (result instanceof Done reply && reply.value() instanceof List<?> peers) {
                if (!peers.isEmpty()) {
                    log.info(
                            "agent.server",
                            "Existing Raft peers reported by server, disabling bootstrap mode",
                            "server",
                            server.name());
                    bootstrapDisabled = true;
                    bootstrapping = false;
                    return;
                }
                askForPeers(servers, index + 1, 1);
                return;
            }
            log.error(
                    "agent.server", "Failed to confirm peer status for server (will retry).", "server", server.name());
            if (attempt == BOOTSTRAP_TRIES) {
                bootstrapping = false;
                return;
            }
            context.scope()
                    .schedule(Duration.ofSeconds(1L << (attempt - 1)), () -> askForPeers(servers, index, attempt + 1));
        };
        link.call(server.address(), new Rpc.Peers(), done);
        context.scope().schedule(Duration.ofSeconds(10), () -> done.accept(new Failed("i/o timeout")));
    }

    private void bootstrap(List<Member> servers) {
        bootstrapping = false;
        bootstrapDisabled = true;
        if (raft.status().lastIndex() > 0) {
            return;
        }
        var configuration = new TreeMap<String, Boolean>();
        var addresses = new ArrayList<String>();
        for (Member server : servers) {
            String id = server.tags().getOrDefault("id", "");
            configuration.put(id, true);
            rememberAddress(id, server.address());
            addresses.add(server.address() + ":" + Rpc.PORT);
        }
        log.info(
                "agent.server",
                "Found expected number of peers, attempting bootstrap",
                "peers",
                String.join(",", addresses));
        raft.stop();
        RaftStorage storage = RaftStorage.bootstrap(configuration);
        disk.put("raft", storage);
        raft = startRaft(storage);
    }

    // ---- the leader's work ----

    private final class LeadershipListener implements Raft.Listener {
        @Override
        public void becameLeader(long term) {
            if (stopped) {
                return;
            }
            isLeader = true;
            leading.close();
            leading = context.scope().child("leading in term " + term);
            log.info("agent.server.raft", "election won", "term", term);
            log.info(
                    "agent.server.raft",
                    "entering leader state",
                    "leader",
                    "\"Node at " + agent.address() + ":" + Rpc.PORT + " [Leader]\"");
            log.info("agent.server", "cluster leadership acquired");
            log.info("agent.server", "New leader elected", "payload", settings.nodeName());
            leading.schedule(Duration.ZERO, ConsulServer.this::reconcileAll);
            leading.every(RECONCILE_INTERVAL, ConsulServer.this::reconcileAll);
            for (Records.Session session : store.sessions()) {
                startSessionTimer(session);
            }
            autopilot.start();
        }

        @Override
        public void lostLeadership() {
            if (!isLeader) {
                return;
            }
            isLeader = false;
            leading.close();
            sessionTimers.values().forEach(Timer::cancel);
            sessionTimers.clear();
            log.info("agent.server", "cluster leadership lost");
        }

        @Override
        public void leaderChanged(@Nullable String leaderId) {
            if (leaderId == null) {
                log.warn(
                        "agent.server.raft",
                        "heartbeat timeout reached, starting election",
                        "last-leader-addr",
                        "",
                        "last-leader-id",
                        "");
            } else if (!leaderId.equals(agent.nodeId())) {
                Member member = agent.serverById(leaderId);
                log.info("agent.server", "New leader elected", "payload", member == null ? leaderId : member.name());
            }
        }
    }

    private void reconcileAll() {
        List<Member> members = agent.members();
        var known = new TreeMap<String, Member>();
        for (Member member : members) {
            known.put(member.name(), member);
            reconcile(member);
        }
        // Nodes that gossip has forgotten; nodes without serfHealth were registered from outside.
        for (Records.Node node : store.nodes()) {
            if (!known.containsKey(node.name()) && store.check(node.name(), Records.SERF_HEALTH) != null) {
                log.info("agent.server", "deregistering member", "member", node.name(), "reason", "reaped");
                submit(new Deregister(node.name(), null, null));
                String peer = node.id();
                if (raft.status().members().containsKey(peer)) {
                    removePeer(peer);
                }
            }
        }
    }

    private void reconcile(Member member) {
        switch (member.status()) {
            case ALIVE, SUSPECT -> reconcileAlive(member);
            case FAILED -> reconcileFailed(member);
            case LEFT -> removeMember(member, "left");
            case LEAVING -> {}
        }
    }

    private void reconcileAlive(Member member) {
        boolean server = ConsulAgent.isServer(member);
        if (server && sameDatacenter(member)) {
            String id = member.tags().getOrDefault("id", "");
            if (!id.isEmpty() && !raft.status().members().containsKey(id)) {
                log.info("agent.server", "adding server to the cluster", "member", member.name());
                raft.addMember(id, false, outcome -> {
                    if (outcome instanceof Raft.Outcome.Rejected rejected
                            && rejected.reason() == Raft.Reason.CONFIGURATION_CHANGE_PENDING) {
                        leading.schedule(Duration.ofSeconds(1), () -> againIfAlive(member.name()));
                    }
                });
            }
        }
        Records.Node node = store.node(member.name());
        Records.Check health = store.check(member.name(), Records.SERF_HEALTH);
        boolean sameService = !server || store.service(member.name(), "consul") != null;
        if (node != null
                && node.address().equals(member.address())
                && node.id().equals(member.tags().getOrDefault("id", ""))
                && sameService
                && health != null
                && health.status().equals(Records.PASSING)) {
            return;
        }
        log.info("agent.server", "member joined, marking health alive", "member", member.name());
        List<Records.Service> services = server
                ? List.of(new Records.Service(
                        member.name(),
                        "consul",
                        "consul",
                        List.of(),
                        "",
                        Rpc.PORT,
                        consulMeta(member),
                        1,
                        1,
                        false,
                        0,
                        0))
                : List.of();
        submit(new Register(
                nodeOf(member),
                services,
                List.of(serfHealth(member.name(), Records.PASSING, "Agent alive and reachable")),
                false));
    }

    private void againIfAlive(String name) {
        for (Member member : agent.members()) {
            if (member.name().equals(name)) {
                reconcile(member);
            }
        }
    }

    private static Map<String, String> consulMeta(Member member) {
        String build = member.tags().getOrDefault("build", "");
        int colon = build.indexOf(':');
        return Map.of(
                "raft_version", member.tags().getOrDefault("raft_vsn", "3"),
                "serf_protocol_current", "2",
                "serf_protocol_max", "5",
                "serf_protocol_min", "1",
                "version", colon < 0 ? build : build.substring(0, colon));
    }

    private void reconcileFailed(Member member) {
        Records.Check health = store.check(member.name(), Records.SERF_HEALTH);
        if (health != null && health.status().equals(Records.CRITICAL)) {
            return;
        }
        log.info("agent.server", "member failed, marking health critical", "member", member.name());
        submit(new Register(
                nodeOf(member),
                List.of(),
                List.of(serfHealth(member.name(), Records.CRITICAL, "Agent not live or unreachable")),
                true));
    }

    private void removeMember(Member member, String reason) {
        if (member.name().equals(settings.nodeName())) {
            return;
        }
        String id = member.tags().getOrDefault("id", "");
        if (ConsulAgent.isServer(member) && raft.status().members().containsKey(id)) {
            log.info("agent.server", "removing server by ID", "id", id);
            removePeer(id);
        }
        Records.Node node = store.node(member.name());
        // The name may have been taken by another agent meanwhile.
        if (node != null && (node.id().equals(id) || node.id().isEmpty())) {
            log.info("agent.server", "deregistering member", "member", member.name(), "reason", reason);
            submit(new Deregister(member.name(), null, null));
        }
    }

    void removePeer(String id) {
        raft.removeMember(id, outcome -> {
            if (outcome instanceof Raft.Outcome.Rejected rejected
                    && rejected.reason() == Raft.Reason.CONFIGURATION_CHANGE_PENDING) {
                leading.schedule(Duration.ofSeconds(1), () -> {
                    if (raft.status().members().containsKey(id)) {
                        removePeer(id);
                    }
                });
            }
        });
    }

    private static Records.Node nodeOf(Member member) {
        return new Records.Node(
                member.tags().getOrDefault("id", ""),
                member.name(),
                member.address(),
                ConsulAgent.taggedAddresses(member.address()),
                ConsulAgent.segmentMeta(),
                0,
                0);
    }

    private static Records.Check serfHealth(String node, String status, String output) {
        return new Records.Check(
                node, Records.SERF_HEALTH, "Serf Health Status", status, "", output, "", "", List.of(), "", 0, 0);
    }

    private void submit(Command command) {
        raft.propose(command, outcome -> {
            if (outcome instanceof Raft.Outcome.Rejected && isLeader) {
                log.error("agent.server", "failed to reconcile member", "error", resultOf(outcome));
            }
        });
    }

    // ---- sessions ----

    /** A session lives for twice its TTL without renewal, to forgive slow networks (session_ttl.go). */
    private void startSessionTimer(Records.Session session) {
        stopSessionTimer(session.id());
        Duration ttl = session.ttl().isEmpty() ? null : Durations.parse(session.ttl());
        if (ttl == null || ttl.isZero()) {
            return;
        }
        sessionTimers.put(session.id(), leading.schedule(ttl.multipliedBy(2), () -> {
            log.debug("agent.server", "Session TTL expired", "session", session.id());
            submit(new DestroySession(session.id()));
        }));
    }

    private void stopSessionTimer(String id) {
        Timer timer = sessionTimers.remove(id);
        if (timer != null) {
            timer.cancel();
        }
    }

    // ---- leaving ----

    /** Gives up the lead before the agent leaves gossip. */
    void beforeLeave(Runnable done) {
        long otherVoters = raft.status().members().entrySet().stream()
                .filter(member -> member.getValue() && !member.getKey().equals(agent.nodeId()))
                .count();
        if (!isLeader) {
            done.run();
        } else if (otherVoters > 0) {
            raft.transferLeadership(null, outcome -> done.run());
        } else {
            done.run();
        }
    }

    /** Waits up to 5 s until the leader has taken this server out of the group. */
    void afterLeave(Runnable done) {
        awaitRemoval(
                done, context.simulation().nowNanos() + Duration.ofSeconds(5).toNanos());
    }

    private void awaitRemoval(Runnable done, long deadlineNanos) {
        boolean alone = raft.status().members().size() <= 1;
        if (alone
                || !raft.status().members().containsKey(agent.nodeId())
                || context.simulation().nowNanos() >= deadlineNanos) {
            done.run();
            return;
        }
        context.scope().schedule(Duration.ofMillis(50), () -> awaitRemoval(done, deadlineNanos));
    }

    /** Takes part in nothing any more; what is on the disk stays. */
    void stop() {
        stopped = true;
        leading.close();
        raft.stop();
    }

    Map<String, String> raftStats() {
        Raft.Status status = raft.status();
        var stats = new LinkedHashMap<String, String>();
        stats.put("applied_index", Long.toString(status.appliedIndex()));
        stats.put("commit_index", Long.toString(status.commitIndex()));
        stats.put(
                "last_contact",
                isLeader
                        ? "0"
                        : status.leaderId() == null
                                ? "never"
                                : Autopilot.contactMillis(
                                                (context.simulation().nowNanos() - lastLeaderContactNanos) / 1_000_000)
                                        + "ms");
        stats.put("last_log_index", Long.toString(status.lastIndex()));
        stats.put("last_log_term", Long.toString(status.term()));
        stats.put(
                "num_peers",
                Integer.toString(Math.max(
                        0,
                        (int) status.members().values().stream().filter(v -> v).count() - 1)));
        stats.put("protocol_version", "3");
        stats.put(
                "state",
                switch (status.role()) {
                    case FOLLOWER -> "Follower";
                    case CANDIDATE -> "Candidate";
                    case LEADER -> "Leader";
                });
        stats.put("term", Long.toString(status.term()));
        return stats;
    }
}
