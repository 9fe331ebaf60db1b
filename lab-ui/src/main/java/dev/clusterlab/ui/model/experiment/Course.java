package dev.clusterlab.ui.model.experiment;

import dev.clusterlab.lab.experiment.Expectation;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.run.Finding;
import dev.clusterlab.lab.experiment.run.Happening;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a run goes or went: for each expectation the times in which it did not hold, and where the run is. Times are seconds of engine
 * time since the first step.
 *
 * @param phase how far it is
 * @param at now, or the end
 * @param end of the axis: what the run is known to take, at least {@code at}
 * @param done numbers of the steps that are done
 * @param underWay numbers of the steps that are under way
 * @param faults when something was broken
 * @param healed when the healing began
 * @param gaps of each expectation in order; empty lists before the first step
 */
public record Course(
        Phase phase,
        double at,
        double end,
        Set<Integer> done,
        Set<Integer> underWay,
        List<Double> faults,
        Optional<Double> healed,
        List<List<Gap>> gaps) {
    public Course {
        done = Set.copyOf(done);
        underWay = Set.copyOf(underWay);
        faults = List.copyOf(faults);
        gaps = gaps.stream().map(List::copyOf).toList();
    }

    /** How far a run is. */
    public enum Phase {
        PLATFORM,
        METHOD,
        WATCH,
        HEALING,
        OVER
    }

    /**
     * A time in which something did not hold.
     *
     * @param open whether it goes on
     */
    public record Gap(double from, double to, Violation.Weight weight, boolean open) {}

    /** Before anything was done. */
    static Course none(Experiment experiment) {
        return new Course(
                Phase.PLATFORM,
                0,
                seconds(experiment.planned()),
                Set.of(),
                Set.of(),
                List.of(),
                Optional.empty(),
                experiment.hypothesis().expectations().stream()
                        .map(each -> List.<Gap>of())
                        .toList());
    }

    /** Of a run that is over: with the times of its findings, which are exact. */
    static Course of(Experiment experiment, RunResult result, Course seen) {
        Duration began = result.began().orElse(Duration.ZERO);
        double end = result.happenings().isEmpty()
                ? seen.at()
                : Math.max(seen.at(), seconds(result.happenings().getLast().at().minus(began)));
        List<List<Gap>> gaps = new ArrayList<>();
        List<Expectation> expectations = experiment.hypothesis().expectations();
        for (int i = 0; i < expectations.size(); i++) {
            gaps.add(
                    i < result.findings().size() && result.began().isPresent()
                            ? gaps(result.findings().get(i), seen.gaps().get(i))
                            : seen.gaps().get(i));
        }
        return new Course(
                Phase.OVER,
                end,
                Math.max(1, end),
                seen.done(),
                Set.of(),
                faults(result),
                result.healed().map(at -> seconds(at.minus(began))),
                gaps);
    }

    /** What is judged once has no times of its own: those in which the last requests were beyond the limit are shown. */
    private static List<Gap> gaps(Finding finding, List<Gap> seen) {
        if (judgedOnce(finding.expectation())) {
            Violation.Weight weight = finding.held() ? Violation.Weight.TOLERATED : Violation.Weight.COUNTS;
            return seen.stream()
                    .map(gap -> new Gap(gap.from(), gap.to(), weight, false))
                    .toList();
        }
        return finding.violations().stream()
                .map(violation -> new Gap(
                        seconds(violation.from()), seconds(violation.to()), violation.weight(), !violation.ended()))
                .toList();
    }

    /** Whether it is judged once, over all requests of the run. */
    static boolean judgedOnce(Expectation expectation) {
        return switch (expectation) {
            case Expectation.Condition _ -> false;
            case Expectation.FailingShare share -> share.over().isEmpty();
            case Expectation.Latency latency -> latency.over().isEmpty();
        };
    }

    private static List<Double> faults(RunResult result) {
        Duration began = result.began().orElse(Duration.ZERO);
        return result.happenings().stream()
                .filter(Happening.Broken.class::isInstance)
                .map(happening -> seconds(happening.at().minus(began)))
                .toList();
    }

    static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
