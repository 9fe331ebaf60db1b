package dev.clusterlab.lab.experiment;

import dev.clusterlab.provisioning.FaultKind;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * "What happens if …" as its file has it: a cluster, what should hold in it all the time, and what is done to it. Immutable.
 *
 * @param name of its file, without the ending
 * @param engines those that it was written for, by name
 * @param method what is done, one after the other
 * @param watch engine time for which the hypothesis is watched after the last step, before everything is healed
 * @param breaksQuorum whether it means to leave the managers without a majority: it must say so where the cluster is somebody's
 * @param rollbacks scripts that run after the healing, whatever happened, in order
 * @param seed of every random choice of the first run; each further run takes the next number
 * @param repetitions how many runs, 1 to {@link #REPETITIONS_MAX}
 */
public record Experiment(
        String name,
        Texts title,
        Texts purpose,
        List<String> engines,
        Platform platform,
        Optional<Traffic> traffic,
        Hypothesis hypothesis,
        List<Step> method,
        Duration watch,
        boolean breaksQuorum,
        List<String> rollbacks,
        long seed,
        int repetitions) {
    /** More are what a distribution over many seeds is for. */
    public static final int REPETITIONS_MAX = 100;

    public Experiment {
        engines = List.copyOf(engines);
        method = List.copyOf(method);
        rollbacks = List.copyOf(rollbacks);
    }

    /** Engine time that method and watch take at least: what they wait for a condition comes on top. */
    public Duration planned() {
        return time(method).plus(watch);
    }

    private static Duration time(List<Step> steps) {
        Duration time = Duration.ZERO;
        for (Step step : steps) {
            time = time.plus(
                    switch (step) {
                        case Step.Wait wait -> wait.time();
                        case Step.Together together ->
                            together.branches().stream()
                                    .map(Experiment::time)
                                    .max(Comparator.naturalOrder())
                                    .orElse(Duration.ZERO);
                        case Step.Inject _, Step.Run _, Step.Until _ -> Duration.ZERO;
                    });
        }
        return time;
    }

    /** The kinds of faults that its method asks for, in the order of the list of kinds; scripts are not read for any. */
    public Set<FaultKind> kinds() {
        var kinds = EnumSet.noneOf(FaultKind.class);
        collect(method, kinds);
        return kinds;
    }

    private static void collect(List<Step> steps, Set<FaultKind> kinds) {
        for (Step step : steps) {
            switch (step) {
                case Step.Inject inject -> kinds.add(inject.kind());
                case Step.Together together -> together.branches().forEach(branch -> collect(branch, kinds));
                case Step.Run _, Step.Wait _, Step.Until _ -> {}
            }
        }
    }
}
