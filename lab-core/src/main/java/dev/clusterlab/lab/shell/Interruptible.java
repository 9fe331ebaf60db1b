package dev.clusterlab.lab.shell;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Calls that block without checking for interrupts, made so that interrupting the caller ends the waiting at once. */
public final class Interruptible {
    private Interruptible() {}

    public static <T> T call(Callable<T> callable) throws InterruptedException {
        FutureTask<T> task = new FutureTask<>(callable);
        Thread.ofVirtual().name("shell call").start(task);
        try {
            return task.get();
        } catch (InterruptedException e) {
            task.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                case InterruptedException interrupted -> throw interrupted;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    public static void run(Runnable runnable) throws InterruptedException {
        call(() -> {
            runnable.run();
            return true;
        });
    }
}
