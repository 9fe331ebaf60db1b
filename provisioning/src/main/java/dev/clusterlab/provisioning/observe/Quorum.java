package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether the managers of a swarm can agree on anything.
 *
 * @param managers nodes that are managers, as last known
 * @param answering those among them whose daemon answers the lab
 * @param together the most of those that one of them reaches, itself included: as many as it could get to agree
 */
public record Quorum(int managers, int answering, int together) {
    /** Of managers that all reach each other. */
    public Quorum(int managers, int answering) {
        this(managers, answering, answering);
    }

    /** Of a snapshot; empty where there is no swarm. */
    public static Optional<Quorum> of(ClusterSnapshot snapshot) {
        return snapshot.swarm().map(swarm -> {
            List<String> answering = answering(snapshot, swarm);
            long together = answering.stream()
                    .mapToLong(manager -> answering.stream()
                            .filter(other -> snapshot.reach().mutual(manager, other))
                            .count())
                    .max()
                    .orElse(0);
            return new Quorum(managers(swarm).size(), answering.size(), (int) together);
        });
    }

    static Set<String> managers(SwarmView swarm) {
        return swarm.nodes().stream()
                .filter(node -> node.role() == NodeRole.MANAGER)
                .map(NodeView::hostname)
                .collect(Collectors.toSet());
    }

    /** Managers whose daemon answers, in the order of the machines. */
    static List<String> answering(ClusterSnapshot snapshot, SwarmView swarm) {
        Set<String> managers = managers(swarm);
        return snapshot.machines().stream()
                .filter(MachineView::answering)
                .map(MachineView::machine)
                .map(Machine::name)
                .filter(managers::contains)
                .toList();
    }

    /** How many managers must agree: more than half. */
    public int needed() {
        return managers / 2 + 1;
    }

    /** Whether so many managers are nowhere together: then no island can decide, with a leader or by an election. */
    public boolean lost() {
        return together < needed();
    }
}
