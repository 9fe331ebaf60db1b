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
 * Long work away from the window, each on a virtual thread of its own. Results and the list of what runs are told through
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
        private final AtomicBoolean cancelled = new AtomicBoolean();
        private volatile @Nullable Future<?> future;

        RunningTask(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }

        /** Calls it off: its thread is interrupted. Without effect once it ended. */
        public void cancel() {
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
     * Starts work. Exactly one of the two consumers is called, on the toolkit's thread; work called off fails with a
     * {@link CancellationException} if it did not end by itself.
     */
    public <T extends @Nullable Object> RunningTask run(
            String title, Work<T> work, Consumer<T> done, Consumer<Throwable> failed) {
        RunningTask task = new RunningTask(title);
        ui.execute(() -> running.add(task));
        AtomicBoolean told = new AtomicBoolean();
        try {
            Future<?> future = threads.submit(() -> {
                Runnable outcome;
                try {
                    T value = work.run();
                    outcome = () -> done.accept(value);
                } catch (InterruptedException e) {
                    outcome = () -> failed.accept(new CancellationException(title));
                } catch (Exception | Error e) {
                    outcome = () -> failed.accept(e);
                }
                Runnable last = outcome;
                if (told.compareAndSet(false, true)) {
                    ui.execute(() -> {
                        running.remove(task);
                        last.run();
                    });
                }
            });
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

    /** Calls off whatever runs. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
