package dev.clusterlab.lab.way;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.provisioning.LabException;
import java.util.List;

/**
 * A point of a lab: every step before {@code stepId} is done, and so are the first {@code blocks} shell blocks of that
 * step. It means the same in every language of the lab.
 */
public record Destination(String stepId, int blocks) {
    public Destination {
        if (blocks < 0) {
            throw new IllegalArgumentException("fewer than no blocks: " + blocks);
        }
    }

    /** Where the step begins. */
    public static Destination before(String stepId) {
        return new Destination(stepId, 0);
    }

    /** Where the step is done: where the next one begins, or the end of the lab. */
    public static Destination after(Lab lab, String stepId) {
        Lab.Step step = lab.requireStep(stepId);
        int next = lab.steps().indexOf(step) + 1;
        return next < lab.steps().size()
                ? before(lab.steps().get(next).id())
                : new Destination(step.id(), step.commands().size());
    }

    /**
     * The steps that are done at this point, in order.
     *
     * @throws LabException NOT_FOUND if the lab has no such step
     */
    public List<Lab.Step> stepsBefore(Lab lab) {
        return lab.steps().subList(0, lab.steps().indexOf(lab.requireStep(stepId)));
    }

    /** Whether nothing has to be done to be there. */
    public boolean start(Lab lab) {
        return blocks == 0 && stepsBefore(lab).isEmpty();
    }
}
