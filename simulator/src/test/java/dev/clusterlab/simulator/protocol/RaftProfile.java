package dev.clusterlab.simulator.protocol;

/** The two ways of keeping time that the simulator uses. */
enum RaftProfile {
    SWARM_KIT(RaftSettings.swarmKit()),
    CONSUL(RaftSettings.consul());

    private final RaftSettings settings;

    RaftProfile(RaftSettings settings) {
        this.settings = settings;
    }

    RaftSettings settings() {
        return settings;
    }
}
