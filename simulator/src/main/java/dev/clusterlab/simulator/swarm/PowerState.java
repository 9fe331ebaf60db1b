package dev.clusterlab.simulator.swarm;

/** Life of a simulated machine. */
public enum PowerState {
    RUNNING,
    /** On, but frozen. */
    PAUSED,
    /** Shut down in order. */
    STOPPED,
    /** Without power, without a word. */
    KILLED,
    /** Gone for good, with its disk. */
    REMOVED
}
