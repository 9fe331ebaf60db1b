package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.Asked;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession.Progress;
import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.lab.Measuring;
import dev.clusterlab.lab.Measuring.Measured;
import dev.clusterlab.lab.Prediction.Guess;
import dev.clusterlab.lab.Prediction.Measure;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;

/** What a person guessed in a terminal, and what was measured of it. Used by the thread that leads the dialogue. */
final class GuideGuesses {
    private final Measuring measuring;
    private final Supplier<List<Anatomy>> anatomies;
    private final Supplier<ClusterSnapshot> cluster;
    private final Map<Asked, Guess> waiting = new LinkedHashMap<>();
    private final Set<Asked> made = new HashSet<>();
    private int right;
    private int graded;

    /**
     * A guess that comes to an end.
     *
     * @param measured empty if there is nothing to grade it by
     */
    record Graded(Asked asked, Guess guess, OptionalDouble measured) {
        boolean right() {
            return measured.isPresent() && asked.prediction().right(guess, measured.getAsDouble());
        }
    }

    GuideGuesses(Measuring measuring, Supplier<List<Anatomy>> anatomies, Supplier<ClusterSnapshot> cluster) {
        this.measuring = measuring;
        this.anatomies = anatomies;
        this.cluster = cluster;
    }

    /** What can be guessed in a step: not yet guessed, and not yet run. */
    List<Asked> open(Lab.Step step, Progress progress) {
        return Asked.of(step).stream()
                .filter(asked -> !made.contains(asked) && !asked.begun(progress))
                .toList();
    }

    /** What a person means: the number of an option, from 1, or a number; empty if it is none. */
    static Optional<Guess> read(Asked asked, String text) {
        int options = asked.prediction().options().size();
        if (!text.matches("-?[0-9]{1,9}([.,][0-9]{1,9})?")) {
            return Optional.empty();
        }
        double value = Double.parseDouble(text.replace(',', '.'));
        if (options == 0) {
            return Optional.of(new Guess.Number(value));
        }
        return value == Math.rint(value) && value >= 1 && value <= options
                ? Optional.of(new Guess.Choice((int) value - 1))
                : Optional.empty();
    }

    void make(Asked asked, Guess guess) {
        made.add(asked);
        waiting.put(asked, guess);
    }

    /** What has come to an end since it was last asked for; measures what can be measured by now. */
    List<Graded> news(Progress progress) {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<Anatomy> known = anatomies.get();
        List<Graded> ended = new ArrayList<>();
        for (Map.Entry<Asked, Guess> each : List.copyOf(waiting.entrySet())) {
            Asked asked = each.getKey();
            Measured measured = switch (asked.prediction().measure()) {
                case Measure.OfFault measure -> measuring.of(measure, known);
                case Measure.OfCluster measure ->
                    progress.steps().get(asked.step()) == StepState.PASSED ? now(measure) : new Measured.Pending();
            };
            switch (measured) {
                case Measured.Pending _ -> {}
                case Measured.Nothing _ -> ended.add(new Graded(asked, each.getValue(), OptionalDouble.empty()));
                case Measured.Value(double value) ->
                    ended.add(new Graded(asked, each.getValue(), OptionalDouble.of(value)));
            }
        }
        for (Graded each : ended) {
            waiting.remove(each.asked());
            graded += each.measured().isPresent() ? 1 : 0;
            right += each.right() ? 1 : 0;
        }
        return ended;
    }

    private Measured now(Measure.OfCluster measure) {
        try {
            return new Measured.Value(measuring.of(measure, cluster.get()));
        } catch (LabException e) {
            return new Measured.Nothing();
        }
    }

    /** How many were right. */
    int right() {
        return right;
    }

    /** How many could be graded. */
    int graded() {
        return graded;
    }
}
