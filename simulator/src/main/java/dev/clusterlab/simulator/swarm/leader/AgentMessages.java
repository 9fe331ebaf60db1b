package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Task;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the leader's dispatcher and the agents say to each other. */
public final class AgentMessages {
    private AgentMessages() {}

    /**
     * The answer to a registration.
     *
     * @param heartbeatNanos pause before the next heartbeat
     * @param managers addresses of the managers by node
     * @param tasks all that the node has
     * @param attached networks in which the node's load balancer has an address
     */
    public record Registration(
            String sessionId,
            long heartbeatNanos,
            Node node,
            Map<String, String> managers,
            List<Task> tasks,
            List<Network> networks,
            Set<String> attached) {}

    /**
     * Changes of what the node has.
     *
     * @param attached all networks in which the node's load balancer has an address
     */
    public record Assignments(
            String sessionId, List<Task> tasks, List<String> removed, List<Network> networks, Set<String> attached) {}

    /** News about the node itself or the managers. */
    public record SessionMessage(String sessionId, Node node, Map<String, String> managers) {}
}
