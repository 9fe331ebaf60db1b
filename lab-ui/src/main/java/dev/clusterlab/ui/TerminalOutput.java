package dev.clusterlab.ui;

import dev.clusterlab.lab.words.StatusWords;
import dev.clusterlab.ui.code.TerminalText;
import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.TerminalEntry;
import dev.clusterlab.ui.model.TerminalModel;
import dev.clusterlab.ui.model.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.fxmisc.flowless.VirtualizedScrollPane;
import org.fxmisc.richtext.model.TwoDimensional.Bias;
import org.kordamp.ikonli.material2.Material2AL;

/** What the shell printed. Shows its end, unless the person has scrolled back to read; then says how much came since. */
final class TerminalOutput {
    final TerminalText text = new TerminalText();
    final VBox node = new VBox();
    private final TerminalModel terminal;
    private final StatusWords statuses;
    private final Texts texts;
    private final Consumer<TerminalEntry.Failed> explain;
    private final Button newLines;
    private final Label dropped = Widgets.label("", "terminal-dropped");
    /** Stands there as long as nothing was printed. */
    private final Label empty;

    private final Subscription subscription;
    private boolean following = true;
    private int unseen;

    /**
     * @param empty what stands there as long as nothing was printed
     * @param explain tells more of a status; who chooses one is led there
     */
    TerminalOutput(
            TerminalModel terminal,
            StatusWords statuses,
            Texts texts,
            String empty,
            Consumer<TerminalEntry.Failed> explain) {
        this.terminal = terminal;
        this.explain = explain;
        this.statuses = statuses;
        this.texts = texts;
        text.setId("terminal-lines");
        text.getStyleClass().add("terminal-lines");
        text.setAccessibleText(texts.get("terminal.output"));
        this.empty = Widgets.wrapped(empty, "muted");
        text.setPlaceholder(this.empty);
        newLines = Widgets.button("terminal-new-lines", "", Material2AL.KEYBOARD_ARROW_DOWN, this::follow, "pill");
        newLines.setVisible(false);
        StackPane.setAlignment(newLines, Pos.BOTTOM_CENTER);
        VirtualizedScrollPane<TerminalText> scroll = new VirtualizedScrollPane<>(text);
        StackPane over = new StackPane(scroll, newLines);
        over.setMinHeight(0);
        scroll.setMinHeight(0);
        VBox.setVgrow(over, Priority.ALWAYS);
        dropped.setId("terminal-dropped");
        dropped.setMaxWidth(Double.MAX_VALUE);
        node.getChildren().addAll(dropped, over);
        node.setMinHeight(Region.USE_PREF_SIZE);
        node.setPrefHeight(0);

        // Wherever the person goes, at the end or not is known once the text has been laid out there.
        scroll.addEventFilter(ScrollEvent.SCROLL, event -> FxThread.later(this::look));
        scroll.addEventFilter(MouseEvent.MOUSE_RELEASED, event -> FxThread.later(this::look));
        scroll.addEventFilter(MouseEvent.MOUSE_DRAGGED, event -> FxThread.later(this::look));
        text.addEventHandler(KeyEvent.KEY_PRESSED, event -> FxThread.later(this::look));
        text.addEventFilter(KeyEvent.KEY_PRESSED, event -> {
            if (event.getCode() == KeyCode.ENTER) {
                failedAt(text.getCurrentParagraph()).ifPresent(explain);
                event.consume();
            }
        });
        text.addEventHandler(MouseEvent.MOUSE_CLICKED, this::clicked);
        ListChangeListener<TerminalEntry> changes = this::changed;
        terminal.lines().addListener(changes);
        subscription = Subscription.combine(
                () -> terminal.lines().removeListener(changes),
                terminal.dropped().subscribe(count -> sayDropped(count.longValue())),
                // Lines of another width have other ends.
                text.layoutBoundsProperty().subscribe(bounds -> keepEnd()),
                text.totalHeightEstimateProperty().subscribe(height -> keepEnd()));
        text.append(lines(terminal.lines()));
        keepEnd();
    }

    void dispose() {
        subscription.unsubscribe();
        text.dispose();
    }

    /** Whether it is said what could be done here. */
    void inviting(boolean inviting) {
        empty.setVisible(inviting);
    }

    /** Goes to the end and stays there. */
    void follow() {
        following = true;
        unseen = 0;
        newLines.setVisible(false);
        text.showEnd();
    }

    /** Whether new lines come into sight by themselves. */
    boolean following() {
        return following;
    }

    /** Scrolls by pages, backwards if negative. */
    void page(int pages) {
        text.scrollYBy(pages * Math.max(20, text.getHeight() - 40));
        FxThread.later(this::look);
    }

    /** Shows a place in the text, selected. */
    void show(int line, int start, int end) {
        following = false;
        text.selectRange(line, start, line, end);
        text.showParagraphInViewport(line);
    }

    /** What a line says, in the language of the window. */
    String textOf(TerminalEntry entry) {
        TerminalText.Line line = line(entry);
        return line.text() + line.meaning();
    }

