package dev.clusterlab.ui.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Gathers what arrives on any thread and hands it over in batches, at most one every so often, so that a busy cluster
 * cannot drown the window.
 */
public final class Coalescer<T> implements AutoCloseable {
    private final Executor ui;
    private final long intervalMs;
    private final Consumer<List<T>> receiver;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("window-updates").factory());
    private List<T> waiting = new ArrayList<>();
    private boolean scheduled;
    private long lastNanos;

    public Coalescer(Executor ui, Duration interval, Consumer<List<T>> receiver) {
        this.ui = ui;
        this.intervalMs = interval.toMillis();
        this.receiver = receiver;
        this.lastNanos = System.nanoTime() - interval.toNanos();
    }

    /** Takes one arrival; returns at once. */
    public synchronized void accept(T arrival) {
        waiting.add(arrival);
        if (!scheduled && !timer.isShutdown()) {
            scheduled = true;
            long sinceLastMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastNanos);
            long delayMs = Math.max(0, intervalMs - sinceLastMs);
            var unused = timer.schedule(() -> ui.execute(this::deliver), delayMs, TimeUnit.MILLISECONDS);
        }
    }

    private void deliver() {
        List<T> batch;
        synchronized (this) {
            batch = waiting;
            waiting = new ArrayList<>();
            scheduled = false;
            lastNanos = System.nanoTime();
        }
        if (!batch.isEmpty()) {
            receiver.accept(batch);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
