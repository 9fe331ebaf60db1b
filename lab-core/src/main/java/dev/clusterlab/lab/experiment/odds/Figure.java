package dev.clusterlab.lab.experiment.odds;

import dev.clusterlab.lab.experiment.Expectation;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.run.Finding;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.Violation;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.anatomy.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Something that is measured in each run; less is always better. */
public sealed interface Figure {
    /** Requests that failed, of those that began between the first step and the healing. */
    record LostRequests() implements Figure {}

    /** Of the same requests, those that failed, in per cent: for runs that make more requests than others. */
    record LostShare() implements Figure {}

    /** What a figure is counted in. */
    enum Unit {
        REQUESTS,
        PERCENT,
        /** Of engine time. */
        SECONDS
    }

    /**
     * Seconds for which an expectation did not hold, tolerated ones among them, from the first step to the healing.
     *
     * @param number of the expectation in the hypothesis, from 0
     */
    record NotHolding(int number, Expectation.Condition expectation) implements Figure {}

    /** Seconds from the first fault of the run until a stage of its recovery was reached. */
    record Reached(Stage stage) implements Figure {}

    /** Seconds from the beginning of the healing until everything held again. */
    record Recovery() implements Figure {}

    /** Those that runs of any experiment may have, in the order in which they are shown. */
    static List<Figure> ofEvery() {
        List<Figure> figures = new ArrayList<>();
        figures.add(new LostRequests());
        for (Stage stage : Stage.values()) {
            if (stage != Stage.INJECTED) {
                figures.add(new Reached(stage));
            }
        }
        figures.add(new Recovery());
        return figures;
    }

    /** Those that runs of an experiment may have, in the order in which they are shown. */
    static List<Figure> of(Experiment experiment) {
        List<Figure> figures = new ArrayList<>();
        if (experiment.traffic().isPresent()) {
            figures.add(new LostRequests());
            figures.add(new LostShare());
        }
        List<Expectation> expectations = experiment.hypothesis().expectations();
        for (int i = 0; i < expectations.size(); i++) {
            if (expectations.get(i) instanceof Expectation.Condition condition) {
                figures.add(new NotHolding(i, condition));
            }
        }
        if (!experiment.kinds().isEmpty()) {
            for (Stage stage : Stage.values()) {
                if (stage != Stage.INJECTED) {
                    figures.add(new Reached(stage));
                }
            }
        }
        figures.add(new Recovery());
        return figures;
    }

    default Unit unit() {
        return switch (this) {
            case LostRequests _ -> Unit.REQUESTS;
            case LostShare _ -> Unit.PERCENT;
            case NotHolding _, Reached _, Recovery _ -> Unit.SECONDS;
        };
    }

    /** What it was in a run, in its unit; empty if there was nothing to measure. */
    default OptionalDouble in(RunResult run) {
        return switch (this) {
            case LostRequests _ ->
                run.tally().requests() == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(run.tally().failed());
            case LostShare _ ->
                run.tally().requests() == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(
                                100.0 * run.tally().failed() / run.tally().requests());
            case NotHolding(int number, Expectation.Condition _) ->
                number < run.findings().size()
                        ? OptionalDouble.of(notHolding(run.findings().get(number)))
                        : OptionalDouble.empty();
            case Reached(Stage stage) -> reached(run.anatomies(), stage);
            case Recovery _ ->
                run.recovery().isPresent()
                        ? OptionalDouble.of(seconds(run.recovery().get()))
                        : OptionalDouble.empty();
        };
    }

    private static double notHolding(Finding finding) {
        return finding.violations().stream()
                .filter(violation -> violation.weight() != Violation.Weight.WHILE_HEALING)
                .mapToDouble(violation -> seconds(violation.length()))
                .sum();
    }

    private static OptionalDouble reached(List<Anatomy> anatomies, Stage stage) {
        return anatomies.isEmpty()
                ? OptionalDouble.empty()
                : anatomies
                        .getFirst()
                        .after(stage)
                        .map(after -> OptionalDouble.of(seconds(after)))
                        .orElse(OptionalDouble.empty());
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
