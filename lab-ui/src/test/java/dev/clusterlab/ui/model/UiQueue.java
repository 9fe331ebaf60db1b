package dev.clusterlab.ui.model;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Stands in for the toolkit's thread: the test's own thread does what arrives, while it waits for something. */
public final class UiQueue implements Executor {
    private static final long PATIENCE_SECONDS = 30;

    private final LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();

    @Override
    public void execute(Runnable command) {
        waiting.add(command);
    }

    /** Does what arrives until the condition holds. */
    public void until(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Runnable next = waiting.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing more arrives, and the condition does not hold");
            }
            next.run();
        }
    }
}
