package dev.clusterlab.ui;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.TerminalEntry;
import dev.clusterlab.ui.model.TerminalModel;
import dev.clusterlab.ui.model.TerminalSearch;
import dev.clusterlab.ui.model.Texts;
import java.util.List;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** Finds text in the terminal, from the end backwards. */
final class FindBar {
    final HBox node = new HBox();
    private final TerminalModel terminal;
    private final TerminalOutput output;
    private final Texts texts;
    private final Runnable closed;
    private final TerminalSearch search = new TerminalSearch();
    private final TextField wanted = new TextField();
    private final Label count = Widgets.label("", "muted");
    private final Subscription subscription;

    FindBar(TerminalModel terminal, TerminalOutput output, Texts texts, Runnable closed) {
        this.terminal = terminal;
        this.output = output;
        this.texts = texts;
        this.closed = closed;
        wanted.setId("terminal-find");
        wanted.setPromptText(texts.get("terminal.find"));
        wanted.setAccessibleText(texts.get("terminal.find"));
        HBox.setHgrow(wanted, Priority.ALWAYS);
        count.setId("terminal-find-count");
        count.setMinWidth(Region.USE_PREF_SIZE);
        node.getChildren()
                .addAll(
                        Widgets.icon(Material2MZ.SEARCH, "muted-icon"),
                        wanted,
                        count,
                        Widgets.iconButton(
                                "terminal-find-previous",
                                Material2AL.KEYBOARD_ARROW_UP,
                                texts.get("terminal.find.previous"),
                                this::previous),
                        Widgets.iconButton(
                                "terminal-find-next",
                                Material2AL.KEYBOARD_ARROW_DOWN,
                                texts.get("terminal.find.next"),
                                this::next),
                        Widgets.iconButton(
                                "terminal-find-close",
                                Material2AL.CLOSE,
                                texts.get("terminal.find.close"),
                                this::close));
        node.getStyleClass().add("terminal-find");
        node.setAlignment(Pos.CENTER_LEFT);
        node.setManaged(false);
        node.setVisible(false);
        wanted.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
        ListChangeListener<TerminalEntry> changes = this::changed;
        terminal.lines().addListener(changes);
        subscription = Subscription.combine(
                () -> terminal.lines().removeListener(changes),
                wanted.textProperty().subscribe((before, now) -> find()));
    }

    void dispose() {
        subscription.unsubscribe();
    }

    boolean open() {
        return node.isVisible();
    }

    /** Opens it, for what is selected if that is a part of a line. */
    void show() {
        String selected = output.text.getSelectedText();
        node.setManaged(true);
        node.setVisible(true);
        if (!selected.isBlank() && !selected.contains("\n")) {
            wanted.setText(selected);
        }
        find();
        wanted.requestFocus();
        wanted.selectAll();
    }

    void close() {
        node.setManaged(false);
        node.setVisible(false);
        closed.run();
    }

    void next() {
        search.next();
        show(true);
    }

    void previous() {
        search.previous();
        show(true);
    }

    private void key(KeyEvent event) {
        if (event.getCode() == KeyCode.ENTER || event.getCode() == KeyCode.UP || event.getCode() == KeyCode.DOWN) {
            if (event.getCode() == KeyCode.DOWN || (event.getCode() == KeyCode.ENTER && event.isShiftDown())) {
                next();
            } else {
                previous();
            }
            event.consume();
        }
    }

    private void find() {
        if (open()) {
            search.find(
                    wanted.getText(),
                    terminal.dropped().get(),
                    terminal.lines().stream().map(output::textOf).toList());
            show(true);
        }
    }

    private void changed(ListChangeListener.Change<? extends TerminalEntry> change) {
        if (!open()) {
            return;
        }
        while (change.next()) {
            if (change.wasAdded() && !change.wasRemoved()) {
                List<String> added =
                        change.getAddedSubList().stream().map(output::textOf).toList();
                search.added(terminal.dropped().get() + change.getFrom(), added);
            } else if (change.getList().isEmpty()) {
                find();
            } else {
                search.dropped(terminal.dropped().get() + change.getRemovedSize());
            }
        }
        show(false);
    }

    private void show(boolean place) {
        count.setText(
                wanted.getText().isEmpty()
                        ? ""
                        : search.count() == 0
                                ? texts.get("terminal.find.none")
                                : texts.get("terminal.find.count", search.position(), search.count()));
        if (place) {
            search.current().ifPresent(match -> {
                int line = (int) (match.line() - terminal.dropped().get());
                output.show(line, match.start(), match.start() + match.length());
            });
        }
    }
}
