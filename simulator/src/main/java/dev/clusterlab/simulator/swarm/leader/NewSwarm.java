package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.DockerJson;
import dev.clusterlab.simulator.docker.api.Meta;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.ObjectVersion;
import dev.clusterlab.simulator.docker.api.Subnets;
import dev.clusterlab.simulator.swarm.store.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The first objects of a new swarm. */
public final class NewSwarm {
    private NewSwarm() {}

    /** The node that begins the swarm. */
    public record Founder(
            String clusterId, String nodeId, Node.Description description, String address, String availability) {}

    /** Writes the cluster, its ingress network and its first node. Gives the ingress network. */
    public static Network seed(
            Transaction transaction, Founder founder, Cluster.InitRequest request, SimRandom random, Instant at) {
        String now = DockerJson.time(at);
        String digest = JoinToken.digestOf(founder.clusterId());
        Cluster.SwarmSpec spec = request.spec() == null
                ? Cluster.SwarmSpec.DEFAULT
                : request.spec().completed();
        boolean pools =
                request.defaultAddrPool() != null && !request.defaultAddrPool().isEmpty();
        var cluster = new Cluster(
                founder.clusterId(),
                Meta.created(now),
                spec,
                JoinToken.tlsInfo(founder.clusterId()),
                false,
                pools ? request.defaultAddrPool() : List.of(Allocator.POOL),
                request.subnetSize() == null || request.subnetSize() == 0
                        ? Allocator.SUBNET_BITS
                        : request.subnetSize(),
                request.dataPathPort() == null || request.dataPathPort() == 0 ? 4789 : request.dataPathPort(),
                new Cluster.JoinTokens(
                        new JoinToken(digest, random.base36(25)).toString(),
                        new JoinToken(digest, random.base36(25)).toString()),
                "");
        transaction.put(cluster);
        Subnets.Subnet subnet = Allocator.nextSubnet(cluster, List.of());
        String subnetText = subnet == null ? "10.0.0.0/24" : subnet.toString();
        String gateway = subnet == null ? "10.0.0.1" : subnet.gateway();
        var ingress = new Network(
                "ingress",
                random.base36(25),
                now,
                Network.SWARM,
                "overlay",
                true,
                false,
                new Network.Ipam("default", null, List.of(new Network.IpamConfig(subnetText, null, gateway))),
                false,
                false,
                true,
                Map.of("Network", ""),
                false,
                null,
                Map.of("com.docker.network.driver.overlay.vxlanid_list", "4096"),
                Map.of(),
                null,
                null,
                new ObjectVersion(0));
        transaction.put(ingress);
        transaction.put(node(
                founder.nodeId(), founder.description(), founder.address(), Node.MANAGER, founder.availability(), now));
        return ingress;
    }

    /** A node that has just been let in. */
    static Node node(
            String id, Node.Description description, String address, String role, String availability, String now) {
        return new Node(
                id,
                Meta.created(now),
                new Node.Spec(null, Map.of(), role, availability),
                description,
                new Node.Status(Node.UNKNOWN, null, address),
                null,
                role);
    }
}
