package dev.clusterlab.provisioning.observe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import java.util.Optional;

/**
 * What a daemon says of itself.
 *
 * @param nodeId in the swarm, empty text if it is in none
 * @param swarmId as the leader reports it, empty text if it does not
 * @param error what it reports to be wrong, empty text if nothing
 */
public record DaemonIdentity(
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
    static DaemonIdentity of(Optional<MachineView> seen, String swarmId) {
        return new DaemonIdentity(
                seen.map(MachineView::engineVersion).orElse(""),
                seen.map(MachineView::nodeId).orElse(""),
                seen.map(MachineView::localNodeState).orElse(LocalNodeState.UNKNOWN),
                seen.map(MachineView::manager).orElse(false),
                swarmId,
                "");
    }
}
