package dev.clusterlab.simulator.endpoints;

/** The simulation has ended, so nothing can be asked of it any more. */
public final class DriverClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    DriverClosedException() {
        super("the simulation has ended");
    }
}
