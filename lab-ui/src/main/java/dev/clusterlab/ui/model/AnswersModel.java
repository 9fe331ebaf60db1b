package dev.clusterlab.ui.model;

import dev.clusterlab.ui.model.kept.AnswerFile;
import dev.clusterlab.ui.model.kept.KeptAnswer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the person makes of the questions of a lab. A question is known by its step and its place there, so that an answer is the same
 * in every language. Of the toolkit's thread; what changes is written in the background, and at the latest when this is closed.
 */
public final class AnswersModel implements AutoCloseable {
    /** Characters of an answer. */
    public static final int LENGTH_MAX = 2_000;

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** Where the waiting for a pause in the writing ends: writing blocks, and is not for the toolkit's thread. */
    private static final Executor WRITING =
            writing -> Thread.ofVirtual().name("keeping answers").start(writing);

    private final AnswerFile file;
    private final String lab;
    private final Coalescer<String> changes;
    private final Map<String, KeptAnswer> unwritten = new HashMap<>();
    private @Nullable Map<String, KeptAnswer> answers;

    public AnswersModel(AnswerFile file, String lab) {
        this.file = file;
        this.lab = lab;
        this.changes = new Coalescer<>(WRITING, PATIENCE, batch -> write());
    }

    /** @param number of the question in its step, from 1 */
    public KeptAnswer of(String step, int number) {
        return known().getOrDefault(name(step, number), KeptAnswer.NONE);
    }

    public void answer(String step, int number, KeptAnswer answer) {
        if (answer.equals(of(step, number))) {
            return;
        }
        String name = name(step, number);
        known().put(name, answer);
        synchronized (unwritten) {
            unwritten.put(name, answer);
        }
        changes.accept(name);
    }

    /** Forgets all answers of the lab, as when it is begun anew. */
    public void forget() {
        synchronized (unwritten) {
            unwritten.clear();
        }
        answers = new HashMap<>();
        file.forget(lab);
    }

    private Map<String, KeptAnswer> known() {
        Map<String, KeptAnswer> now = answers;
        if (now == null) {
            now = new HashMap<>(file.read(lab));
            answers = now;
        }
        return now;
    }

    private void write() {
        Map<String, KeptAnswer> changed;
        synchronized (unwritten) {
            changed = Map.copyOf(unwritten);
            unwritten.clear();
        }
        if (!changed.isEmpty()) {
            file.write(lab, changed);
        }
    }

    private static String name(String step, int number) {
        return step + "." + number;
    }

    @Override
    public void close() {
        changes.close();
        write();
    }
}
