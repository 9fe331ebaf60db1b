package dev.clusterlab.ui.kit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Does something on the toolkit's thread again and again. Unlike an animation it does not make the toolkit draw sixty
 * times a second meanwhile.
 */
public final class Ticker implements AutoCloseable {
    private final Thread thread;
    private volatile boolean closed;

    public Ticker(Duration period, Runnable action) {
        AtomicBoolean waiting = new AtomicBoolean();
        Runnable once = () -> {
            waiting.set(false);
            if (!closed) {
                action.run();
            }
        };
        thread = Thread.ofVirtual().name("ticker").start(() -> {
            while (!closed) {
                // A window that is busy gets one turn later, not many.
                if (waiting.compareAndSet(false, true)) {
                    FxThread.run(once);
                }
                LockSupport.parkNanos(period.toNanos());
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
