package dev.clusterlab.lab;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.FaultInjector;
import dev.clusterlab.provisioning.Observer;

/** An engine with everything that a front end needs around it. Closing it closes all, the engine last. */
public record LabEnvironment(Engine engine, Observer observer, FaultInjector faults, Shell shell)
        implements AutoCloseable {
    @Override
    public void close() {
        try (Engine last = engine;
                Observer third = observer;
                FaultInjector second = faults) {
            // closed in the reverse order
        }
    }

    /** Makes environments; the command line and the desktop get theirs from here. */
    @FunctionalInterface
    public interface Factory {
        /**
         * @throws dev.clusterlab.provisioning.LabException ENVIRONMENT if the engine cannot be had here, with the reason
         */
        LabEnvironment open(Options options);
    }

    /**
     * @param engine name of the engine: {@code embedded}
     * @param seed of every random choice of the embedded engine
     * @param unattended engine time advances only while somebody waits
     * @param speed seconds of engine time in one of the wall's, where not unattended; greater than 0, at most 64
     */
    public record Options(String engine, long seed, boolean unattended, double speed) {}
}
