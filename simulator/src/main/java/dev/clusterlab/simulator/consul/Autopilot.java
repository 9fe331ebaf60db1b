package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.protocol.Raft;
import dev.clusterlab.simulator.protocol.SwimMember.Member;
import dev.clusterlab.simulator.protocol.SwimMember.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a leader does for the health of the Raft group: promotes stable servers, removes dead ones (raft-autopilot). */
final class Autopilot {
    private static final Duration STATE_INTERVAL = Duration.ofSeconds(2);
    private static final Duration RECONCILE_INTERVAL = Duration.ofSeconds(10);
    private static final Duration STABILIZATION = Duration.ofSeconds(10);
    private static final long CONTACT_THRESHOLD_MILLIS = 200;
    private static final long MAX_TRAILING = 250;

    private final ConsulServer server;
    private final ConsulAgent agent;
    private final AgentLog log;
    /** Since when a server is healthy, or not, by identifier. */
    private final Map<String, Stability> stability = new TreeMap<>();

    private long firstStateNanos;

    private record Stability(boolean healthy, long sinceNanos) {}

    /** Health of the group as the operator's endpoint shows it. */
    record Health(boolean healthy, int failureTolerance, List<ServerHealth> servers) {
        Health {
            servers = List.copyOf(servers);
        }
    }

    record ServerHealth(
            String id,
            String name,
            String address,
            String serfStatus,
            String version,
            boolean leader,
            long lastContactMillis,
            long lastTerm,
            long lastIndex,
            boolean healthy,
            boolean voter,
            Instant stableSince) {}

    Autopilot(ConsulServer server, ConsulAgent agent, AgentLog log) {
        this.server = server;
        this.agent = agent;
        this.log = log;
    }

    /** Begins with a new lead; ends with it. */
    void start() {
        stability.clear();
        firstStateNanos = nowNanos();
        observe();
        server.leadingScope().every(STATE_INTERVAL, this::observe);
        server.leadingScope().every(RECONCILE_INTERVAL, this::reconcile);
    }

    private long nowNanos() {
        return agent.context().simulation().nowNanos();
    }

    private void observe() {
        Raft.Status status = server.raft().status();
        for (String id : status.members().keySet()) {
            boolean healthy = healthy(id, status);
            Stability before = stability.get(id);
            if (before == null || before.healthy() != healthy) {
                stability.put(id, new Stability(healthy, nowNanos()));
            }
        }
        stability.keySet().retainAll(status.members().keySet());
    }

    private boolean healthy(String id, Raft.Status status) {
        if (id.equals(agent.nodeId())) {
            return true;
        }
        Member member = agent.serverById(id);
        if (member == null || (member.status() != Status.ALIVE && member.status() != Status.SUSPECT)) {
            return false;
        }
        Long contact = status.lastContactNanos().get(id);
        long match = status.matchIndexes().getOrDefault(id, 0L);
        return contact != null
                && contactMillis(contact / 1_000_000) <= CONTACT_THRESHOLD_MILLIS
                && status.lastIndex() - match <= MAX_TRAILING;
    }

    /**
     * The real leader sends an empty append every 50 to 100 ms to each follower, which this model leaves out so as to be
     * cheap when idle: contact that is no older than a heartbeat (at most 1 s and the way back) counts as that fresh.
     */
    static long contactMillis(long measuredMillis) {
        return measuredMillis <= 1_100 ? measuredMillis / 12 : measuredMillis;
    }

    private void reconcile() {
        observe();
        if (nowNanos() - firstStateNanos < STABILIZATION.toNanos()) {
            return;
        }
        if (promote()) {
            return;
        }
        if (agent.settings().cleanupDeadServers()) {
            prune();
        }
    }