    /** The command at a line, or the one that printed it; empty where none is left. */
    Optional<String> commandAt(int line) {
        for (int i = Math.min(line, terminal.lines().size() - 1); i >= 0; i--) {
            if (terminal.lines().get(i) instanceof TerminalEntry.Failed failed) {
                return Optional.of(failed.command());
            }
            if (command(i).isPresent()) {
                return Optional.of(whole(i));
            }
        }
        return Optional.empty();
    }

    /** The end of a command that a line says, if it was a failure. */
    Optional<TerminalEntry.Failed> failedAt(int line) {
        return line >= 0
                        && line < terminal.lines().size()
                        && terminal.lines().get(line) instanceof TerminalEntry.Failed failed
                ? Optional.of(failed)
                : Optional.empty();
    }

    /** A click on the status is one on a link; on the words behind it, it is one on text. */
    private void clicked(MouseEvent event) {
        boolean plain = event.getButton() == MouseButton.PRIMARY
                && event.isStillSincePress()
                && event.getClickCount() == 1
                && text.getSelection().getLength() == 0;
        if (plain && text.lines() > 0) {
            var place =
                    text.offsetToPosition(text.hit(event.getX(), event.getY()).getInsertionIndex(), Bias.Forward);
            failedAt(place.getMajor())
                    .filter(failed -> place.getMinor() <= status(failed).length())
                    .ifPresent(explain);
        }
    }

    private String status(TerminalEntry.Failed failed) {
        return texts.get("terminal.status", failed.status());
    }

    private Optional<TerminalEntry.Printed> command(int line) {
        return line >= 0
                        && line < terminal.lines().size()
                        && terminal.lines().get(line) instanceof TerminalEntry.Printed printed
                        && printed.source() == TerminalEntry.Source.COMMAND
                ? Optional.of(printed)
                : Optional.empty();
    }

    /** The command of which this is one line. */
    private String whole(int line) {
        int first = line;
        while (command(first).filter(TerminalModel::goesOn).isPresent()
                && command(first - 1).isPresent()) {
            first--;
        }
        StringBuilder whole = new StringBuilder(command(first).orElseThrow().text());
        for (int i = first + 1; command(i).filter(TerminalModel::goesOn).isPresent(); i++) {
            whole.append('\n').append(command(i).orElseThrow().text());
        }
        return whole.toString();
    }

    private void changed(ListChangeListener.Change<? extends TerminalEntry> change) {
        boolean selecting = text.getSelection().getLength() > 0;
        while (change.next()) {
            if (change.wasAdded()
                    && !change.wasRemoved()
                    && change.getTo() >= change.getList().size()) {
                text.append(lines(change.getAddedSubList()));
                unseen += change.getAddedSize();
            } else if (change.wasRemoved() && !change.wasAdded() && change.getFrom() == 0) {
                text.dropFirst(change.getRemovedSize());
            } else {
                text.empty();
                text.append(lines(change.getList()));
            }
        }
        if (terminal.lines().isEmpty()) {
            following = true;
        }
        if (selecting && following) {
            // Text that somebody is about to copy does not run away.
            following = text.atEnd();
        }
        keepEnd();
        sayNew();
    }

    private void look() {
        following = text.atEnd();
        if (following) {
            unseen = 0;
        }
        sayNew();
    }

    private void keepEnd() {
        if (following) {
            unseen = 0;
            text.showEnd();
        }
    }

    private void sayNew() {
        newLines.setVisible(!following && unseen > 0);
        newLines.setText(texts.get("terminal.new-lines", unseen));
    }

    private void sayDropped(long count) {
        dropped.setVisible(count > 0);
        dropped.setManaged(count > 0);
        dropped.setText(texts.get("terminal.dropped", count, TerminalModel.SCROLLBACK));
    }

    private List<TerminalText.Line> lines(List<? extends TerminalEntry> entries) {
        List<TerminalText.Line> lines = new ArrayList<>();
        entries.forEach(entry -> lines.add(line(entry)));
        return lines;
    }

    private TerminalText.Line line(TerminalEntry entry) {
        return switch (entry) {
            case TerminalEntry.Printed printed -> {
                TerminalText.Kind kind = switch (printed.source()) {
                    case COMMAND -> TerminalText.Kind.COMMAND;
                    case STDOUT -> TerminalText.Kind.STDOUT;
                    case STDERR -> TerminalText.Kind.STDERR;
                };
                yield new TerminalText.Line(new TerminalText.Look(kind, printed.prompt()), printed.text(), "");
            }
            case TerminalEntry.Returned returned ->
                new TerminalText.Line(
                        new TerminalText.Look(TerminalText.Kind.NOTE, ""), texts.get("terminal.returned"), "");
            case TerminalEntry.Anew anew ->
                new TerminalText.Line(
                        new TerminalText.Look(TerminalText.Kind.NOTE, ""), texts.get("terminal.anew"), "");
            case TerminalEntry.Failed failed ->
                new TerminalText.Line(
                        new TerminalText.Look(TerminalText.Kind.FAILURE, ""),
                        status(failed),
                        "   " + statuses.meaning(failed.status(), failed.command()));
        };
    }
}
