package dev.clusterlab.lab.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl+C while something runs on this thread: the thread is interrupted, and the program waits until it has healed what is broken and said
 * what is known so far. To be closed on that thread.
 */
final class Interruption implements AutoCloseable {
    /** Wall-clock time that healing gets when the program is asked to end. */
    private static final Duration HEALING_LIMIT = Duration.ofSeconds(60);

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;

    private Interruption(Thread running) {
        hook = Thread.ofPlatform().unstarted(() -> cancel(running));
        Runtime.getRuntime().addShutdownHook(hook);
    }

    static Interruption ofThisThread() {
        return new Interruption(Thread.currentThread());
    }

    private void cancel(Thread running) {
        running.interrupt();
        try {
            if (!ended.await(HEALING_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("clusterlab: healing did not end in time.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The program is ending; the hook has nothing more to wait for.
        }
    }
}
