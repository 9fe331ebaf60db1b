package dev.clusterlab.lab.environment;

import dev.clusterlab.provisioning.Engine;
import java.util.Optional;

/**
 * Ends an engine whose machines outlive the program, should the program be asked to end before it has closed the engine
 * itself: by Ctrl+C, by SIGTERM, by a terminal that is closed. One that is killed for good cannot do so; its lab is found at
 * the next start. Closed once the engine is.
 */
public final class AtExit implements AutoCloseable {
    private static volatile boolean ending;

    private final Optional<Thread> hook;

    AtExit(Engine engine) {
        hook = engine.recordedLab()
                .map(lab -> Thread.ofPlatform().name("end of lab " + lab).unstarted(() -> end(engine)));
        hook.ifPresent(Runtime.getRuntime()::addShutdownHook);
    }

    /** Whether this program was asked to end and takes its machines along: what is still at work fails by that. */
    public static boolean ending() {
        return ending;
    }

    private static void end(Engine engine) {
        ending = true;
        System.err.println("clusterlab: ending; what the lab has on the Docker Engine is removed first.");
        try {
            engine.close();
        } catch (RuntimeException e) {
            System.err.println("clusterlab: not all of the lab could be removed: " + e.getMessage());
            System.err.println("  `clusterlab clean` removes the rest.");
        }
    }

    @Override
    public void close() {
        try {
            hook.ifPresent(Runtime.getRuntime()::removeShutdownHook);
        } catch (IllegalStateException e) {
            // The program ends already: the hook runs, and finds an engine that is closed.
        }
    }
}
