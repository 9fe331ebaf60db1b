package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.Report;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.run.ExperimentRunner;
import dev.clusterlab.lab.experiment.run.Happening;
import dev.clusterlab.lab.experiment.run.Outcome;
import dev.clusterlab.lab.experiment.run.ResultJson;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.RunWords;
import dev.clusterlab.lab.experiment.run.Trouble;
import dev.clusterlab.provisioning.LabException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code clusterlab experiment run EXPERIMENT}. */
@Command(
        name = "run",
        description = {
            "Run an experiment unattended, each repetition in a new cluster with the next seed.",
            "Ctrl+C heals what is broken before it ends."
        },
        mixinStandardHelpOptions = true)
final class RunExperiment implements Callable<Integer> {
    /** Wall-clock time that healing gets when the program is asked to end. */
    private static final Duration HEALING_LIMIT = Duration.ofSeconds(60);

    private final CliContext context;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "EXPERIMENT", description = "Name of an experiment, or its file.")
    private String name = "";

    @Mixin
    private EngineArguments engine = new EngineArguments();

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            description = "How many runs, instead of the number in the file.")
    private @Nullable Integer repetitions;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON.")
    private @Nullable Path json;

    @Mixin
    private LanguageOption language = new LanguageOption();

    RunExperiment(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        Experiment experiment = context.experiments().read(name);
        int runs = repetitions == null ? experiment.repetitions() : repetitions;
        if (runs < 1 || runs > Experiment.REPETITIONS_MAX) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    runs + " repetitions are not possible.",
                    "Give a number from 1 to " + Experiment.REPETITIONS_MAX + ".");
        }
        if (json != null) {
            // Told before the run, not after it.
            Report.requireWritable(json);
        }
        boolean given = spec.commandLine().getParseResult().hasMatchedOption("--seed");
        long first = given ? engine.seed : experiment.seed();
        var words = new RunWords(language.locale());
        out.println(experiment.title().in(language.locale()));
        List<RunResult> results = new ArrayList<>();
        Thread running = Thread.currentThread();
        var ended = new CountDownLatch(1);
        Thread hook = Thread.ofPlatform().unstarted(() -> cancel(running, ended));
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            for (int i = 0; i < runs; i++) {
                long seed = first + i;
                if (runs > 1) {
                    out.println(words.get("repeat", String.valueOf(i + 1), String.valueOf(runs), String.valueOf(seed)));
                }
                RunResult result = run(experiment, seed, words, out);
                results.add(result);
                print(out, words, result);
                if (result.trouble()
                        .filter(Trouble.Interrupted.class::isInstance)
                        .isPresent()) {
                    break;
                }
            }
            if (runs > 1) {
                out.println(totals(words, results));
            }
            out.flush();
            write(experiment, results);
        } finally {
            ended.countDown();
            removeHook(hook);
        }
        return status(results);
    }

    private RunResult run(Experiment experiment, long seed, RunWords words, PrintWriter out)
            throws InterruptedException {
        engine.seed = seed;
        try (LabEnvironment environment = new EngineStart(
                        context, Objects.requireNonNull(spec).commandLine().getErr())
                .open(engine.options(true), false, false)) {
            var surroundings = new ExperimentRunner.Surroundings(
                    environment.engine(), environment.observer(), environment.faults(), environment.shell());
            var lines = new Lines(words, out);
            return new ExperimentRunner(
                            experiment,
                            surroundings,
                            context.library(),
                            context.language(),
                            seed,
                            new SplittableRandom(seed),
                            InstantSource.system(),
                            lines::print)
                    .run();
        }
    }

    /** Times are since the first step of the method; before it, since the engine began. */
    private static final class Lines {
        private final RunWords words;
        private final PrintWriter out;
        private Duration zero = Duration.ZERO;

        Lines(RunWords words, PrintWriter out) {
            this.words = words;
            this.out = out;
        }

        void print(Happening happening) {
            if (happening instanceof Happening.Steady) {
                zero = happening.at();
            }
            out.println(words.happening(happening, zero));
            out.flush();
        }
    }

    private static void print(PrintWriter out, RunWords words, RunResult result) {
        out.println();
        result.findings().forEach(finding -> words.finding(finding).forEach(out::println));
        String requests = words.requests(result.tally());
        if (!requests.isEmpty()) {
            out.println(requests);
        }
        result.recovery().ifPresent(took -> out.println(words.get("recovery", words.seconds(took))));
        out.println(words.get("summary", result.experiment(), words.outcome(result.outcome())));
        result.trouble().ifPresent(trouble -> out.println("  " + words.trouble(trouble)));
        out.println(words.get(
                "summary.times",
                words.seconds(result.engineTime()),
                words.seconds(result.wallTime()),
                String.valueOf(result.seed())));
        out.flush();
    }

    private static String totals(RunWords words, List<RunResult> results) {
        return words.get(
                "totals",
                String.valueOf(results.size()),
                count(results, Outcome.COMPLETED),
                count(results, Outcome.DEVIATED),
                count(results, Outcome.FAILED),
                count(results, Outcome.ABORTED));
    }

    private static String count(List<RunResult> results, Outcome outcome) {
        return String.valueOf(
                results.stream().filter(result -> result.outcome() == outcome).count());
    }

    private void write(Experiment experiment, List<RunResult> results) {
        if (json == null) {
            return;
        }
        try {
            Files.writeString(json, ResultJson.of(experiment, results).toPrettyString() + "\n");
        } catch (IOException e) {
            throw new LabException(
                    LabException.Kind.ENVIRONMENT,
                    "Cannot write " + json + ": " + e.getMessage() + ".",
                    "Choose another file with --json.",
                    e);
        }
    }

    private static int status(List<RunResult> results) {
        if (results.stream()
                .flatMap(result -> result.trouble().stream())
                .anyMatch(Trouble.Interrupted.class::isInstance)) {
            return ExitCodes.CANCELLED;
        }
        Outcome worst = results.stream()
                .map(RunResult::outcome)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return switch (worst) {
            case COMPLETED -> ExitCodes.OK;
            case DEVIATED -> ExitCodes.DEVIATED;
            case ABORTED -> ExitCodes.ABORTED;
            case FAILED -> ExitCodes.FAILED;
        };
    }

    /** Ctrl+C: what is broken is healed first, and what is known so far is still printed. */
    private static void cancel(Thread running, CountDownLatch ended) {
        running.interrupt();
        try {
            if (!ended.await(HEALING_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("clusterlab: healing did not end in time.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The program is ending; the hook has nothing more to wait for.
        }
    }
}
