package dev.clusterlab.hello;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs the service's periodic work; one task at a time. A task may block while it talks to Consul. */
@FunctionalInterface
public interface HelloScheduler {
    /** Runs {@code task} once after {@code delay}. */
    Handle schedule(Duration delay, Runnable task);

    /** Something scheduled. */
    @FunctionalInterface
    interface Handle {
        /** Cancels it; without effect once it has begun. */
        void cancel();
    }

    /** Real time, on a thread of its own that does not keep the process alive. */
    static HelloScheduler system() {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("registration").factory());
        return (delay, task) -> {
            ScheduledFuture<?> future = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        };
    }
}
