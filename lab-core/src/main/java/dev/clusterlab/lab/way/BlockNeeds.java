package dev.clusterlab.lab.way;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession.Progress;
import dev.clusterlab.lab.LabSession.StepState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a block of commands builds on and what is not there: then it is better not to run it, or to know why it fails.
 *
 * @param steps earlier ones that are not done, in order
 * @param variables that it reads and that are not set, in the order in which it reads them
 */
public record BlockNeeds(List<Lab.Step> steps, List<Unset> variables) {
    public BlockNeeds {
        steps = List.copyOf(steps);
        variables = List.copyOf(variables);
    }

    /**
     * A variable that is not set.
     *
     * @param name without the dollar sign
     * @param step whose block sets it
     */
    public record Unset(String name, Lab.Step step) {}

    /** Whether nothing is missing. */
    public boolean met() {
        return steps.isEmpty() && variables.isEmpty();
    }

    /**
     * @param set whether the shell has a value for the variable of that name
     * @throws dev.clusterlab.provisioning.LabException NOT_FOUND if the lab has no such step
     */
    public static BlockNeeds of(Lab lab, Progress progress, Predicate<String> set, String stepId, int block) {
        Lab.Step step = lab.requireStep(stepId);
        List<Lab.Step> before = Destination.before(stepId).stepsBefore(lab);
        List<Lab.Step> open = before.stream()
                .filter(each -> progress.steps().get(each.id()) != StepState.PASSED)
                .toList();
        List<Unset> unset = new ArrayList<>();
        for (String name :
                ScriptVariables.of(step.commands().get(block).script()).needed()) {
            // A variable that no block sets is the person's own, or none: the shell takes it for empty.
            setting(name, before, step, block)
                    .filter(setting -> !set.test(name))
                    .ifPresent(setting -> unset.add(new Unset(name, setting)));
        }
        return new BlockNeeds(open, unset);
    }

    /** The last step whose block sets it before this one. */
    private static Optional<Lab.Step> setting(String name, List<Lab.Step> before, Lab.Step step, int block) {
        if (sets(step.commands().subList(0, block), name)) {
            return Optional.of(step);
        }
        return before.reversed().stream()
                .filter(each -> sets(each.commands(), name))
                .findFirst();
    }

    private static boolean sets(List<Lab.Block.Commands> blocks, String name) {
        return blocks.stream()
                .map(each -> ScriptVariables.of(each.script()).assigned())
                .anyMatch((Set<String> assigned) -> assigned.contains(name));
    }
}
