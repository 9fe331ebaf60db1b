package dev.clusterlab.ui.model;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Stands in for the toolkit's thread: the test's own thread does what arrives, while it waits for something. */
public final class UiQueue implements Executor {
    private static final long PATIENCE_SECONDS = 30;
    private static final long LOOK_MILLIS = 20;

    private final LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();

    @Override
    public void execute(Runnable command) {
        waiting.add(command);
    }

    /** Does what arrives until the condition holds; another thread may bring it about without anything that arrives. */
    public void until(BooleanSupplier condition) throws InterruptedException {
        long arrivedNanos = System.nanoTime();
        while (!condition.getAsBoolean()) {
            Runnable next = waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            if (next != null) {
                next.run();
                arrivedNanos = System.nanoTime();
            } else if (System.nanoTime() - arrivedNanos > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                throw new AssertionError("nothing more arrives, and the condition does not hold");
            }
        }
    }
}
