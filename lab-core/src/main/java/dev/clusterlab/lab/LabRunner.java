package dev.clusterlab.lab;

import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.observe.Observer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs a whole lab unattended: each step's blocks in order, then waits for its checks. In verification every check of a
 * step must fail before the step and pass after it.
 */
public final class LabRunner {
    /** What is printed while it runs, for people. */
    public sealed interface Progress {
        record StepBegan(int number, int of, Lab.Step step) implements Progress {}

        record CommandsBegan(Lab.Step step, String script) implements Progress {}

        record CheckPassed(Lab.Step step, Lab.Check check) implements Progress {}

        record StepEnded(StepResult result) implements Progress {}
    }

    /** @param failure empty if all checks passed */
    public record StepResult(
            Lab.Step step, Optional<StepFailure> failure, Duration began, Duration took, Duration wallTook) {
        public boolean passed() {
            return failure.isEmpty();
        }
    }

    /** The outcome of a run; {@code steps} ends with the first step that failed. */
    public record Result(Lab lab, List<StepResult> steps, Duration engineTime, Duration wallTime) {
        public Result {
            steps = List.copyOf(steps);
        }

        /** Whether every step of the lab passed. */
        public boolean passed() {
            return steps.size() == lab.steps().size() && steps.stream().allMatch(StepResult::passed);
        }
    }

    /** Of engine time: how finely the journal tells when something happened. */
    private static final Duration POLL_PERIOD = Duration.ofSeconds(1);

    private final EngineClock clock;
    private final Observer observer;
    private final GuidedSession session;
    private final Journal journal;
    private final Duration stepLimit;
    private final InstantSource wall;

    /**
     * @param stepLimit engine time that the checks of a step get after its last command
     * @param wall the wall clock, for durations that people see
     */
    public LabRunner(
            EngineClock clock,
            Observer observer,
            GuidedSession session,
            Journal journal,
            Duration stepLimit,
            InstantSource wall) {
        this.clock = clock;
        this.observer = observer;
        this.session = session;
        this.journal = journal;
        this.stepLimit = stepLimit;
        this.wall = wall;
    }

    /**
     * Runs every step.
     *
     * @param verify also demand that each check fails before its step
     */
    public Result run(boolean verify, Consumer<Progress> told) throws InterruptedException {
        var wallBegan = wall.instant();
        Lab lab = session.lab();
        journal.begin(clock.elapsed(), lab, verify);
        List<StepResult> results = new ArrayList<>();
        try (AutoCloseable events = journal.follow(observer);
                AutoCloseable polls = session.shell().betweenCommands(new RegularPoll(clock, observer, POLL_PERIOD))) {
            int number = 0;
            for (Lab.Step step : lab.steps()) {
                told.accept(new Progress.StepBegan(++number, lab.steps().size(), step));
                StepResult result = step(step, verify, told);
                results.add(result);
                told.accept(new Progress.StepEnded(result));
                if (!result.passed()) {
                    break;
                }
            }
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("an observer's subscription cannot fail to end", e);
        }
        var result = new Result(lab, results, clock.elapsed(), Duration.between(wallBegan, wall.instant()));
        journal.add(
                clock.elapsed(),
                "lab.end",
                "passed",
                result.passed(),
                "wallSeconds",
                JournalEvents.seconds(result.wallTime()));
        return result;
    }

    private StepResult step(Lab.Step step, boolean verify, Consumer<Progress> told) throws InterruptedException {
        Duration began = clock.elapsed();
        var wallBegan = wall.instant();
        journal.add(began, "step.begin", "step", step.id(), "title", step.title());
        Optional<StepFailure> failure = Optional.empty();
        observer.observe();
        if (verify) {
            failure = heldTooEarly(step);
        }
        for (Lab.Block.Commands block : step.commands()) {
            if (failure.isPresent()) {
                break;
            }
            told.accept(new Progress.CommandsBegan(step, block.script()));
            journal.add(clock.elapsed(), "commands", "step", step.id(), "script", block.script());
            int status = session.run(step.id(), block.index());
            observer.observe();
            journal.add(clock.elapsed(), "commands.end", "step", step.id(), "status", status);
            if (status != 0) {
                failure = Optional.of(new StepFailure.BlockFailed(block.index() + 1, status));
            }
        }
        if (failure.isEmpty() && !clock.await(() -> passed(step), stepLimit)) {
            failure = Optional.of(missing(step));
        }
        for (Lab.Check check : step.checks()) {
            LabSession.CheckResult state = session.progress().checks().get(check.id());
            boolean now = state != null && state.now();
            journal.add(clock.elapsed(), "check", "check", check.id(), "title", check.title(), "passed", now);
            if (now) {
                told.accept(new Progress.CheckPassed(step, check));
            }
        }
        var result = new StepResult(
                step, failure, began, clock.elapsed().minus(began), Duration.between(wallBegan, wall.instant()));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("step", step.id());
        fields.put("passed", result.passed());
        fields.put("seconds", JournalEvents.seconds(result.took()));
        fields.put("failure", failure.map(StepFailure::english).orElse(""));
        failure.ifPresent(why -> fields.put("reason", why.fields()));
        fields.put("wallSeconds", JournalEvents.seconds(result.wallTook()));
        journal.add(clock.elapsed(), "step.end", fields);
        return result;
    }

    private boolean passed(Lab.Step step) {
        observer.observe();
        return session.progress().steps().get(step.id()) == LabSession.StepState.PASSED;
    }

    private Optional<StepFailure> heldTooEarly(Lab.Step step) {
        List<String> early = step.checks().stream()
                .filter(c -> {
                    LabSession.CheckResult state = session.progress().checks().get(c.id());
                    return state != null && state.now();
                })
                .map(Lab.Check::title)
                .toList();
        return early.isEmpty() ? Optional.empty() : Optional.of(new StepFailure.HeldAlready(early));
    }

    private StepFailure missing(Lab.Step step) {
        List<String> missing = new ArrayList<>();
        for (Lab.Check check : step.checks()) {
            LabSession.CheckResult state = session.progress().checks().get(check.id());
            if (state != null && !state.now()) {
                missing.add(state.missing());
            }
        }
        return new StepFailure.StillMissing(stepLimit, missing);
    }

    /** Turns a result into what a person does next; never thrown for a lab that passed. */
    public static LabException failure(Result result) {
        StepResult last = result.steps().get(result.steps().size() - 1);
        return new LabException(
                LabException.Kind.REFUSED,
                "Step \"" + last.step().id() + "\" did not pass: "
                        + last.failure().map(StepFailure::english).orElse("") + ".",
                "Run it again with --journal FILE and look at the events before the end.");
    }
}
