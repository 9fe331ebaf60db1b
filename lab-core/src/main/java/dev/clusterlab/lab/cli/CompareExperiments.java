package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.Report;
import dev.clusterlab.lab.environment.ExperimentRuns;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.odds.Comparison;
import dev.clusterlab.lab.experiment.odds.Odds;
import dev.clusterlab.lab.experiment.odds.OddsJson;
import dev.clusterlab.lab.experiment.odds.OddsWords;
import dev.clusterlab.lab.experiment.run.Outcome;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Services;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code clusterlab experiment compare EXPERIMENT [EXPERIMENT] [--set FILE]…}. */
@Command(
        name = "compare",
        description = {
            "Run two settings of an experiment, or two experiments, with the same seeds on the embedded engine, and say which does better,"
                    + " by how much and how sure that is.",
            "One experiment with one --set: as it is written, and with these settings. With two: each of them. Two experiments: each as"
                    + " it is written."
        },
        mixinStandardHelpOptions = true)
final class CompareExperiments implements Callable<Integer> {
    private static final int SEEDS = 50;

    private final CliContext context;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "EXPERIMENT", arity = "1..2", description = "Names of experiments, or their files.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--set",
            paramLabel = "FILE",
            description = "Settings of the experiment that are to be other ones, as YAML; once or twice.")
    private List<Path> settings = new ArrayList<>();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "How many seeds, each with both. Default: " + SEEDS + ".")
    private int seeds = SEEDS;

    @Option(names = "--seed", paramLabel = "NUMBER", description = "The first seed. Default: ${DEFAULT-VALUE}.")
    private long first = 1;

    @Option(names = "--jobs", paramLabel = "N", description = "Runs at the same time. Default: one for each processor.")
    private @Nullable Integer jobs;

    @Option(
            names = "--services",
            paramLabel = "KIND",
            description = "real or model: what runs in the containers. Default: ${DEFAULT-VALUE}.")
    private String services = "model";

    @Option(names = "--json", paramLabel = "FILE", description = "Write the comparison as JSON.")
    private @Nullable Path json;

    @Mixin
    private LanguageOption language = new LanguageOption();

    CompareExperiments(CliContext context) {
        this.context = context;
    }

    /** An experiment as it is to be run, and what it is called. */
    private record Side(String name, @Nullable Path settings, Experiment experiment) {}

    private Side side(String name, @Nullable Path chosen) {
        return new Side(name, chosen, RunExperiment.read(context, name, chosen));
    }

    private List<Side> sides() {
        if (names.size() == 2 && settings.isEmpty()) {
            return List.of(side(names.getFirst(), null), side(names.getLast(), null));
        }
        if (names.size() == 1 && settings.size() == 1) {
            return List.of(side(names.getFirst(), null), side(names.getFirst(), settings.getFirst()));
        }
        if (names.size() == 1 && settings.size() == 2) {
            return List.of(side(names.getFirst(), settings.getFirst()), side(names.getFirst(), settings.getLast()));
        }
        throw new LabException(
                LabException.Kind.INPUT,
                "There are not two things to compare.",
                "Give two experiments, or one with --set once or twice.");
    }

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        List<Side> sides = sides();
        Services kind = OddsRuns.services(services);
        ExperimentRuns.Plan plan = OddsRuns.plan(first, seeds, jobs, kind);
        if (json != null) {
            Report.requireWritable(json);
        }
        var words = new OddsWords(language.locale());
        var runs = new OddsRuns(context, words, spec.commandLine().getErr());
        List<Odds> odds = new ArrayList<>();
        try (var interruption = Interruption.ofThisThread()) {
            boolean interrupted = false;
            for (int i = 0; i < sides.size() && !interrupted; i++) {
                Side side = sides.get(i);
                out.println(letter(i) + ": " + called(side));
                out.flush();
                Odds one = runs.run(side.experiment(), plan);
                interrupted = Thread.interrupted();
                odds.add(one);
                String again = one.worst()
                        .map(worst -> worst.command(side.name(), Optional.ofNullable(side.settings()), kind))
                        .orElse("");
                OddsRuns.print(out, words, one, plan, again);
                out.println();
            }
            if (odds.size() == 2) {
                Comparison comparison = Comparison.of(odds.getFirst(), odds.getLast());
                words.verdict(comparison, letter(0), letter(1)).forEach(out::println);
                out.flush();
                if (json != null) {
                    RunExperiment.write(
                            json, OddsJson.of(comparison, called(sides.getFirst()), called(sides.getLast())));
                }
            }
            if (interrupted) {
                return ExitCodes.CANCELLED;
            }
        }
        boolean failed =
                odds.stream().anyMatch(each -> each.runs().stream().allMatch(run -> run.outcome() == Outcome.ABORTED));
        return failed ? ExitCodes.ABORTED : ExitCodes.OK;
    }

    private static String letter(int side) {
        return side == 0 ? "A" : "B";
    }

    private String called(Side side) {
        return side.experiment().title().in(language.locale())
                + (side.settings() == null ? "" : " (" + side.settings().getFileName() + ")");
    }
}
