package dev.clusterlab.lab;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A person's (or the unattended runner's) way through one lab on one engine. Thread-safe; listeners are called on a
 * background thread with immutable progress.
 */
public interface LabSession extends AutoCloseable {
    /** The lab, in its language. */
    Lab lab();

    /** How far it is; immutable. Returns at once. */
    Progress progress();

    /** Calls {@code listener} with every new progress; it must be quick. Closing the result ends it. */
    AutoCloseable onProgress(Consumer<Progress> listener);

    /**
     * Runs one shell block of a step in the session's shell; output goes to the shell's output. Blocks until it ends;
     * interrupting the calling thread cancels it.
     *
     * @return exit status of the block; 130 if it was cancelled
     * @throws dev.clusterlab.provisioning.LabException NOT_FOUND if there is no such step or block
     */
    int run(String stepId, int blockIndex) throws InterruptedException;

    /** The session's shell, shared by Run buttons and the terminal. */
    Shell shell();

    @Override
    void close();

    /**
     * @param currentStepId first step whose checks have not all passed yet; empty text at the end
     * @param blocksRun shell blocks that ended with status 0, per step
     */
    record Progress(
            String currentStepId,
            Map<String, StepState> steps,
            Map<String, CheckResult> checks,
            Map<String, List<Integer>> blocksRun,
            List<String> hints,
            Duration elapsed) {
        public Progress {
            steps = Map.copyOf(steps);
            checks = Map.copyOf(checks);
            blocksRun = Map.copyOf(blocksRun);
            hints = List.copyOf(hints);
        }
    }

    /** A step stays passed once all its checks held at the same time. */
    enum StepState {
        LOCKED,
        OPEN,
        PASSED
    }

    /**
     * @param now whether the condition holds at this moment
     * @param everPassed whether it has held since the step was open
     * @param missing what is missing now, empty if it holds
     */
    record CheckResult(boolean now, boolean everPassed, String missing) {}
}
