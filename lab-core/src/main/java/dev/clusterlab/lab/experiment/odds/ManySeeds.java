package dev.clusterlab.lab.experiment.odds;

import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Runs an experiment once for each of many seeds, several at a time, each in a cluster of its own. Runs share nothing that changes, so
 * that what comes of a seed does not depend on how many there are or how many go on at once.
 */
public final class ManySeeds {
    /** Runs it once, in a new cluster. Called on several threads at once. */
    @FunctionalInterface
    public interface OneRun {
        RunResult run(Experiment experiment, long seed) throws InterruptedException;
    }

    private final OneRun one;
    private final int jobs;

    /** @param jobs runs at the same time, at least 1 */
    public ManySeeds(OneRun one, int jobs) {
        this.one = one;
        this.jobs = jobs;
    }

    /**
     * Runs all. Interrupted, it gives up those under way and those to come, and gives the odds of what is done; the thread is marked as
     * interrupted then.
     *
     * @param first seed; each further run takes the next one
     * @param done what is done so far, after each run; one after the other, on the calling thread
     */
    public Odds run(Experiment experiment, long first, int count, Consumer<List<SeedRun>> done) {
        List<Figure> figures = Figure.of(experiment);
        List<SeedRun> runs = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(
                jobs, Thread.ofPlatform().name("run-", 1).factory());
        try {
            var ended = new ExecutorCompletionService<RunResult>(threads);
            for (int i = 0; i < count; i++) {
                long seed = first + i;
                ended.submit(() -> one.run(experiment, seed));
            }
            for (int i = 0; i < count; i++) {
                RunResult result = ended.take().get();
                if (result.trouble()
                        .filter(Trouble.Interrupted.class::isInstance)
                        .isEmpty()) {
                    runs.add(SeedRun.of(result, figures));
                    done.accept(List.copyOf(runs));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw unchecked(e);
        } finally {
            threads.shutdownNow();
        }
        return new Odds(figures, runs);
    }

    private static RuntimeException unchecked(ExecutionException e) {
        return switch (e.getCause()) {
            case RuntimeException failure -> failure;
            case Error failure -> throw failure;
            case null, default -> new IllegalStateException("a run failed", e);
        };
    }
}
