package dev.clusterlab.provisioning.real;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Counts changes and notifies of them. Thread-safe. */
public final class ChangeCounter {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long count;

    public synchronized long count() {
        return count;
    }

    public void changed() {
        synchronized (this) {
            count++;
            notifyAll();
        }
        listeners.forEach(Runnable::run);
    }

    /** Waits until the count is above {@code seen}, at most {@code limitMillis}, which is greater than 0. */
    synchronized void awaitBeyond(long seen, long limitMillis) throws InterruptedException {
        if (count <= seen) {
            wait(limitMillis);
        }
    }

    public AutoCloseable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
