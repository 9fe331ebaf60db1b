package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import java.util.List;
import java.util.Optional;

/**
 * Whether the managers of a swarm can agree on anything.
 *
 * @param managers nodes that are managers, as last known
 * @param answering those among them whose daemon answers the lab; not all of these may reach each other
 */
public record Quorum(int managers, int answering) {
    /** Of a snapshot; empty where there is no swarm. */
    public static Optional<Quorum> of(ClusterSnapshot snapshot) {
        return snapshot.swarm().map(swarm -> {
            List<String> managers = swarm.nodes().stream()
                    .filter(node -> node.role() == NodeRole.MANAGER)
                    .map(NodeView::hostname)
                    .toList();
            long answering = snapshot.machines().stream()
                    .filter(MachineView::answering)
                    .filter(machine -> managers.contains(machine.machine().name()))
                    .count();
            return new Quorum(managers.size(), (int) answering);
        });
    }

    /** How many managers must agree: more than half. */
    public int needed() {
        return managers / 2 + 1;
    }

    /** Whether fewer managers than needed are there at all. */
    public boolean lost() {
        return answering < needed();
    }
}
