package dev.clusterlab.provisioning.embedded;

import dev.clusterlab.provisioning.client.ConsulPort;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulInstance;
import dev.clusterlab.provisioning.observe.ConsulMerge;
import dev.clusterlab.shell.consul.CheckHealth;
import dev.clusterlab.simulator.consul.AgentReading;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The simulated agents' records as the observer's: what its reader over the protocol makes of their JSON. */
final class ConsulRecords {
    private ConsulRecords() {}

    static List<ConsulPort.Member> members(List<AgentReading.Member> members) {
        return members.stream()
                .map(m -> new ConsulPort.Member(m.name(), m.address(), m.port(), m.status(), m.tags()))
                .toList();
    }

    static List<ConsulPort.RaftServer> peers(List<AgentReading.Peer> peers) {
        return peers.stream()
                .map(p -> new ConsulPort.RaftServer(p.id(), p.node(), p.address(), p.leader(), p.voter()))
                .sorted(Comparator.comparing(ConsulPort.RaftServer::node).thenComparing(ConsulPort.RaftServer::id))
                .toList();
    }

    static Map<String, List<ConsulInstance>> services(Map<String, List<AgentReading.Instance>> services) {
        var found = new TreeMap<String, List<ConsulInstance>>();
        services.forEach((name, instances) -> found.put(
                name,
                instances.stream()
                        .map(ConsulRecords::instance)
                        .sorted(Comparator.comparing(ConsulPort.Instance::id).thenComparing(ConsulPort.Instance::node))
                        .map(ConsulMerge::instance)
                        .toList()));
        return found;
    }

    private static ConsulPort.Instance instance(AgentReading.Instance instance) {
        return new ConsulPort.Instance(
                instance.id(),
                instance.service(),
                instance.node(),
                instance.nodeAddress(),
                instance.address().isEmpty() ? instance.nodeAddress() : instance.address(),
                instance.port(),
                instance.tags(),
                instance.checks().stream()
                        .map(check -> new ConsulPort.Check(
                                check.node(),
                                check.id(),
                                check.name(),
                                CheckHealth.of(check.status()),
                                check.status(),
                                check.output(),
                                check.serviceId()))
                        .toList());
    }
}
