package dev.clusterlab.ui.model;

import dev.clusterlab.lab.Asked;
import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.lab.Measuring;
import dev.clusterlab.lab.Measuring.Measured;
import dev.clusterlab.lab.Prediction;
import dev.clusterlab.lab.Prediction.Guess;
import dev.clusterlab.lab.Prediction.Measure;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.model.GuideModel.BlockId;
import dev.clusterlab.ui.model.kept.KeptAnswer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;

/**
 * What the person predicts, and what was measured of it. A guess counts only if it was made before the block of commands that follows
 * the question was run. Of the toolkit's thread.
 */
public final class PredictionsModel {
    private final GuideModel guide;
    private final Supplier<AnswersModel> answers;
    private final Supplier<ClusterSnapshot> cluster;
    private final Supplier<List<Anatomy>> anatomies;
    private final Executor background;
    private final Executor ui;
    private final Measuring measuring = new Measuring(new CheckLanguage());
    private final ReadOnlyIntegerWrapper changes = new ReadOnlyIntegerWrapper();
    /** Those that can never be measured in this cluster. */
    private final Set<Asked> unmeasurable = new HashSet<>();

    private boolean reading;

    /** How far a prediction is. */
    public sealed interface State {
        /** It can still be made. */
        record Open() implements State {}

        /** It was not made, and what was to be predicted has been run. */
        record Late() implements State {}

        /** It was made, and is not measured yet. */
        record Waiting(Guess guess) implements State {}

        /** It was measured. */
        record Graded(Guess guess, double measured, boolean right) implements State {}

        /** It was made, and did not come to anything that can be measured. */
        record Unmeasured(Guess guess) implements State {}
    }

    /**
     * A model.
     *
     * @param answers where guesses are kept
     * @param cluster as it is now: the picture that the window shows may be older than the step that was passed by a newer one
     * @param anatomies as they are now
     * @param background where both are asked for, since that may take a while
     */
    public PredictionsModel(
            GuideModel guide,
            Supplier<AnswersModel> answers,
            Supplier<ClusterSnapshot> cluster,
            Supplier<List<Anatomy>> anatomies,
            Executor background,
            Executor ui) {
        this.guide = guide;
        this.answers = answers;
        this.cluster = cluster;
        this.anatomies = anatomies;
        this.background = background;
        this.ui = ui;
    }

    /** Counts how often some state has changed. */
    public ReadOnlyIntegerProperty changes() {
        return changes.getReadOnlyProperty();
    }

    /** How far one is. */
    public State of(Asked asked) {
        KeptAnswer kept = answers.get().of(asked.step(), asked.number());
        Optional<Guess> guess = guess(asked.prediction(), kept.words());
        if (guess.isEmpty()) {
            return begun(asked) ? new State.Late() : new State.Open();
        }
        return kept.measured()
                .<State>map(value ->
                        new State.Graded(guess.get(), value, asked.prediction().right(guess.get(), value)))
                .orElseGet(() -> unmeasurable.contains(asked)
                        ? new State.Unmeasured(guess.get())
                        : new State.Waiting(guess.get()));
    }

    private boolean begun(Asked asked) {
        return guide.stateOf(asked.step()) == StepState.PASSED
                || asked.begun(guide.progress().get())
                || (asked.before().isPresent()
                        && guide.blocks()
                                .containsKey(
                                        new BlockId(asked.step(), asked.before().getAsInt())));
    }

    /** Makes a guess, once, as long as it can be made. */
    public void guess(Asked asked, Guess guess) {
        if (of(asked) instanceof State.Open) {
            answers.get().answer(asked.step(), asked.number(), new KeptAnswer(words(guess), false));
            changed();
        }
    }

    private static String words(Guess guess) {
        return switch (guess) {
            case Guess.Number(double value) -> String.valueOf(value);
            case Guess.Choice(int option) -> "#" + option;
        };
    }

    /** What was kept; empty for what a changed lab does not ask any more. */
    private static Optional<Guess> guess(Prediction prediction, String words) {
        try {
            if (words.startsWith("#")) {
                int option = Integer.parseInt(words.substring(1));
                return option >= 0 && option < prediction.options().size()
                        ? Optional.of(new Guess.Choice(option))
                        : Optional.empty();
            }
            return words.isEmpty() || !prediction.options().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Guess.Number(Double.parseDouble(words)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    // ---- measuring

    /** Measures what can be measured by now. To be called every second or so. */
    public void refresh() {
        List<Asked> waiting = guide.lab().get().steps().stream()
                .flatMap(step -> Asked.of(step).stream())
                .filter(asked -> of(asked) instanceof State.Waiting)
                .toList();
        List<Asked> due = waiting.stream()
                .filter(asked -> switch (asked.prediction().measure()) {
                    case Measure.OfFault _ -> true;
                    case Measure.OfCluster _ -> guide.stateOf(asked.step()) == StepState.PASSED;
                })
                .toList();
        if (due.isEmpty() || reading) {
            return;
        }
        reading = true;
        background.execute(() -> {
            Map<Asked, Measured> found = new HashMap<>();
            try {
                List<Anatomy> known = anatomies.get();
                for (Asked asked : due) {
                    found.put(
                            asked,
                            switch (asked.prediction().measure()) {
                                case Measure.OfFault measure -> measuring.of(measure, known);
                                case Measure.OfCluster measure -> now(measure);
                            });
                }
            } finally {
                ui.execute(() -> {
                    reading = false;
                    found.forEach(this::take);
                });
            }
        });
    }

    private Measured now(Measure.OfCluster measure) {
        try {
            return new Measured.Value(measuring.of(measure, cluster.get()));
        } catch (LabException e) {
            return new Measured.Nothing();
        }
    }

    private void take(Asked asked, Measured measured) {
        switch (measured) {
            case Measured.Pending _ -> {}
            case Measured.Nothing _ -> {
                if (unmeasurable.add(asked)) {
                    changed();
                }
            }
            case Measured.Value(double value) -> {
                KeptAnswer kept = answers.get().of(asked.step(), asked.number());
                if (kept.measured().isEmpty()) {
                    answers.get()
                            .answer(
                                    asked.step(),
                                    asked.number(),
                                    new KeptAnswer(kept.words(), kept.shown(), Optional.of(value)));
                    changed();
                }
            }
        }
    }

    private void changed() {
        changes.set(changes.get() + 1);
    }

    /** How many predictions of the lab were graded, and how many of these were right. */
    public record Score(int right, int graded) {}

    public Score score() {
        List<State.Graded> graded = guide.lab().get().steps().stream()
                .flatMap(step -> Asked.of(step).stream())
                .map(this::of)
                .filter(State.Graded.class::isInstance)
                .map(State.Graded.class::cast)
                .toList();
        return new Score((int) graded.stream().filter(State.Graded::right).count(), graded.size());
    }
}
