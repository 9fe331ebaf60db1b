package dev.clusterlab.ui.model.experiment;

/** Where an experiment is run. */
public enum Place {
    /** In a new cluster of the embedded engine, which goes as fast as it can. */
    SIMULATED,
    /** In new machines on the Docker Engine that the window's lab is on. */
    DOCKER,
    /** In the cluster of the window's lab, as it is. */
    LAB,
    /** In a Swarm that is somebody's, as it is and within what its owner allows. */
    SWARM;

    /** Whether the cluster is there already, and stays. */
    public boolean stands() {
        return switch (this) {
            case SIMULATED, DOCKER -> false;
            case LAB, SWARM -> true;
        };
    }
}
