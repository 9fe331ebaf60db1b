package dev.clusterlab.lab.way;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession;
import dev.clusterlab.lab.LabSession.CheckResult;
import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.EngineClock.Pace;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.observe.Observer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Goes there by doing the lab's own commands once more, step by step to its checks. Where engine time can be set, it passes as
 * fast as the computer can until the point is reached; then it has the pace of before.
 */
public final class RedoCommands implements WayThere {
    /** Of engine time, for the checks of a step after its last command. */
    private static final Duration STEP_LIMIT = Duration.ofMinutes(5);

    /** Status of a shell whose thread was interrupted. */
    private static final int CANCELLED = 130;

    private final LabSession session;
    private final EngineClock clock;
    private final Observer observer;

    /** @param session of a lab that was not begun, in the cluster that {@code observer} sees */
    public RedoCommands(LabSession session, EngineClock clock, Observer observer) {
        this.session = session;
        this.clock = clock;
        this.observer = observer;
    }

    @Override
    public LabSession.Progress bring(Destination to, Consumer<Milestone> told) throws InterruptedException {
        Pace before = clock.pace();
        boolean hurried = clock.adjustable() && !(before instanceof Pace.OnDemand);
        if (hurried) {
            clock.setPace(new Pace.OnDemand());
        }
        try {
            redo(to, told);
        } finally {
            if (hurried) {
                clock.setPace(before);
            }
        }
        observer.observe();
        return session.progress();
    }

    private void redo(Destination to, Consumer<Milestone> told) throws InterruptedException {
        Lab lab = session.lab();
        Lab.Step last = lab.requireStep(to.stepId());
        List<Lab.Step> whole = to.stepsBefore(lab);
        int blocks = Math.min(to.blocks(), last.commands().size());
        int count = whole.size() + (blocks > 0 ? 1 : 0);
        for (int i = 0; i < whole.size(); i++) {
            told.accept(new Milestone(i + 1, count, whole.get(i)));
            run(whole.get(i), whole.get(i).commands().size());
            requirePassed(whole.get(i));
        }
        if (blocks > 0) {
            told.accept(new Milestone(count, count, last));
            run(last, blocks);
            if (blocks == last.commands().size()) {
                requirePassed(last);
            }
        }
    }

    private void run(Lab.Step step, int blocks) throws InterruptedException {
        for (Lab.Block.Commands block : step.commands().subList(0, blocks)) {
            int status = session.run(step.id(), block.index());
            // A shell that is interrupted ends its command with a status and clears the mark.
            if (status == CANCELLED || Thread.interrupted()) {
                throw new InterruptedException();
            }
            observer.observe();
            if (status != 0) {
                throw failed(step, "block " + (block.index() + 1) + " ended with status " + status);
            }
        }
    }

    private void requirePassed(Lab.Step step) throws InterruptedException {
        if (!clock.await(() -> passed(step), STEP_LIMIT)) {
            throw failed(step, missing(step));
        }
    }

    private boolean passed(Lab.Step step) {
        observer.observe();
        return session.progress().steps().get(step.id()) == StepState.PASSED;
    }

    private String missing(Lab.Step step) {
        return step.checks().stream()
                .map(check -> Optional.ofNullable(session.progress().checks().get(check.id())))
                .flatMap(Optional::stream)
                .filter(state -> !state.now())
                .map(CheckResult::missing)
                .map(Objects::requireNonNull)
                .findFirst()
                .orElse("its checks did not hold at the same time");
    }

    private static LabException failed(Lab.Step step, String why) {
        return new LabException(
                        LabException.Kind.REFUSED,
                        "The step \"" + step.title() + "\" did not come true: " + why + ".",
                        "Try again, or begin anew and do the steps one by one.")
                .named("way.failed", step.title(), why);
    }
}
