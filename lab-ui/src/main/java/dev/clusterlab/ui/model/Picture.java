package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.ui.model.Topology.Band;
import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.Headline;
import dev.clusterlab.ui.model.Topology.Link;
import java.util.List;

/** One way to show a snapshot on the {@link Canvas}: what stands on each machine, what runs between them, and the headline. */
interface Picture {
    /** The sentence above the machines. */
    Headline headline();

    /** What stands on a machine, in the order in which it is shown. */
    List<Chip> chips(MachineView machine);

    /** Lines between machines that have a place; those drawn first lie below. */
    List<Link> links(Canvas.Places places);

    /** Networks behind the machines. */
    default List<Band> bands() {
        return List.of();
    }
}
