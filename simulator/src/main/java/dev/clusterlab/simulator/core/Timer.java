package dev.clusterlab.simulator.core;

/** Something scheduled that may still be cancelled. On the simulation's thread only. */
public interface Timer {
    /** Cancels it; without effect once it has run. */
    void cancel();

    /** Whether it is still going to run. */
    boolean pending();
}
