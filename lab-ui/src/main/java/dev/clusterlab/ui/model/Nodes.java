package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the swarm knows of each machine, found at once however many there are. */
final class Nodes {
    private final boolean leader;
    private final Map<String, NodeView> byId = new HashMap<>();
    private final Map<String, NodeView> byName = new HashMap<>();

    Nodes(Optional<SwarmView> swarm) {
        this.leader = swarm.map(SwarmView::hasLeader).orElse(false);
        swarm.ifPresent(view -> {
            for (NodeView node : view.nodes()) {
                byId.putIfAbsent(node.id(), node);
                byName.putIfAbsent(node.hostname(), node);
            }
        });
    }

    /** A daemon that knows its identifier has that node, another one that of its name. */
    Optional<NodeView> of(MachineView machine) {
        return Optional.ofNullable(
                machine.nodeId().isEmpty() ? byName.get(machine.machine().name()) : byId.get(machine.nodeId()));
    }

    /** Whether the swarm has a leader. */
    boolean led() {
        return leader;
    }
}
