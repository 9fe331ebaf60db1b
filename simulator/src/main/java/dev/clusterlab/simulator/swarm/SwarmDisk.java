package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.protocol.RaftStorage;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a machine keeps of its part in a swarm: certificate, known managers, tasks, the managers' log. */
final class SwarmDisk {
    final String clusterId;
    final String nodeId;
    /** Role of its certificate. */
    String role;

    /** Where others shall look for it, or null for its own address. Nobody has checked that it is there. */
    @Nullable
    String advertised;

    /** Addresses of the managers by node. */
    final Map<String, String> managers = new LinkedHashMap<>();

    /** Its tasks, with their last status. */
    final Map<String, Task> tasks = new LinkedHashMap<>();

    final Map<String, Network> networks = new LinkedHashMap<>();

    private @Nullable String ingressId;

    @Nullable
    RaftStorage raft;

    SwarmDisk(String clusterId, String nodeId, String role) {
        this.clusterId = clusterId;
        this.nodeId = nodeId;
        this.role = role;
    }

    void learn(Network network) {
        networks.put(network.id(), network);
        if (network.ingress()) {
            ingressId = network.id();
        }
    }

    void forget(Network network) {
        networks.remove(network.id());
        if (network.id().equals(ingressId)) {
            ingressId = null;
        }
    }

    /** The network that published ports are reached by, if one is known. */
    @Nullable
    String ingressId() {
        return ingressId;
    }
}
