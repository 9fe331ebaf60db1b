package dev.clusterlab.provisioning.observe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import java.util.Optional;

/** What a daemon says of itself. */
record DaemonIdentity(
        String version, String nodeId, LocalNodeState localNodeState, boolean manager, String swarmId, String error) {
    static DaemonIdentity of(JsonNode info) {
        JsonNode swarm = info.path("Swarm");
        return new DaemonIdentity(
                info.path("ServerVersion").asText(""),
                swarm.path("NodeID").asText(""),
                LocalNodeState.of(swarm.path("LocalNodeState").asText("")),
                swarm.path("ControlAvailable").asBoolean(),
                swarm.path("Cluster").path("ID").asText(""),
                swarm.path("Error").asText(""));
    }

    /** As it was seen before. */
    static DaemonIdentity of(Optional<MachineView> seen, ClusterSnapshot before) {
        return new DaemonIdentity(
                seen.map(MachineView::engineVersion).orElse(""),
                seen.map(MachineView::nodeId).orElse(""),
                seen.map(MachineView::localNodeState).orElse(LocalNodeState.UNKNOWN),
                seen.map(MachineView::manager).orElse(false),
                before.swarm().map(SwarmView::id).orElse(""),
                "");
    }
}
