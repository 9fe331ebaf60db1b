package dev.clusterlab.provisioning;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * The time in which the cluster lives: virtual for the embedded engine, wall-clock time for real ones. Thread-safe; all
 * durations are engine time.
 *
 * <p>Whoever waits for something in the cluster waits here and nowhere else: in unattended runs of the embedded engine
 * virtual time advances only while somebody does. Only {@link #sleep} and {@link #await} block: they end early, with
 * {@link InterruptedException}, when their thread is interrupted, and may not be called on a window's thread. Nothing here throws
 * because of the cluster; what a condition or an action throws is its own.
 */
public interface EngineClock {
    /** The date and time of the cluster. */
    Instant now();

    /** Time since the engine began. */
    Duration elapsed();

    /** Waits for this much engine time; while the pace is paused none passes. */
    void sleep(Duration duration) throws InterruptedException;

    /**
     * Waits until {@code condition} holds or {@code limit} of engine time has passed. The condition is tried again
     * whenever something in the cluster changed, and at least every 250 ms of engine time; it is called on the waiting
     * thread and may make requests to the cluster.
     *
     * @return whether the condition holds
     */
    boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException;

    /**
     * Runs {@code action} after {@code delay} of engine time, also if nobody waits for it; it does not by itself make
     * time advance in unattended runs. Where time is the engine's own, the action runs inside, at that very instant: it may
     * call the methods of {@link Engine} that end something, and must neither wait nor make requests. Closing the result
     * cancels it; an action that has begun is not interrupted.
     */
    default AutoCloseable schedule(Duration delay, Runnable action) {
        // Whoever is first decides: an action that has begun is not interrupted, least of all by itself.
        var decided = new AtomicBoolean();
        Thread thread = Thread.ofVirtual().name("lease").start(() -> {
            try {
                sleep(delay);
            } catch (InterruptedException e) {
                return;
            }
            if (decided.compareAndSet(false, true)) {
                action.run();
            }
        });
        return () -> {
            if (decided.compareAndSet(false, true)) {
                thread.interrupt();
            }
        };
    }

    /** Whether speed can be set. */
    boolean adjustable();

    /** Whether it is wall-clock time, which nobody can hold up: then timeout is measured by whoever waits. */
    default boolean wallTime() {
        return !adjustable() && !(pace() instanceof Pace.OnDemand);
    }

    /** Current pace. */
    Pace pace();

    /**
     * How far, in wall-clock time, engine time is behind its pace, because there is more to do than this computer can or
     * because a real program in a container takes long; zero where time is wall-clock time.
     */
    default Duration lag() {
        return Duration.ZERO;
    }

    /**
     * Sets the pace.
     *
     * @throws UnsupportedOperationException if not {@link #adjustable()}
     */
    void setPace(Pace pace);

    /** How engine time relates to wall-clock time. */
    sealed interface Pace {
        /** {@code factor} seconds of engine time in one of wall-clock time; greater than 0, at most 64. */
        record Times(double factor) implements Pace {}

        record Paused() implements Pace {}

        /** Advances only while somebody waits, as fast as it can. */
        record OnDemand() implements Pace {}
    }
}
