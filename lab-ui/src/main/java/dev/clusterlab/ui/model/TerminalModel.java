package dev.clusterlab.ui.model;

import dev.clusterlab.lab.Shell;
import dev.clusterlab.ui.model.TaskRunner.RunningTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;

/** The built-in shell as a terminal: lines, history, continuation, completion. */
public final class TerminalModel implements AutoCloseable {
    /** Lines kept; older ones are forgotten. */
    public static final int SCROLLBACK = 4000;

    private static final int HISTORY = 500;
    private static final String CONTINUATION = "> ";
    private static final Shell.Output HEARD_ELSEWHERE = new Shell.Output() {
        @Override
        public void stdout(String text) {}

        @Override
        public void stderr(String text) {}
    };

    private final Shell shell;
    private final TaskRunner tasks;
    private final ObservableList<Entry> lines = FXCollections.observableArrayList();
    private final ReadOnlyStringWrapper prompt = new ReadOnlyStringWrapper();
    private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper();
    private final List<String> history = new ArrayList<>();
    private final StringBuilder pending = new StringBuilder();
    private final Coalescer<Entry> arrivals;
    private final AutoCloseable subscription;
    private int cursor;
    private String draft = "";
    private @Nullable RunningTask task;

    /** A line with the prompt in front of it (commands only). */
    public record Entry(Shell.Line.Kind kind, String prompt, String text) {}

    /** Completions of a line. {@code line}: the line as far as it is certain. */
    public record Completion(String line, List<String> candidates) {}

    public TerminalModel(Shell shell, TaskRunner tasks, Executor ui) {
        this.shell = shell;
        this.tasks = tasks;
        prompt.set(shell.prompt());
        this.arrivals = new Coalescer<>(ui, Duration.ofMillis(50), this::append);
        this.subscription = shell.onOutput(line -> arrivals.accept(
                new Entry(line.kind(), line.kind() == Shell.Line.Kind.COMMAND ? shell.prompt() : "", line.text())));
    }

    private void append(List<Entry> batch) {
        List<Entry> split = new ArrayList<>();
        for (Entry entry : batch) {
            String text = entry.text().endsWith("\n")
                    ? entry.text().substring(0, entry.text().length() - 1)
                    : entry.text();
            boolean first = true;
            for (String line : text.split("\n", -1)) {
                String before = entry.kind() != Shell.Line.Kind.COMMAND ? "" : first ? entry.prompt() : CONTINUATION;
                split.add(new Entry(entry.kind(), before, line));
                first = false;
            }
        }
        lines.addAll(split);
        if (lines.size() > SCROLLBACK) {
            lines.remove(0, lines.size() - SCROLLBACK);
        }
        if (pending.isEmpty()) {
            prompt.set(shell.prompt());
        }
    }

    public ObservableList<Entry> lines() {
        return lines;
    }

    public ReadOnlyStringProperty prompt() {
        return prompt.getReadOnlyProperty();
    }

    public ReadOnlyBooleanProperty running() {
        return running.getReadOnlyProperty();
    }

    /** Takes a line that was entered: runs it, or waits for more if the command is not complete. */
    public void enter(String line) {
        if (running.get()) {
            return;
        }
        if (!line.isBlank()) {
            history.remove(line);
            history.add(line);
            if (history.size() > HISTORY) {
                history.removeFirst();
            }
        }
        cursor = history.size();
        draft = "";
        pending.append(pending.isEmpty() ? "" : "\n").append(line);
        String script = pending.toString();
        if (shell.incomplete(script)) {
            prompt.set(CONTINUATION);
            return;
        }
        pending.setLength(0);
        if (script.isBlank()) {
            prompt.set(shell.prompt());
            return;
        }
        running.set(true);
        task = tasks.run(script, () -> shell.run(script, false, HEARD_ELSEWHERE), status -> ended(), this::failed);
    }

    private void ended() {
        running.set(false);
        task = null;
        prompt.set(shell.prompt());
    }

    private void failed(Throwable failure) {
        ended();
        String message = failure.getMessage();
        String text = failure instanceof CancellationException
                ? "^C"
                : message == null ? failure.getClass().getSimpleName() : message;
        lines.add(new Entry(Shell.Line.Kind.STDERR, "", text));
    }

    /** Ctrl-C: calls off what runs, or forgets the lines entered so far. */
    public void interrupt() {
        RunningTask now = task;
        if (now != null) {
            now.cancel();
            return;
        }
        pending.setLength(0);
        prompt.set(shell.prompt());
    }

    public void clear() {
        lines.clear();
    }

    /** The line before in the history; {@code current} is kept to return to. */
    public String older(String current) {
        if (cursor == history.size()) {
            draft = current;
        }
        if (cursor > 0) {
            cursor--;
        }
        return history.isEmpty() ? current : history.get(cursor);
    }

    /** The line after in the history, at its end what was being written. */
    public String newer(String current) {
        if (cursor >= history.size()) {
            return current;
        }
        cursor++;
        return cursor == history.size() ? draft : history.get(cursor);
    }

    /** What the last word of {@code line} can become. May make requests to the cluster: not for the toolkit's thread. */
    public Completion complete(String line) {
        List<String> candidates = shell.complete(pending.isEmpty() ? line : pending + "\n" + line);
        if (candidates.isEmpty()) {
            return new Completion(line, List.of());
        }
        int wordStart = Math.max(line.lastIndexOf(' '), line.lastIndexOf('\t')) + 1;
        String common = candidates.getFirst();
        for (String candidate : candidates) {
            int length = 0;
            while (length < common.length()
                    && length < candidate.length()
                    && common.charAt(length) == candidate.charAt(length)) {
                length++;
            }
            common = common.substring(0, length);
        }
        String word = line.substring(wordStart);
        String grown = common.startsWith(word) ? common : word;
        boolean single = candidates.size() == 1;
        return new Completion(line.substring(0, wordStart) + grown + (single ? " " : ""), candidates);
    }

    @Override
    public void close() {
        interrupt();
        try {
            subscription.close();
        } catch (Exception e) {
            throw new IllegalStateException("a subscription must close without failing", e);
        } finally {
            arrivals.close();
        }
    }
}
