package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.protocol.SwimMember;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Consul agent as one sees it who reads it from inside: what it would answer at this very instant to a question that
 * allows stale answers, without any message, randomness or time. Used on the simulation's thread only.
 */
public final class AgentReading {
    private final ConsulAgent agent;

    AgentReading(ConsulAgent agent) {
        this.agent = agent;
    }

    /** {@code status}: {@code alive}, {@code leaving}, {@code left}, {@code failed}. */
    public record Member(String name, String address, int port, String status, Map<String, String> tags) {}

    /** One member of the Raft group; {@code address} with its port. */
    public record Peer(String id, String node, String address, boolean leader, boolean voter) {}

    /** An instance of a service; {@code address}: the service's own, may be empty. */
    public record Instance(
            String id,
            String service,
            String node,
            String nodeAddress,
            String address,
            int port,
            List<String> tags,
            List<Check> checks) {}

    /** {@code serviceId} is empty for a check of the node. */
    public record Check(String node, String id, String name, String status, String output, String serviceId) {}

    public String nodeId() {
        return agent.nodeId();
    }

    public boolean server() {
        return agent.server() != null;
    }

    /** Everyone that its gossip knows, ordered by name. */
    public List<Member> members() {
        return agent.members().stream().map(AgentReading::member).toList();
    }

    private static Member member(SwimMember.Member member) {
        return new Member(
                member.name(),
                member.address(),
                ConsulAgent.SERF_PORT,
                ConsulAgent.statusText(member.status()),
                member.tags());
    }

    /** The identifier of the node of the server that answers its reads: of a server its own; empty if it knows none. */
    public Optional<String> answering() {
        if (server()) {
            return Optional.of(nodeId());
        }
        SwimMember.Member chosen = agent.answering();
        return chosen == null
                ? Optional.empty()
                : Optional.ofNullable(chosen.tags().get("id"));
    }

    private ConsulServer own() {
        ConsulServer server = agent.server();
        if (server == null) {
            throw new IllegalStateException("it is no server");
        }
        return server;
    }

    /** {@code ip:port} of the leader as this server knows it, or empty text. */
    public String leader() {
        String address = own().leaderAddress();
        return address == null ? "" : address + ":" + Rpc.PORT;
    }

    /** The Raft configuration that this server uses. */
    public List<Peer> peers() {
        return own().raftConfiguration().stream()
                .map(peer -> new Peer(peer.id(), peer.node(), peer.address(), peer.leader(), peer.voter()))
                .toList();
    }

    /** Grows with each change of this server's catalog. */
    public long catalogIndex() {
        return own().store().index(Table.NODES, Table.SERVICES, Table.CHECKS);
    }

    /** Every service of this server's catalog with its instances. */
    public Map<String, List<Instance>> services() {
        StateStore store = own().store();
        var services = new LinkedHashMap<String, List<Instance>>();
        for (String name : store.serviceNames().keySet()) {
            var instances = new ArrayList<Instance>();
            for (Records.ServiceHealth health : store.health(name)) {
                instances.add(instance(health));
            }
            services.put(name, instances);
        }
        return services;
    }

    private static Instance instance(Records.ServiceHealth health) {
        Records.Service service = health.service();
        return new Instance(
                service.id(),
                service.name(),
                health.node().name(),
                health.node().address(),
                service.address(),
                service.port(),
                service.tags(),
                health.checks().stream()
                        .map(check -> new Check(
                                check.node(),
                                check.id(),
                                check.name(),
                                check.status(),
                                check.output(),
                                check.serviceId()))
                        .toList());
    }
}
