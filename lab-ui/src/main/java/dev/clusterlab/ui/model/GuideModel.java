package dev.clusterlab.ui.model;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession;
import dev.clusterlab.lab.LabSession.CheckResult;
import dev.clusterlab.lab.LabSession.Progress;
import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.way.BlockNeeds;
import dev.clusterlab.ui.model.TaskRunner.RunningTask;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableMap;
import org.jspecify.annotations.Nullable;

/** A person's way through the lab: which step is open on the page, what was run, what is missing. */
public final class GuideModel implements AutoCloseable {
    /** Status of a command that was cancelled. */
    private static final int CANCELLED = 130;

    private static final CheckResult UNKNOWN = new CheckResult(false, false, "");

    private final TaskRunner tasks;
    private final Supplier<Duration> elapsed;
    private final ReadOnlyObjectWrapper<Lab> lab;
    private final ReadOnlyObjectWrapper<Progress> progress;
    private final ObjectProperty<String> shownStep;
    private final ObservableMap<BlockId, BlockState> blocks = FXCollections.observableHashMap();
    private final Coalescer<Progress> arrivals;
    private LabSession session;
    private AutoCloseable subscription;
    private @Nullable RunningTask running;

    /** A shell block of a step. */
    public record BlockId(String stepId, int index) {}

    /** What became of a shell block. */
    public sealed interface BlockState {
        record Running() implements BlockState {}

        /**
         * @param took engine time
         * @param reason the last of what it printed to standard error; empty where nothing
         * @param command the one that ended with {@code status}; empty where all ended well
         */
        record Ended(int status, Duration took, String reason, String command) implements BlockState {}

        record Cancelled() implements BlockState {}

        record Failed(String message) implements BlockState {}

        /** It was not run, because what it builds on is not there; asked for once more, it is. */
        record Lacks(BlockNeeds needs) implements BlockState {}
    }

    /** @param elapsed engine time, by which the window measures everything */
    public GuideModel(LabSession session, TaskRunner tasks, Supplier<Duration> elapsed, Executor ui) {
        this.session = session;
        this.tasks = tasks;
        this.elapsed = elapsed;
        this.lab = new ReadOnlyObjectWrapper<>(session.lab());
        Progress first = session.progress();
        this.progress = new ReadOnlyObjectWrapper<>(first);
        this.shownStep = new SimpleObjectProperty<>(
                first.currentStepId().isEmpty() ? firstStep(session.lab()) : first.currentStepId());
        this.arrivals = new Coalescer<>(ui, Duration.ofMillis(50), batch -> progress.set(batch.getLast()));
        this.subscription = session.onProgress(arrivals::accept);
    }

    private static String firstStep(Lab lab) {
        return lab.steps().isEmpty() ? "" : lab.steps().getFirst().id();
    }

    /** Goes on in another session of the same lab, in another language. */
    public void continueIn(LabSession other) {
        end();
        session = other;
        subscription = other.onProgress(arrivals::accept);
        progress.set(other.progress());
        lab.set(other.lab());
    }

    private void end() {
        try (LabSession last = session;
                AutoCloseable first = subscription) {
            // the subscription first, then the session
        } catch (Exception e) {
            throw new IllegalStateException("a session must close without failing", e);
        }
    }

    /** The lab in the language of the window. */
    public ReadOnlyObjectProperty<Lab> lab() {
        return lab.getReadOnlyProperty();
    }

    public Shell shell() {
        return session.shell();
    }

    public ReadOnlyObjectProperty<Progress> progress() {
        return progress.getReadOnlyProperty();
    }

    /** As {@link #progress()}, without the moment that it takes to reach the window. */
    public Progress latest() {
        return session.progress();
    }

    public ObjectProperty<String> shownStep() {
        return shownStep;
    }

    /** The step on the page. */
    public Optional<Lab.Step> step() {
        return lab.get().step(shownStep.get());
    }

    public ObservableMap<BlockId, BlockState> blocks() {
        return blocks;
    }

    public StepState stateOf(String stepId) {
        return progress.get().steps().getOrDefault(stepId, StepState.LOCKED);
    }

    public CheckResult stateOf(Lab.Check check) {
        return progress.get().checks().getOrDefault(check.id(), UNKNOWN);
    }

    /** Share of the steps that are passed, 0 to 1. */
    public double share() {
        int steps = lab.get().steps().size();
        return steps == 0 ? 0 : passed() / (double) steps;
    }

    /** Whether every step of the lab is passed. */
    public boolean finished() {
        return passed() == lab.get().steps().size();
    }

    public int passed() {
        return (int) lab.get().steps().stream()
                .filter(s -> stateOf(s.id()) == StepState.PASSED)
                .count();
    }

