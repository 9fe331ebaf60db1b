package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.consul.Command.ChangeKey;
import dev.clusterlab.simulator.consul.Command.CreateSession;
import dev.clusterlab.simulator.consul.Command.DestroySession;
import dev.clusterlab.simulator.consul.Command.KeyOperation;
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
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What makes an agent a server: Raft, the replicated state, and answering calls or forwarding them to the leader. What it
 * does besides, mostly while it leads, is done by {@link Bootstrap}, {@link BlockedReads}, {@link Reconciler},
 * {@link SessionTimers} and {@link Autopilot}.
 */
final class ConsulServer {
    private static final Duration HOLD = Duration.ofSeconds(7);
    private static final Duration RECONCILE_INTERVAL = Duration.ofSeconds(60);

    private final ProgramContext context;
    private final ConsulAgent agent;
    private final AgentSettings settings;
    private final AgentLog log;
    private final RpcLink link;
    private final SimRandom random;
    private final Map<String, Object> disk;
    private final StateStore store;
    private final Raft.StateMachine stateMachine;
    private final BlockedReads reads;
    private final Bootstrap bootstrap;
    private final Reconciler reconciler;
    private final SessionTimers sessionTimers;
    private final Autopilot autopilot;
    private Scope leading;
    private Raft raft;
    private boolean isLeader;
    private long lastLeaderContactNanos;
    private boolean stopped;

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
        this.reads = new BlockedReads(this, context, random);
        this.store = new StateStore(() -> context.simulation().nowNanos(), reads::changed);
        this.stateMachine = store;
        this.leading = context.scope().child("no lead yet");
        this.leading.close();
        this.reconciler = new Reconciler(this, agent, log);
        this.sessionTimers = new SessionTimers(this, log);
        this.autopilot = new Autopilot(this, agent, log);
        RaftStorage storage = (RaftStorage) disk.get("raft");
        if (storage == null) {
            storage = settings.bootstrap() ? RaftStorage.bootstrap(Map.of(agent.nodeId(), true)) : RaftStorage.empty();
            disk.put("raft", storage);
        }
        this.bootstrap = new Bootstrap(
                agent,
                link,
                log,
                settings.bootstrap() || settings.bootstrapExpect() == 0 || !storage.isEmpty(),
                new RaftGroup());
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

    // ---- addresses

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

    // ---- calls

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
            reads.read(read, done);
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
                var reported = new Failed(Rpc.prefixed(failed.message()));
                if (again) {
                    retry(request, done, sinceNanos, attempt, reported);
                } else {
                    done.accept(reported);
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
                reads.read(read, done);
            }
            case Write write -> write(write, done, sinceNanos, attempt);
            case Rpc.RenewSession renew -> {
                Records.Session session = store.session(renew.id());
                if (session != null) {
                    sessionTimers.start(session);
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
                    sessionTimers.start(create.session());
                } else if (write.command() instanceof DestroySession destroy) {
                    sessionTimers.stop(destroy.id());
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

    /** What a query saw, as an answer of this server. */
    Answered answer(Rpc.View<?> view) {
        boolean known = raft.status().leaderId() != null;
        long contact = isLeader ? 0 : (context.simulation().nowNanos() - lastLeaderContactNanos) / 1_000_000;
        // While a leader beats, its idle appends every 50 to 100 ms keep contact that fresh; see Autopilot.
        return new Answered(
                Math.max(1, view.index()), view.value(), known, known ? Autopilot.contactMillis(contact) : contact);
    }

    // ---- gossip

    /** A member was seen, or changed. */
    void memberChanged(Member member) {
        if (agent.isServerHere(member)) {
            String id = member.tags().getOrDefault("id", "");
            if (!id.isEmpty() && (member.status() == Status.ALIVE || member.status() == Status.SUSPECT)) {
                rememberAddress(id, member.address());
            }
            bootstrap.serverChanged();
        }
        if (isLeader) {
            reconciler.reconcile(member);
        }
    }

    void memberReaped(Member member) {
        if (isLeader) {
            reconciler.remove(member, "reaped");
        }
    }

    private final class RaftGroup implements Bootstrap.Group {
        @Override
        public boolean exists() {
            return raft.status().lastIndex() > 0;
        }

        @Override
        public void found(List<Member> servers) {
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
    }

    // ---- the leader's work

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
            leading.schedule(Duration.ZERO, reconciler::reconcileAll);
            leading.every(RECONCILE_INTERVAL, reconciler::reconcileAll);
            for (Records.Session session : store.sessions()) {
                sessionTimers.start(session);
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
            sessionTimers.stopAll();
            log.info("agent.server", "cluster leadership lost");
        }

        @Override
        public void membersChanged(Map<String, Boolean> members) {
            context.changed();
        }

        @Override
        public void suffixDropped(long from, long to) {
            log.warn("agent.server.raft", "clearing log suffix", "from", from, "to", to);
        }

        @Override
        public void leaderChanged(@Nullable String leaderId) {
            // The log may be too quiet to tell.
            context.changed();
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

    /** Takes a peer out of the group; tries again while another change of its members is under way. */
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

    /** Proposes a change of the leader's own; nobody waits for it. */
    void submit(Command command) {
        raft.propose(command, outcome -> {
            if (outcome instanceof Raft.Outcome.Rejected && isLeader) {
                log.error("agent.server", "failed to reconcile member", "error", resultOf(outcome));
            }
        });
    }

    // ---- leaving

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
        bootstrap.stop();
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
