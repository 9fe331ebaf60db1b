package dev.clusterlab.ui.model;

import dev.clusterlab.lab.Shell;
import dev.clusterlab.ui.model.TaskRunner.RunningTask;
import dev.clusterlab.ui.model.TerminalEntry.Failed;
import dev.clusterlab.ui.model.TerminalEntry.Printed;
import dev.clusterlab.ui.model.TerminalEntry.Returned;
import dev.clusterlab.ui.model.TerminalEntry.Source;
import dev.clusterlab.ui.model.kept.HistoryFile;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;

/** The built-in shell as a terminal: lines, history, continuation, completion, and what is typed ahead. */
public final class TerminalModel implements AutoCloseable {
    /** Lines kept; older ones are dropped, and {@link #dropped} says how many. */
    public static final int SCROLLBACK = 20_000;

    /** Characters of a line; a longer one goes on on the next. */
    public static final int LINE_LENGTH_MAX = 4_000;

    /** Characters kept, whatever the number of lines. */
    static final int CHARACTERS_MAX = 8_000_000;

    /** Lines handed over at a time, so that a flood leaves the window time to draw. */
    private static final int BATCH = 1_000;

    private static final String CONTINUATION = "> ";
    private static final Shell.Output HEARD_ELSEWHERE = new Shell.Output() {
        @Override
        public void stdout(String text) {}

        @Override
        public void stderr(String text) {}
    };
    /** Says only that there is more to hand over. */
    private static final List<TerminalEntry> MORE = List.of();

    private final Shell shell;
    private final TaskRunner tasks;
    private final ObservableList<TerminalEntry> lines = FXCollections.observableArrayList();
    private final Deque<TerminalEntry> waiting = new ArrayDeque<>();
    private final ReadOnlyLongWrapper dropped = new ReadOnlyLongWrapper();
    private final ReadOnlyStringWrapper prompt = new ReadOnlyStringWrapper();
    private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper begun = new ReadOnlyBooleanWrapper();
    private final StringProperty draft = new SimpleStringProperty("");
    private final ReadOnlyLongWrapper offers = new ReadOnlyLongWrapper();
    private final ObservableList<String> queued = FXCollections.observableArrayList();
    private final CommandHistory history = new CommandHistory();
    private HistoryFile kept = HistoryFile.none();
    private final StringBuilder pending = new StringBuilder();
    private final Coalescer<List<TerminalEntry>> arrivals;
    private final List<AutoCloseable> subscriptions;
    private long characters;
    private String script = "";
    private @Nullable RunningTask task;

    /** Completions of a line. {@code line}: the line as far as it is certain. */
    public record Completion(String line, List<String> candidates) {}

    public TerminalModel(Shell shell, TaskRunner tasks, Executor ui) {
        this.shell = shell;
        this.tasks = tasks;
        prompt.set(shell.prompt());
        this.arrivals = new Coalescer<>(ui, Duration.ofMillis(50), this::arrived);
        this.subscriptions = List.of(
                shell.onOutput(line ->
                        arrivals.accept(split(line, line.kind() == Shell.Line.Kind.COMMAND ? shell.prompt() : ""))),
                shell.onEnd(end -> {
                    if (end.status() != 0) {
                        arrivals.accept(List.of(new Failed(end.status(), end.command())));
                    }
                }));
    }

    private static List<TerminalEntry> split(Shell.Line printed, String prompt) {
        Source source = switch (printed.kind()) {
            case COMMAND -> Source.COMMAND;
            case STDOUT -> Source.STDOUT;
            case STDERR -> Source.STDERR;
        };
        String text = printed.text().endsWith("\n")
                ? printed.text().substring(0, printed.text().length() - 1)
                : printed.text();
        List<TerminalEntry> entries = new ArrayList<>();
        String before = prompt;
        for (String line : text.split("\n", -1)) {
            for (int from = 0; from == 0 || from < line.length(); from += LINE_LENGTH_MAX) {
                String part = line.substring(from, Math.min(line.length(), from + LINE_LENGTH_MAX));
                entries.add(new Printed(source, before, part));
            }
            before = source == Source.COMMAND ? CONTINUATION : "";
        }
        return entries;
    }

    private void arrived(List<List<TerminalEntry>> batch) {
        batch.forEach(waiting::addAll);
        int skipped = 0;
        while (waiting.size() > SCROLLBACK) {
            waiting.removeFirst();
            skipped++;
        }
        List<TerminalEntry> now = new ArrayList<>();
        while (now.size() < BATCH && !waiting.isEmpty()) {
            TerminalEntry next = waiting.removeFirst();
            now.add(next);
            if (next instanceof Printed printed
                    && printed.source() == Source.COMMAND
                    && !printed.text().isEmpty()
                    && script.contains(printed.text())) {
                begun.set(true);
            }
        }
        append(now, skipped);
        if (!waiting.isEmpty()) {
            arrivals.accept(MORE);
        }
        if (pending.isEmpty()) {
            prompt.set(shell.prompt());
        }
    }

