package dev.clusterlab.simulator.core;

/** Something scheduled that may still be called off. */
public interface Timer {
    /** Calls it off; without effect once it has run. */
    void cancel();

    /** Whether it is still going to run. */
    boolean pending();
}
