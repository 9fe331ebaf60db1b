package dev.clusterlab.lab;

import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.Observer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes down a person's way through a lab while it is walked, for the page about it and for what is said at its end. Times of
 * steps are those at which their checks held. Thread-safe.
 */
public final class SessionRecord implements AutoCloseable {
    private final Journal journal = Journal.inMemory();
    private final EngineClock clock;
    private final InstantSource wall;
    private final Instant began;
    private final AutoCloseable following;
    private final Map<String, StepState> steps = new LinkedHashMap<>();
    private Duration stepBegan;

    /**
     * @param lab in the language in which the page names its steps
     * @param engine its name
     * @param progress where the way begins
     * @param wall the wall clock
     */
    public SessionRecord(
            Lab lab,
            String engine,
            LabSession.Progress progress,
            EngineClock clock,
            Observer observer,
            InstantSource wall) {
        this.clock = clock;
        this.wall = wall;
        this.began = wall.instant();
        this.stepBegan = clock.elapsed();
        journal.add(stepBegan, "engine", "name", engine, "seed", "");
        journal.begin(stepBegan, lab, false);
        this.steps.putAll(progress.steps());
        this.following = journal.follow(observer);
    }

    /** Takes note of the steps that are done by now; to be called with each new progress. */
    public synchronized void add(Lab lab, LabSession.Progress progress) {
        for (Lab.Step step : lab.steps()) {
            StepState now = progress.steps().getOrDefault(step.id(), StepState.LOCKED);
            if (now == StepState.PASSED && steps.put(step.id(), now) != StepState.PASSED) {
                passed(step, progress.elapsed());
            }
        }
    }

    /** Writes down what is typed on a machine, until the result is closed. */
    public AutoCloseable follow(LoginShell shell) {
        return journal.follow(shell, clock);
    }

    private void passed(Lab.Step step, Duration at) {
        journal.add(stepBegan, "step.begin", "step", step.id(), "title", step.title());
        for (Lab.Check check : step.checks()) {
            journal.add(at, "check", "check", check.id(), "title", check.title(), "passed", true);
        }
        journal.add(
                at,
                "step.end",
                "step",
                step.id(),
                "passed",
                true,
                "seconds",
                JournalEvents.seconds(at.minus(stepBegan)),
                "failure",
                "");
        stepBegan = at;
    }

    /**
     * What a fault cost.
     *
     * @param fault what it was
     * @param lasted engine time from its beginning to the last request that failed because of it, as far as can be told: failures
     *     count for the fault that began last before them
     */
    public record Loss(ActiveFault fault, Duration lasted, int lost, int requests) {}

    /**
     * What there is to say at the end.
     *
     * @param wallTime since the record began
     * @param requests that clients made, {@code failed} of them in vain
     * @param losses of the faults that broke something, the earliest first
     */
    public record Ending(
            int steps, Duration wallTime, Duration engineTime, int requests, int failed, List<Loss> losses) {
        public Ending {
            losses = List.copyOf(losses);
        }
    }

    /** What has been until now. */
    public Ending ending() {
        RunSummary run = RunSummary.of(journal.entries(), Sentences.of(Locale.ENGLISH));
        List<Loss> losses = new ArrayList<>();
        for (RunSummary.Event event : run.injected()) {
            if (event.what() instanceof ClusterEvent.FaultBegan began
                    && began.fault().kind().breaks()) {
                losses.add(loss(run, event, began.fault()));
            }
        }
        return new Ending(
                (int) run.steps().stream().filter(RunSummary.Step::passed).count(),
                Duration.between(began, wall.instant()),
                clock.elapsed(),
                run.requests(),
                run.failedRequests(),
                losses);
    }

    private static Loss loss(RunSummary run, RunSummary.Event event, ActiveFault fault) {
        List<RunSummary.Spell> spells = run.spells().stream()
                .filter(spell -> spell.before().filter(event::equals).isPresent())
                .toList();
        double end = spells.stream().mapToLong(RunSummary.Spell::to).max().orElse(0);
        long millis = spells.isEmpty() ? 0 : Math.max(0, Math.round((end + 1 - event.at()) * 1000));
        return new Loss(
                fault,
                Duration.ofMillis(millis),
                spells.stream().mapToInt(RunSummary.Spell::failed).sum(),
                spells.stream().mapToInt(RunSummary.Spell::requests).sum());
    }

    /**
     * Writes the page about the way until now.
     *
     * @param passed whether the lab is done
     * @throws dev.clusterlab.provisioning.LabException INPUT if the file cannot be written
     */
    public void write(Path file, boolean passed, Locale language) {
        Map<String, Object> end = new LinkedHashMap<>();
        end.put("t", JournalEvents.seconds(clock.elapsed()));
        end.put("type", "lab.end");
        end.put("passed", passed);
        end.put("wallSeconds", JournalEvents.seconds(Duration.between(began, wall.instant())));
        List<Map<String, Object>> entries = new ArrayList<>(journal.entries());
        entries.add(end);
        Report.write(file, entries, language);
    }

    @Override
    public void close() {
        try (Journal last = journal;
                AutoCloseable first = following) {
            // in the reverse order
        } catch (Exception e) {
            throw new IllegalStateException("an observer's subscription cannot fail to end", e);
        }
    }
}