    private void append(List<TerminalEntry> entries, int skipped) {
        entries.forEach(entry -> characters += length(entry));
        int over = Math.max(0, lines.size() + entries.size() - SCROLLBACK);
        for (int i = 0; i < Math.min(over, lines.size()); i++) {
            characters -= length(lines.get(i));
        }
        while (characters > CHARACTERS_MAX && over < lines.size()) {
            characters -= length(lines.get(over++));
        }
        lines.addAll(entries);
        if (over > 0) {
            lines.remove(0, over);
        }
        dropped.set(dropped.get() + over + skipped);
    }

    private static int length(TerminalEntry entry) {
        return switch (entry) {
            case Printed printed -> printed.text().length();
            case Failed failed -> failed.command().length();
            case Returned returned -> 0;
            case TerminalEntry.Anew anew -> 0;
        };
    }

    /** Whether a line is not the first of its command. */
    public static boolean goesOn(Printed line) {
        return line.prompt().equals(CONTINUATION);
    }

    public ObservableList<TerminalEntry> lines() {
        return lines;
    }

    /** How many lines there were before the first of {@link #lines}, since the terminal was last cleared. */
    public ReadOnlyLongProperty dropped() {
        return dropped.getReadOnlyProperty();
    }

    public ReadOnlyStringProperty prompt() {
        return prompt.getReadOnlyProperty();
    }

    public ReadOnlyBooleanProperty running() {
        return running.getReadOnlyProperty();
    }

    /** Whether the command has its turn; until then it waits for another one, such as a block of the guide. */
    public ReadOnlyBooleanProperty begun() {
        return begun.getReadOnlyProperty();
    }

    /** The command that runs or waits for its turn; empty text if there is none. */
    public String script() {
        return script;
    }

    /** What is being written and has not been entered. */
    public StringProperty draft() {
        return draft;
    }

    /** Puts a command where commands are written, for the person to enter; what stood there is remembered. */
    public void offer(String command) {
        if (!draft.get().equals(command)) {
            history.add(draft.get());
        }
        draft.set(command);
        offers.set(offers.get() + 1);
    }

    /** How often a command was offered: it changes when one is. */
    public ReadOnlyLongProperty offers() {
        return offers.getReadOnlyProperty();
    }

    /** What was entered while a command ran, the next first. */
    public ObservableList<String> queued() {
        return queued;
    }

    /** Goes on with what was entered in earlier runs, and keeps what is entered from now on. */
    public void keepHistory(HistoryFile file) {
        kept = file;
        history.begin(file.read());
    }

    /**
     * Takes a line that was entered: runs it, now or after what runs, or waits for more of it if the command is not complete.
     */
    public void enter(String line) {
        history.add(line);
        kept.add(line);
        pending.append(pending.isEmpty() ? "" : "\n").append(line);
        String whole = pending.toString();
        if (shell.incomplete(whole)) {
            prompt.set(CONTINUATION);
            return;
        }
        pending.setLength(0);
        prompt.set(shell.prompt());
        if (whole.isBlank()) {
            return;
        }
        if (running.get()) {
            queued.add(whole);
        } else {
            run(whole);
        }
    }

    private void run(String command) {
        script = command;
        begun.set(false);
        running.set(true);
        task = tasks.run(command, () -> shell.run(command, false, HEARD_ELSEWHERE), status -> ended(), this::failed);
    }

    private void ended() {
        task = null;
        script = "";
        if (!queued.isEmpty()) {
            run(queued.removeFirst());
            return;
        }
        running.set(false);
        if (pending.isEmpty()) {
            prompt.set(shell.prompt());
        }
    }

    private void failed(Throwable failure) {
        String message = failure.getMessage();
        String text = failure instanceof CancellationException
                ? "^C"
                : message == null ? failure.getClass().getSimpleName() : message;
        append(List.of(new Printed(Source.STDERR, "", text)), 0);
        ended();
    }

    /** Puts something between the lines that was not printed by a command. */
    void note(TerminalEntry entry) {
        arrivals.accept(List.of(entry));
    }

    /** Forgets what was entered while a command runs; the history keeps it. */
    void forgetQueued() {
        queued.clear();
    }

    /** Ctrl-C: cancels what runs and forgets what is queued behind it, or forgets the lines entered so far. */
    public void interrupt() {
        queued.clear();
        pending.setLength(0);
        prompt.set(shell.prompt());
        RunningTask now = task;
        if (now != null) {
            now.cancel();
        }
    }

    public void clear() {
        waiting.clear();
        lines.clear();
        characters = 0;
        dropped.set(0);
    }

    /** The command before in the history that holds what was written; {@code current} is kept to return to. */
    public String older(String current) {
        return history.older(current);
    }

    /** The command after in the history, at its end what was being written. */
    public String newer(String current) {
        return history.newer(current);
    }

    /** What the last word of {@code line} can become. May make requests to the cluster: not for the toolkit's thread. */
    public Completion complete(String line) {
        List<String> candidates = shell.complete(pending.isEmpty() ? line : pending + "\n" + line);
        if (candidates.isEmpty()) {
            return new Completion(line, List.of());
        }
        int wordStart = Math.max(line.lastIndexOf(' '), Math.max(line.lastIndexOf('\t'), line.lastIndexOf('\n'))) + 1;
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
        kept.flush();
        try {
            for (AutoCloseable subscription : subscriptions) {
                subscription.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("a subscription must close without failing", e);
        } finally {
            arrivals.close();
        }
    }
}
