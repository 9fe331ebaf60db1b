package dev.clusterlab.simulator.endpoints;

import java.util.concurrent.locks.LockSupport;

/** Runs one task on a thread of its own whenever woken; wakes that come while it runs count as one. */
final class PortKeeper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PortKeeper.class.getName());

    private final Thread thread;
    private volatile boolean woken;
    private volatile boolean closed;

    PortKeeper(Runnable task) {
        thread = Thread.ofVirtual().name("ports").start(() -> {
            while (!closed) {
                if (!woken) {
                    LockSupport.park(this);
                    continue;
                }
                woken = false;
                try {
                    task.run();
                } catch (RuntimeException | Error e) {
                    if (!closed) {
                        LOG.log(System.Logger.Level.WARNING, "published ports could not be brought up to date", e);
                    }
                }
            }
        });
    }

    void wake() {
        woken = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
