package dev.clusterlab.lab.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.lab.Report;
import dev.clusterlab.lab.environment.ExperimentRuns;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.odds.Odds;
import dev.clusterlab.lab.experiment.odds.OddsJson;
import dev.clusterlab.lab.experiment.odds.OddsWords;
import dev.clusterlab.lab.experiment.odds.SeedRun;
import dev.clusterlab.lab.experiment.report.ExperimentPage;
import dev.clusterlab.lab.experiment.run.Happening;
import dev.clusterlab.lab.experiment.run.Outcome;
import dev.clusterlab.lab.experiment.run.ResultJson;
import dev.clusterlab.lab.experiment.run.RunCommand;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.RunWords;
import dev.clusterlab.lab.experiment.run.Trouble;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Services;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = {
                "The odds: N runs in this program, on the embedded engine, with the seeds from --seed on; how the outcome and each"
                        + " figure are spread over them, and the command that does the worst one again."
            })
    private @Nullable Integer seeds;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "With --seeds: runs at the same time. Default: one for each processor.")
    private @Nullable Integer jobs;

    @Option(
            names = "--services",
            paramLabel = "KIND",
            description = {
                "real or model: what runs in the containers of the embedded engine, the real hello service or a model of it. A"
                        + " cluster goes the same way with both. Default: real; with --seeds model, which is faster."
            })
    private @Nullable String services;

    @Option(
            names = "--set",
            paramLabel = "FILE",
            description = "Settings of the experiment that are to be other ones, as YAML.")
    private @Nullable Path settings;

    @Option(
            names = "--expect-digest",
            paramLabel = "DIGEST",
            description = "Fail if the run is not the one with this digest of its history.")
    private @Nullable String expectedDigest;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON.")
    private @Nullable Path json;

    @Option(
            names = "--report",
            paramLabel = "PAGE",
            description = {
                "Write a page of HTML for people who were not there: what was asked, how the cluster looked, what clients got, how it"
                        + " recovered. With --seeds also the odds, and the worst run in full."
            })
    private @Nullable Path report;

    @Mixin
    private ConsentOptions consent = new ConsentOptions();

    @Mixin
    private LanguageOption language = new LanguageOption();

    RunExperiment(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        Experiment experiment = read(context, name, settings);
        requireConsent();
        if (seeds != null) {
            return odds(experiment, out);
        }
        refuse(jobs != null, "--jobs is for many seeds.", "Give --seeds too.");
        int runs = repetitions == null ? experiment.repetitions() : repetitions;
        if (runs < 1 || runs > Experiment.REPETITIONS_MAX) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    runs + " repetitions are not possible.",
                    "Give a number from 1 to " + Experiment.REPETITIONS_MAX + ".");
        }
        refuse(
                expectedDigest != null && runs > 1,
                "Several runs have several digests.",
                "Leave out --repetitions, or --expect-digest.");
        if (json != null) {
            // Told before the run, not after it.
            Report.requireWritable(json);
        }
        requireReport();
        boolean given = spec.commandLine().getParseResult().hasMatchedOption("--seed");
        long first = given ? engine.seed : experiment.seed();
        var words = new RunWords(language.locale());
        out.println(experiment.title().in(language.locale()));
        List<RunResult> results = new ArrayList<>();
        try (var interruption = Interruption.ofThisThread()) {
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
            write(ResultJson.of(experiment, results));
            report(experiment, results, Optional.empty(), againOf(results), out);
        }
        requireDigest(results.getLast());
        return status(results);
    }

    /** As it is written, or with other settings. */
    static Experiment read(CliContext context, String name, @Nullable Path settings) {
        return settings == null
                ? context.experiments().read(name)
                : context.experiments().read(name, settings);
    }

    private static void refuse(boolean wrong, String what, String advice) {
        if (wrong) {
            throw new LabException(LabException.Kind.INPUT, what, advice);
        }
    }

    private Integer odds(Experiment experiment, PrintWriter out) {
        OddsRuns.requireEmbedded(engine.engine);
        refuse(repetitions != null, "--repetitions and --seeds are two answers to one question.", "Give one of them.");
        refuse(
                expectedDigest != null,
                "Many runs have many digests.",
                "Give --expect-digest without --seeds, for one of them.");
        Services kind = services == null ? Services.MODEL : OddsRuns.services(services);
        boolean given =
                Objects.requireNonNull(spec).commandLine().getParseResult().hasMatchedOption("--seed");
        ExperimentRuns.Plan plan =
                OddsRuns.plan(given ? engine.seed : experiment.seed(), Objects.requireNonNull(seeds), jobs, kind);
        if (json != null) {
            Report.requireWritable(json);
        }
        requireReport();
        var words = new OddsWords(language.locale());
        out.println(experiment.title().in(language.locale()));
        out.flush();
        try (var interruption = Interruption.ofThisThread()) {
            var runs = new OddsRuns(context, words, spec.commandLine().getErr());
            Odds odds = runs.run(experiment, plan);
            boolean interrupted = Thread.interrupted();
            String again = odds.worst()
                    .map(worst -> worst.command(name, Optional.ofNullable(settings), kind))
                    .orElse("");
            OddsRuns.print(out, words, odds, plan, again);
            write(OddsJson.of(experiment, odds, RunCommand.word(kind), Cli.VERSION, again));
            Optional<SeedRun> worst = odds.worst();
            if (report != null && worst.isPresent() && !interrupted) {
                RunResult shown = context.runs().bare(experiment, worst.get().seed(), kind, happening -> {});
                report(experiment, List.of(shown), Optional.of(odds), again, out);
            }
            return interrupted
                    ? ExitCodes.CANCELLED
                    : status(odds.runs().stream().map(SeedRun::outcome));
        }
    }

    /** A Swarm that exists is only broken by who says so, and only there. */
    private void requireConsent() {
        boolean named =
                Objects.requireNonNull(spec).commandLine().getParseResult().hasMatchedOption("--engine");
        if (!consent.allowFaults) {
            refuse(
                    engine.engine.equals(EngineNames.SWARM),
                    "A Swarm that exists is only watched unless somebody allows faults in it.",
                    "--allow-faults does; `clusterlab watch` looks.");
            refuse(
                    consent.givenInVain(),
                    "--at-most, --time-limit, --yes-break-quorum and --journal are for a Swarm that exists.",
                    "Give --allow-faults and --hosts or --context too.");
            return;
        }
        refuse(
                named && !engine.engine.equals(EngineNames.SWARM),
                "--allow-faults is for a Swarm that exists, not for the engine " + engine.engine + ".",
                "Leave out --engine, or --allow-faults.");
        refuse(
                seeds != null || services != null || expectedDigest != null || engine.takes(),
                "A Swarm that exists has no odds, no services of this program, no digest, and no host is taken there.",
                "Leave out --seeds, --services, --expect-digest and --take.");
        engine.engine = EngineNames.SWARM;
    }

    private void requireReport() {
        if (report != null) {
            Report.requireWritable(report);
            if (json != null) {
                Report.requireOther(json, report);
            }
        }
    }

    private void report(
            Experiment experiment, List<RunResult> runs, Optional<Odds> odds, String again, PrintWriter out) {
        if (report == null) {
            return;
        }
        var origin = new ExperimentPage.Origin(Cli.VERSION, again);
        Report.writePage(report, new ExperimentPage(experiment, runs, odds, origin, language.locale()).html());
        out.println(new RunWords(language.locale()).get("page.written", report.toString()));
        out.flush();
    }

    /** The command that does runs again. */
    private String againOf(List<RunResult> runs) {
        return RunCommand.of(name, Optional.ofNullable(settings))
                + (engine.engine.equals(EngineNames.EMBEDDED) ? "" : " --engine " + RunCommand.quoted(engine.engine))
                + " --seed " + runs.getFirst().seed() + (runs.size() == 1 ? "" : " --repetitions " + runs.size())
                + (services == null ? "" : " --services " + services)
                + (consent.allowFaults ? " --allow-faults" : "");
    }

    private RunResult run(Experiment experiment, long seed, RunWords words, PrintWriter out)
            throws InterruptedException {
        engine.seed = seed;
        if (consent.allowFaults) {
            var lines = new Lines(words, out);
            PrintWriter told = Objects.requireNonNull(spec).commandLine().getErr();
            return new ConsentedRun(context, consent, language.locale(), told)
                    .run(experiment, seed, engine.hosts(), lines::print);
        }
        try (LabEnvironment environment = new EngineStart(
                        context, Objects.requireNonNull(spec).commandLine().getErr())
                .open(options(), false, false)) {
            var lines = new Lines(words, out);
            return context.runs().run(experiment, seed, environment, lines::print);
        }
    }

    private LabEnvironment.Options options() {
        LabEnvironment.Options options = engine.options(true);
        if (services == null) {
            return options;
        }
        refuse(
                !options.engine().equals(EngineNames.EMBEDDED),
                "What runs in the containers of the engine " + options.engine() + " are images.",
                "Leave out --services.");
        return options.withServices(OddsRuns.services(services));
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
        result.digest().ifPresent(digest -> out.println(words.get("summary.digest", digest)));
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

    private void write(ObjectNode results) {
        if (json != null) {
            write(json, results);
        }
    }

    static void write(Path file, ObjectNode results) {
        try {
            Files.writeString(file, results.toPrettyString() + "\n");
        } catch (IOException e) {
            throw new LabException(
                    LabException.Kind.ENVIRONMENT,
                    "Cannot write " + file + ": " + e.getMessage() + ".",
                    "Choose another file with --json.",
                    e);
        }
    }

    /** A run that is made again is only the same if its history is. */
    private void requireDigest(RunResult result) {
        String digest = result.digest().orElse("none");
        if (expectedDigest != null && !digest.equalsIgnoreCase(expectedDigest)) {
            throw new LabException(
                    LabException.Kind.REFUSED,
                    "This is not the run that was expected: its digest is " + digest + ", not " + expectedDigest + ".",
                    "A run is the same for the same experiment, settings, seed, services and version of the program (this is "
                            + Cli.VERSION + "); one of them is another.");
        }
    }

    private static int status(List<RunResult> results) {
        if (results.stream()
                .flatMap(result -> result.trouble().stream())
                .anyMatch(Trouble.Interrupted.class::isInstance)) {
            return ExitCodes.CANCELLED;
        }
        return status(results.stream().map(RunResult::outcome));
    }

    /** Of several runs that of the worst. */
    private static int status(Stream<Outcome> outcomes) {
        return switch (outcomes.max(Comparator.naturalOrder()).orElse(Outcome.ABORTED)) {
            case COMPLETED -> ExitCodes.OK;
            case DEVIATED -> ExitCodes.DEVIATED;
            case ABORTED -> ExitCodes.ABORTED;
            case FAILED -> ExitCodes.FAILED;
        };
    }
}
