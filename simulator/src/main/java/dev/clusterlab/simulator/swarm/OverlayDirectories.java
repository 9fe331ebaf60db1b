package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.Simulation;
import java.util.LinkedHashMap;
import java.util.Map;

/** The directories of overlay networks, one for each swarm. */
final class OverlayDirectories {
    private final Simulation simulation;
    private final Map<String, OverlayDirectory> byCluster = new LinkedHashMap<>();

    OverlayDirectories(Simulation simulation) {
        this.simulation = simulation;
    }

    OverlayDirectory of(String clusterId) {
        return byCluster.computeIfAbsent(clusterId, key -> new OverlayDirectory(simulation));
    }

    /** A machine is gone for good: it need not be notified of anything any more. */
    void forgetObserver(SimMachine machine) {
        byCluster.values().forEach(directory -> directory.forgetObserver(machine));
    }
}