    private boolean promote() {
        for (Map.Entry<String, Boolean> member :
                server.raft().status().members().entrySet()) {
            Stability stable = stability.get(member.getKey());
            if (!member.getValue()
                    && stable != null
                    && stable.healthy()
                    && nowNanos() - stable.sinceNanos() >= STABILIZATION.toNanos()) {
                log.info(
                        "agent.server.autopilot",
                        "Promoting server",
                        "id",
                        member.getKey(),
                        "address",
                        server.addressOf(member.getKey()) + ":" + Rpc.PORT,
                        "name",
                        name(member.getKey()));
                server.raft().addMember(member.getKey(), true, outcome -> {});
                // One change of the configuration at a time: the next one follows when this one is through.
                server.leadingScope().schedule(STATE_INTERVAL, this::promote);
                return true;
            }
        }
        return false;
    }

    private String name(String id) {
        Member member = agent.serverById(id);
        return member == null ? "(unknown)" : member.name();
    }

    /** Stale non-voters, stale voters, failed non-voters, failed voters; few voters at a time. */
    private void prune() {
        Map<String, Boolean> members = server.raft().status().members();
        var stale = new ArrayList<String>();
        var failed = new ArrayList<String>();
        for (String id : members.keySet()) {
            Member member = agent.serverById(id);
            if (id.equals(agent.nodeId())) {
                continue;
            }
            if (member == null || member.status() == Status.LEFT) {
                stale.add(id);
            } else if (member.status() == Status.FAILED) {
                failed.add(id);
            }
        }
        int voters = (int) members.values().stream().filter(voter -> voter).count();
        int mayRemove = (voters - 1) / 2;
        for (boolean voter : List.of(false, true)) {
            for (String id : stale) {
                if (members.getOrDefault(id, false) == voter && (!voter || mayRemove-- > 0)) {
                    log.info("agent.server.autopilot", "Attempting removal of stale server", "id", id);
                    server.removePeer(id);
                }
            }
        }
        for (boolean voter : List.of(false, true)) {
            for (String id : failed) {
                Member member = agent.serverById(id);
                if (member != null && members.getOrDefault(id, false) == voter && (!voter || mayRemove-- > 0)) {
                    log.info(
                            "agent.server.autopilot",
                            "Attempting removal of failed server node",
                            "id",
                            id,
                            "name",
                            member.name(),
                            "address",
                            member.address() + ":" + Rpc.PORT);
                    agent.serf().forceLeave(member.name(), false);
                }
            }
        }
    }

    Health health() {
        observe();
        Raft.Status status = server.raft().status();
        var servers = new ArrayList<ServerHealth>();
        int healthyVoters = 0;
        int voters = 0;
        boolean all = true;
        for (Map.Entry<String, Boolean> entry : status.members().entrySet()) {
            String id = entry.getKey();
            @Nullable Member member = agent.serverById(id);
            boolean self = id.equals(agent.nodeId());
            boolean healthy = healthy(id, status);
            all &= healthy;
            if (entry.getValue()) {
                voters++;
                healthyVoters += healthy ? 1 : 0;
            }
            Stability stable = stability.get(id);
            Instant since = agent.context()
                    .simulation()
                    .now()
                    .minusNanos(stable == null ? 0 : nowNanos() - stable.sinceNanos());
            long contact = self ? 0 : status.lastContactNanos().getOrDefault(id, 0L) / 1_000_000;
            servers.add(new ServerHealth(
                    id,
                    member == null ? "(unknown)" : member.name(),
                    server.addressOf(id) + ":" + Rpc.PORT,
                    member == null ? "none" : ConsulAgent.statusText(member.status()),
                    agent.settings().version(),
                    id.equals(status.leaderId()),
                    contactMillis(contact),
                    healthy ? status.term() : 0,
                    self ? status.lastIndex() : status.matchIndexes().getOrDefault(id, 0L),
                    healthy,
                    entry.getValue(),
                    since));
        }
        return new Health(all, Math.max(0, healthyVoters - (voters / 2 + 1)), servers);
    }
}
