package dev.clusterlab.lab;

import dev.clusterlab.lab.LabSession.Progress;
import dev.clusterlab.lab.LabSession.StepState;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A question of a step with something to predict.
 *
 * @param number of the question in its step, from 1
 * @param before the block of commands that follows it; empty if none does
 */
public record Asked(String step, int number, OptionalInt before, Prediction prediction) {
    /** Those of a step, in order. */
    public static List<Asked> of(Lab.Step step) {
        List<Asked> all = new ArrayList<>();
        int number = 0;
        for (int i = 0; i < step.blocks().size(); i++) {
            if (step.blocks().get(i) instanceof Lab.Block.Question question) {
                number++;
                if (question.prediction().isPresent()) {
                    OptionalInt before = step.blocks().subList(i, step.blocks().size()).stream()
                            .filter(Lab.Block.Commands.class::isInstance)
                            .mapToInt(block -> ((Lab.Block.Commands) block).index())
                            .findFirst();
                    all.add(new Asked(
                            step.id(), number, before, question.prediction().get()));
                }
            }
        }
        return all;
    }

    /** Whether it is too late to guess: what was to be predicted has been run. */
    public boolean begun(Progress progress) {
        return progress.steps().get(step) == StepState.PASSED
                || (before.isPresent()
                        && progress.blocksRun().getOrDefault(step, List.of()).contains(before.getAsInt()));
    }
}
