package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.environment.ExperimentRuns;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.odds.Figure;
import dev.clusterlab.lab.experiment.odds.Odds;
import dev.clusterlab.lab.experiment.odds.OddsWords;
import dev.clusterlab.lab.experiment.odds.SeedRun;
import dev.clusterlab.lab.experiment.run.RunCommand;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Services;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Runs experiments over many seeds for a command, and says meanwhile how far they are. */
final class OddsRuns {
    static final int SEEDS_MAX = 100_000;
    /** Of wall-clock time, between two lines. */
    private static final long LINE_NANOS = Duration.ofSeconds(5).toNanos();
    /** Where each is written over the one before. */
    private static final long TERMINAL_NANOS = Duration.ofMillis(500).toNanos();

    private final CliContext context;
    private final OddsWords words;
    private final PrintWriter told;
    private final boolean terminal;

    /** @param told where it is said how far they are: not among the output of the command */
    OddsRuns(CliContext context, OddsWords words, PrintWriter told) {
        this.context = context;
        this.words = words;
        this.told = told;
        Console console = System.console();
        this.terminal = console != null && console.isTerminal();
    }

    /**
     * How many runs, and how.
     *
     * @param jobs null: as many as there are processors
     */
    static ExperimentRuns.Plan plan(
            long first, int count, @org.jspecify.annotations.Nullable Integer jobs, Services services) {
        requireWithin(count, SEEDS_MAX, "seeds");
        int chosen = jobs == null ? ExperimentRuns.Plan.jobsOfThisComputer() : jobs;
        requireWithin(chosen, ExperimentRuns.Plan.JOBS_MAX, "jobs");
        return new ExperimentRuns.Plan(first, count, chosen, services);
    }

    private static void requireWithin(int number, int max, String what) {
        if (number < 1 || number > max) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    number + " " + what + " are not possible.",
                    "Give a number from 1 to " + max + ".");
        }
    }

    /** Odds are of the embedded engine: real machines have no seed. */
    static void requireEmbedded(String engine) {
        if (!engine.equals(EngineNames.EMBEDDED)) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    "Seeds decide nothing on the engine " + engine + ".",
                    "Leave out --engine, or repeat the experiment there with --repetitions.");
        }
    }

    /** @throws LabException INPUT for a word that means none */
    static Services services(String word) {
        for (Services services : Services.values()) {
            if (RunCommand.word(services).equals(word)) {
                return services;
            }
        }
        throw new LabException(
                LabException.Kind.INPUT, "There are no services called " + word + ".", "Give real or model.");
    }

    /** Runs all; interrupted, it gives the odds of those that are done, and the thread is marked so. */
    Odds run(Experiment experiment, ExperimentRuns.Plan plan) {
        var progress = new Progress(experiment, plan.count());
        Odds odds = context.runs().odds(experiment, plan, progress::done);
        progress.over();
        return odds;
    }

    static void print(PrintWriter out, OddsWords words, Odds odds, ExperimentRuns.Plan plan, String again) {
        out.println(words.get(
                "odds.runs",
                String.valueOf(odds.runs().size()),
                RunCommand.word(plan.services()),
                String.valueOf(plan.first()),
                words.outcomes(odds)));
        if (odds.runs().size() < plan.count()) {
            out.println(words.get("odds.interrupted", String.valueOf(plan.count())));
        }
        if (!odds.runs().isEmpty()) {
            out.println();
            words.table(odds).forEach(out::println);
            out.println();
            words.worst(odds, again).forEach(out::println);
        }
        out.flush();
    }

    /** On the thread that waits for the runs. */
    private final class Progress {
        private final List<Figure> figures;
        private final int count;
        private final long beganNanos = System.nanoTime();
        private long saidNanos = beganNanos;
        private int width;

        Progress(Experiment experiment, int count) {
            this.figures = Figure.of(experiment);
            this.count = count;
        }

        void done(List<SeedRun> runs) {
            long now = System.nanoTime();
            if (now - saidNanos < (terminal ? TERMINAL_NANOS : LINE_NANOS) || runs.size() == count) {
                return;
            }
            saidNanos = now;
            long leftNanos = (now - beganNanos) / runs.size() * (count - runs.size());
            String line = words.progress(new Odds(figures, runs), count, Optional.of(Duration.ofNanos(leftNanos)));
            if (terminal) {
                told.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
                width = Math.max(width, line.length());
            } else {
                told.println(line);
            }
            told.flush();
        }

        void over() {
            if (width > 0) {
                told.print("\r" + " ".repeat(width) + "\r");
                told.flush();
            }
        }
    }
}
