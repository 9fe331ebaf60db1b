package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.Simulation;

/** The directories of overlay networks, one for each swarm. */
final class OverlayDirectories {
    OverlayDirectories(Simulation simulation) {}
}
