package dev.clusterlab.ui.model;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;

/**
 * Long work away from the window, each on a virtual thread of its own. Results and the list of what runs are reported through
 * the executor given (the toolkit's thread).
 */
public final class TaskRunner implements AutoCloseable {
    private final Executor ui;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ObservableList<RunningTask> running = FXCollections.observableArrayList();

    public TaskRunner(Executor ui) {
        this.ui = ui;
    }

    /** Work that may fail and may be interrupted. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T run() throws Exception;
    }

    /** One piece of work under way. */
    public static final class RunningTask {
        private final String title;
        private final boolean cancellable;
        private final AtomicBoolean cancelled = new AtomicBoolean();
        private volatile @Nullable Future<?> future;

        RunningTask(String title, boolean cancellable) {
            this.title = title;
            this.cancellable = cancellable;
        }

        /** Whether it can be cancelled. */
        public boolean cancellable() {
            return cancellable;
        }

        public String title() {
            return title;
        }

        /** Cancels it: its thread is interrupted. Without effect once it ended, or where it goes to the end. */
        public void cancel() {
            if (!cancellable) {
                return;
            }
            cancelled.set(true);
            Future<?> started = future;
            if (started != null) {
                started.cancel(true);
            }
        }

        public boolean cancelled() {
            return cancelled.get();
        }
    }

    /** What runs now; changed on the toolkit's thread. */
    public ObservableList<RunningTask> running() {
        return running;
    }

    /**
     * Starts work. Exactly one of the two consumers is called, on the toolkit's thread; work cancelled fails with a
     * {@link CancellationException} if it did not end by itself.
     */
    public <T extends @Nullable Object> RunningTask run(
            String title, Work<T> work, Consumer<T> done, Consumer<Throwable> failed) {
        RunningTask task = new RunningTask(title, true);
        ui.execute(() -> running.add(task));
        try {
            Future<?> future = threads.submit(() -> finish(task, work, done, failed));
            task.future = future;
            if (task.cancelled()) {
                future.cancel(true);
            }
        } catch (RejectedExecutionException e) {
            ui.execute(() -> {
                running.remove(task);
                failed.accept(new CancellationException(title));
            });
        }
        return task;
    }

    /**
     * Starts work that is neither cancelled nor interrupted when this runner is closed: half of it would be worse than
     * none. Exactly one of the two consumers is called, on the toolkit's thread.
     */
    public <T extends @Nullable Object> RunningTask runToTheEnd(
            String title, Work<T> work, Consumer<T> done, Consumer<Throwable> failed) {
        RunningTask task = new RunningTask(title, false);
        ui.execute(() -> running.add(task));
        Thread.ofVirtual().name("to-the-end").start(() -> finish(task, work, done, failed));
        return task;
    }

    /** Starts short work that nobody needs to see; what it fails with is reported like its result. */
    public <T extends @Nullable Object> void quietly(Work<T> work, Consumer<T> done, Consumer<Throwable> failed) {
        try {
            var unused = threads.submit(() -> ui.execute(outcome("", work, done, failed)));
        } catch (RejectedExecutionException e) {
            ui.execute(() -> failed.accept(new CancellationException()));
        }
    }

    private <T extends @Nullable Object> void finish(
            RunningTask task, Work<T> work, Consumer<T> done, Consumer<Throwable> failed) {
        Runnable outcome = outcome(task.title(), work, done, failed);
        ui.execute(() -> {
            running.remove(task);
            outcome.run();
        });
    }

    private static <T extends @Nullable Object> Runnable outcome(
            String title, Work<T> work, Consumer<T> done, Consumer<Throwable> failed) {
        try {
            T value = work.run();
            return () -> done.accept(value);
        } catch (InterruptedException e) {
            return () -> failed.accept(new CancellationException(title));
        } catch (Exception | Error e) {
            return () -> failed.accept(e);
        }
    }

    /** Cancels whatever runs. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
