package dev.clusterlab.lab.way;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession;
import java.util.function.Consumer;

/**
 * Brings a new cluster, on which nothing was done yet, to a point of a lab. What a person did by hand is not part of the lab, and
 * so not of that point. One way at a time in one cluster, and never on a window's thread.
 */
@FunctionalInterface
public interface WayThere {
    /** The step that is being done, {@code number} from 1. */
    record Milestone(int number, int of, Lab.Step step) {}

    /**
     * Goes there. Blocks: for seconds on the embedded engine, for minutes on real machines. Interrupting the thread cancels
     * it; the cluster is then somewhere on the way.
     *
     * @param told each step before it is done, on the calling thread
     * @return how far the lab is then, for the session that goes on from there
     * @throws dev.clusterlab.provisioning.LabException NOT_FOUND if the lab has no such step, REFUSED if a step on the
     *     way did not come true
     */
    LabSession.Progress bring(Destination to, Consumer<Milestone> told) throws InterruptedException;
}
