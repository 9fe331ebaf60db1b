package dev.clusterlab.lab;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.Observer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A way through one lab: evaluates every check on every snapshot, opens the next step when all checks of the open one hold
 * at the same time, and runs shell blocks one at a time.
 */
public final class GuidedSession implements LabSession {
    private record CompiledCheck(Lab.Check check, CheckLanguage.Condition condition, CheckLanguage.Text missing) {}

    private record CompiledHint(Lab.Hint hint, CheckLanguage.@Nullable Condition when) {}

    private static final Progress NOTHING_YET =
            new Progress("", Map.of(), Map.of(), Map.of(), List.of(), java.time.Duration.ZERO);

    private final Lab lab;
    private final Shell shell;
    private final Observer observer;
    private final AutoCloseable subscription;
    private final Map<String, List<CompiledCheck>> checks = new LinkedHashMap<>();
    private final Map<String, List<CompiledHint>> hints = new LinkedHashMap<>();
    private final List<Consumer<Progress>> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock oneBlockAtATime = new ReentrantLock(true);
    private final Map<String, List<Integer>> blocksRun = new LinkedHashMap<>();
    private volatile Progress progress;

    public GuidedSession(Lab lab, CheckLanguage language, Observer observer, Shell shell) {
        this(lab, language, observer, shell, NOTHING_YET);
    }

    /**
     * Goes on from where an earlier session of the same lab, perhaps in another language, has come to.
     *
     * @param earlier its progress; steps and checks are known by the identifiers that every language shares
     */
    public GuidedSession(Lab lab, CheckLanguage language, Observer observer, Shell shell, Progress earlier) {
        this.lab = lab;
        this.shell = shell;
        this.observer = observer;
        for (Lab.Step step : lab.steps()) {
            checks.put(
                    step.id(),
                    step.checks().stream()
                            .map(c -> new CompiledCheck(
                                    c,
                                    language.compile(c.expression()),
                                    language.compileText(c.missing().isEmpty() ? c.title() : c.missing())))
                            .toList());
            hints.put(
                    step.id(),
                    step.hints().stream()
                            .map(h -> new CompiledHint(h, h.when().isEmpty() ? null : language.compile(h.when())))
                            .toList());
        }
        this.blocksRun.putAll(earlier.blocksRun());
        this.progress = evaluate(observer.latest(), earlier.steps(), earlier.checks());
        this.subscription = observer.onSnapshot((snapshot, events) -> update(() -> snapshot));
    }

    @Override
    public Lab lab() {
        return lab;
    }

    @Override
    public Progress progress() {
        return progress;
    }

    @Override
    public AutoCloseable onProgress(Consumer<Progress> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public Shell shell() {
        return shell;
    }

    @Override
    public int run(String stepId, int blockIndex) throws InterruptedException {
        Lab.Block.Commands block = block(stepId, blockIndex);
        oneBlockAtATime.lockInterruptibly();
        try {
            int status = shell.run(block.script(), true, SILENT);
            if (status == 0) {
                synchronized (this) {
                    List<Integer> run = new ArrayList<>(blocksRun.getOrDefault(stepId, List.of()));
                    if (!run.contains(blockIndex)) {
                        run.add(blockIndex);
                    }
                    blocksRun.put(stepId, List.copyOf(run));
                }
                update(observer::latest);
            }
            return status;
        } finally {
            oneBlockAtATime.unlock();
        }
    }

    private Lab.Block.Commands block(String stepId, int blockIndex) {
        Lab.Step step = lab.requireStep(stepId);
        if (blockIndex < 0 || blockIndex >= step.commands().size()) {
            throw new LabException(
                    LabException.Kind.NOT_FOUND,
                    "The step \"" + stepId + "\" has no shell block " + blockIndex + ".",
                    "It has " + step.commands().size() + ", counted from 0.");
        }
        return step.commands().get(blockIndex);
    }

    /** @param newest is asked when nobody else evaluates, so that no older snapshot comes after a newer one */
    private void update(Supplier<ClusterSnapshot> newest) {
        synchronized (this) {
            Progress next = evaluate(newest.get(), progress.steps(), progress.checks());
            if (next.equals(progress)) {
                return;
            }
            progress = next;
        }
        // One after the other: what is told last is how things stand.
        synchronized (listeners) {
            Progress now = progress();
            for (Consumer<Progress> listener : listeners) {
                listener.accept(now);
            }
        }
    }

    private Progress evaluate(ClusterSnapshot snapshot, Map<String, StepState> before, Map<String, CheckResult> seen) {
        var state = new CheckState(snapshot);
        Map<String, StepState> steps = new LinkedHashMap<>();
        Map<String, CheckResult> results = new LinkedHashMap<>();
        String current = "";
        for (Lab.Step step : lab.steps()) {
            boolean open = current.isEmpty() && before.get(step.id()) != StepState.PASSED;
            boolean all = true;
            for (CompiledCheck compiled : checks.getOrDefault(step.id(), List.of())) {
                boolean now = compiled.condition().holds(state);
                @Nullable CheckResult earlier = seen.get(compiled.check().id());
                boolean ever = (earlier != null && earlier.everPassed()) || (open && now);
                results.put(
                        compiled.check().id(),
                        new CheckResult(now, ever, now ? "" : compiled.missing().fill(state)));
                all &= now;
            }
            if (!open) {
                steps.put(step.id(), before.get(step.id()) == StepState.PASSED ? StepState.PASSED : StepState.LOCKED);
            } else if (all && passable(step)) {
                steps.put(step.id(), StepState.PASSED);
            } else {
                steps.put(step.id(), StepState.OPEN);
                current = step.id();
            }
        }
        List<String> texts = hints.getOrDefault(current, List.of()).stream()
                .filter(h -> h.when() == null || h.when().holds(state))
                .map(h -> h.hint().text())
                .toList();
        return new Progress(current, steps, results, Map.copyOf(blocksRun), texts, snapshot.elapsed());
    }

    /** A step without checks is passed when each of its blocks has run. */
    private boolean passable(Lab.Step step) {
        return !step.checks().isEmpty()
                || blocksRun.getOrDefault(step.id(), List.of()).size()
                        >= step.commands().size();
    }

    @Override
    public void close() {
        try {
            subscription.close();
        } catch (Exception e) {
            throw new IllegalStateException("an observer's subscription cannot fail to end", e);
        }
    }

    /** Everything printed reaches the shell's listeners as well; Run buttons need no copy. */
    private static final Shell.Output SILENT = new Shell.Output() {
        @Override
        public void stdout(String text) {}

        @Override
        public void stderr(String text) {}
    };
}
