package dev.clusterlab.ui.model.experiment;

import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.Step;
import dev.clusterlab.lab.experiment.run.RunWords;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.experiment.Course.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One step of a run: how the cluster comes to be, those of the method, and what always follows.
 *
 * @param depth of how many steps it is a part
 */
public record StepRow(String words, int depth, State state) {
    /** Whether it is done. */
    public enum State {
        TODO,
        UNDER_WAY,
        DONE
    }

    /**
     * Those of an experiment.
     *
     * @param place where it is, was or would be run
     * @param course empty if it was not run
     */
    public static List<StepRow> of(Experiment experiment, Place place, Optional<Course> course, Texts texts) {
        var words = new RunWords(texts.locale());
        List<StepRow> rows = new ArrayList<>();
        rows.add(new StepRow(
                texts.get(
                        switch (place) {
                            case SIMULATED, DOCKER -> "exp.step.platform";
                            case LAB -> "exp.step.standing";
                            case SWARM -> "exp.step.swarm";
                        }),
                0,
                state(course, Phase.PLATFORM)));
        for (Step.Line line : Step.lines(experiment.method())) {
            State state = course.map(seen -> seen.underWay().contains(line.number())
                            ? State.UNDER_WAY
                            : seen.done().contains(line.number()) ? State.DONE : State.TODO)
                    .orElse(State.TODO);
            rows.add(new StepRow(words.step(line.step()), line.depth(), state));
        }
        rows.add(new StepRow(
                texts.get("exp.step.watch", words.seconds(experiment.watch())), 0, state(course, Phase.WATCH)));
        rows.add(new StepRow(
                texts.get("exp.step.heal", words.seconds(experiment.hypothesis().recoversWithin())),
                0,
                state(course, Phase.HEALING)));
        return rows;
    }

    private static State state(Optional<Course> course, Phase phase) {
        if (course.isEmpty()) {
            return State.TODO;
        }
        Course seen = course.get();
        if (seen.phase() == Phase.OVER) {
            // What was cut short came no further than its steps did.
            boolean reached = switch (phase) {
                case PLATFORM -> true;
                case METHOD, WATCH -> seen.underWay().isEmpty() && !seen.done().isEmpty();
                case HEALING, OVER -> seen.healed().isPresent();
            };
            return reached ? State.DONE : State.TODO;
        }
        int at = seen.phase().compareTo(phase);
        return at > 0 ? State.DONE : at == 0 ? State.UNDER_WAY : State.TODO;
    }
}