    private int position() {
        List<Lab.Step> steps = lab.get().steps();
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).id().equals(shownStep.get())) {
                return i;
            }
        }
        return 0;
    }

    public boolean hasNext() {
        return position() + 1 < lab.get().steps().size();
    }

    public boolean hasPrevious() {
        return position() > 0;
    }

    public void next() {
        if (hasNext()) {
            shownStep.set(lab.get().steps().get(position() + 1).id());
        }
    }

    public void previous() {
        if (hasPrevious()) {
            shownStep.set(lab.get().steps().get(position() - 1).id());
        }
    }

    /** Whether a block is under way; only one is at a time. */
    public boolean busy() {
        return running != null;
    }

    /**
     * Runs a block in the background; without effect while another one runs.
     *
     * @param trouble called, on the toolkit's thread, what failed and why, if it could not run at all
     */
    public void run(BlockId block, String title, BiConsumer<String, Throwable> trouble) {
        run(block, title, trouble, status -> {});
    }

    private void run(BlockId block, String title, BiConsumer<String, Throwable> trouble, IntConsumer ended) {
        if (running != null) {
            return;
        }
        LabSession now = session;
        Duration started = elapsed.get();
        ErrorOutput complaints = new ErrorOutput();
        running = tasks.run(
                title,
                () -> {
                    try (AutoCloseable listening = now.shell().onOutput(complaints);
                            AutoCloseable ends = now.shell().onEnd(complaints::ended)) {
                        return now.run(block.stepId(), block.index());
                    }
                },
                status -> {
                    RunningTask was = running;
                    running = null;
                    boolean cancelled = was != null && was.cancelled();
                    blocks.put(
                            block,
                            cancelled
                                    ? new BlockState.Cancelled()
                                    : new BlockState.Ended(
                                            status,
                                            elapsed.get().minus(started),
                                            status == 0 ? "" : complaints.text(),
                                            status == 0 ? "" : complaints.command()));
                    ended.accept(cancelled ? CANCELLED : status);
                },
                failure -> {
                    running = null;
                    if (failure instanceof CancellationException) {
                        blocks.put(block, new BlockState.Cancelled());
                    } else {
                        String message = failure.getMessage();
                        blocks.put(
                                block,
                                new BlockState.Failed(
                                        message == null ? failure.getClass().getSimpleName() : message));
                        trouble.accept(title, failure);
                    }
                });
        // Notified only now, so that whoever hears of it sees that it is busy.
        blocks.put(block, new BlockState.Running());
    }

    /**
     * Runs a block unless what it builds on is missing, which is then said first. Whoever asks once more gets it run.
     *
     * @param trouble as of {@link #run}
     */
    public void runIfReady(BlockId block, String title, BiConsumer<String, Throwable> trouble) {
        if (running != null) {
            return;
        }
        BlockNeeds needs = needs(block);
        if (needs.met() || blocks.get(block) instanceof BlockState.Lacks) {
            run(block, title, trouble);
        } else {
            blocks.put(block, new BlockState.Lacks(needs));
        }
    }

    /** What a block builds on and what is missing now. */
    public BlockNeeds needs(BlockId block) {
        return BlockNeeds.of(lab.get(), session.progress(), session.shell()::isSet, block.stepId(), block.index());
    }

    /**
     * Runs what is left of the step on the page, one block after the other, until one fails.
     *
     * @param trouble as of {@link #run}
     */
    public void finish(String title, BiConsumer<String, Throwable> trouble) {
        nextBlock().ifPresent(block -> {
            String step = block.stepId();
            run(block, title, trouble, status -> {
                if (status == 0 && shownStep.get().equals(step)) {
                    finish(title, trouble);
                }
            });
        });
    }

    /** Keeps the last lines of standard error, of whatever thread prints them. */
    private static final class ErrorOutput implements Consumer<Shell.Line> {
        private static final int LINES = 4;

        private final Deque<String> lines = new ArrayDeque<>();
        private String command = "";

        @Override
        public synchronized void accept(Shell.Line line) {
            switch (line.kind()) {
                case COMMAND -> lines.clear();
                case STDOUT -> {}
                case STDERR -> {
                    lines.add(line.text().stripTrailing());
                    if (lines.size() > LINES) {
                        lines.removeFirst();
                    }
                }
            }
        }

        synchronized void ended(Shell.Ended end) {
            if (end.status() != 0) {
                command = end.command();
            }
        }

        /** The last one that failed. */
        synchronized String command() {
            return command;
        }

        synchronized String text() {
            return String.join("\n", lines).strip();
        }
    }

    /** Cancels the block under way. */
    public void cancel() {
        RunningTask task = running;
        if (task != null) {
            task.cancel();
        }
    }

    /** The next block of the step on the page that has not ended well yet; none after the last one, or if the step is done. */
    public Optional<BlockId> nextBlock() {
        return step().filter(step -> stateOf(step.id()) != StepState.PASSED)
                .flatMap(step -> step.commands().stream()
                        .map(c -> new BlockId(step.id(), c.index()))
                        .filter(id -> !(blocks.get(id) instanceof BlockState.Ended ended && ended.status() == 0))
                        .filter(id -> !progress.get()
                                .blocksRun()
                                .getOrDefault(id.stepId(), List.of())
                                .contains(id.index()))
                        .findFirst());
    }

    @Override
    public void close() {
        cancel();
        end();
        arrivals.close();
    }
}
