package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.consul.Command.Deregister;
import dev.clusterlab.simulator.consul.Command.Register;
import dev.clusterlab.simulator.consul.Records.Check;
import dev.clusterlab.simulator.consul.Records.Node;
import dev.clusterlab.simulator.consul.Records.Service;
import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.protocol.Raft;
import dev.clusterlab.simulator.protocol.SwimMember.Member;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a leader does to keep the catalog as gossip has it: nodes, the servers' own service, and {@code serfHealth}. */
final class Reconciler {
    private final ConsulServer server;
    private final ConsulAgent agent;
    private final AgentLog log;

    Reconciler(ConsulServer server, ConsulAgent agent, AgentLog log) {
        this.server = server;
        this.agent = agent;
        this.log = log;
    }

    void reconcileAll() {
        List<Member> members = agent.members();
        var known = new TreeMap<String, Member>();
        for (Member member : members) {
            known.put(member.name(), member);
            reconcile(member);
        }
        // Nodes that gossip has forgotten; nodes without serfHealth were registered from outside.
        for (Node node : server.store().nodes()) {
            if (!known.containsKey(node.name()) && server.store().check(node.name(), Records.SERF_HEALTH) != null) {
                log.info("agent.server", "deregistering member", "member", node.name(), "reason", "reaped");
                server.submit(new Deregister(node.name(), null, null));
                String peer = node.id();
                if (server.raft().status().members().containsKey(peer)) {
                    server.removePeer(peer);
                }
            }
        }
    }

    /** Brings the catalog's entry of one member to what gossip says. */
    void reconcile(Member member) {
        switch (member.status()) {
            case ALIVE, SUSPECT -> reconcileAlive(member);
            case FAILED -> reconcileFailed(member);
            case LEFT -> remove(member, "left");
            case LEAVING -> {}
        }
    }

    private void reconcileAlive(Member member) {
        boolean runsServer = ConsulAgent.isServer(member);
        if (agent.isServerHere(member)) {
            String id = member.tags().getOrDefault("id", "");
            if (!id.isEmpty() && !server.raft().status().members().containsKey(id)) {
                log.info("agent.server", "adding server to the cluster", "member", member.name());
                server.raft().addMember(id, false, outcome -> {
                    if (outcome instanceof Raft.Outcome.Rejected rejected
                            && rejected.reason() == Raft.Reason.CONFIGURATION_CHANGE_PENDING) {
                        server.leadingScope().schedule(Duration.ofSeconds(1), () -> againIfAlive(member.name()));
                    }
                });
            }
        }
        Node node = server.store().node(member.name());
        Check health = server.store().check(member.name(), Records.SERF_HEALTH);
        boolean sameService = !runsServer || server.store().service(member.name(), "consul") != null;
        if (node != null
                && node.address().equals(member.address())
                && node.id().equals(member.tags().getOrDefault("id", ""))
                && sameService
                && health != null
                && health.status().equals(Records.PASSING)) {
            return;
        }
        log.info("agent.server", "member joined, marking health alive", "member", member.name());
        List<Service> services = runsServer
                ? List.of(new Service(
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
        server.submit(new Register(
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
        return Ordered.map(
                "raft_version", member.tags().getOrDefault("raft_vsn", "3"),
                "serf_protocol_current", "2",
                "serf_protocol_max", "5",
                "serf_protocol_min", "1",
                "version", colon < 0 ? build : build.substring(0, colon));
    }

    private void reconcileFailed(Member member) {
        Check health = server.store().check(member.name(), Records.SERF_HEALTH);
        if (health != null && health.status().equals(Records.CRITICAL)) {
            return;
        }
        log.info("agent.server", "member failed, marking health critical", "member", member.name());
        server.submit(new Register(
                nodeOf(member),
                List.of(),
                List.of(serfHealth(member.name(), Records.CRITICAL, "Agent not live or unreachable")),
                true));
    }

    void remove(Member member, String reason) {
        if (member.name().equals(agent.settings().nodeName())) {
            return;
        }
        String id = member.tags().getOrDefault("id", "");
        if (ConsulAgent.isServer(member) && server.raft().status().members().containsKey(id)) {
            log.info("agent.server", "removing server by ID", "id", id);
            server.removePeer(id);
        }
        Node node = server.store().node(member.name());
        // The name may have been taken by another agent meanwhile.
        if (node != null && (node.id().equals(id) || node.id().isEmpty())) {
            log.info("agent.server", "deregistering member", "member", member.name(), "reason", reason);
            server.submit(new Deregister(member.name(), null, null));
        }
    }

    private static Node nodeOf(Member member) {
        return new Node(
                member.tags().getOrDefault("id", ""),
                member.name(),
                member.address(),
                ConsulAgent.taggedAddresses(member.address()),
                ConsulAgent.segmentMeta(),
                0,
                0);
    }

    private static Check serfHealth(String node, String status, String output) {
        return new Check(
                node, Records.SERF_HEALTH, "Serf Health Status", status, "", output, "", "", List.of(), "", 0, 0);
    }
}
