package dev.clusterlab.ui;

import dev.clusterlab.ui.model.TerminalModel;
import dev.clusterlab.ui.model.TerminalModel.Entry;
import dev.clusterlab.ui.model.Texts;
import java.util.stream.Collectors;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.TextField;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2MZ;

/** The built-in shell. */
final class TerminalView {
    private static final double LINE_HEIGHT = 1.45;

    private final WindowModels desk;
    private final Texts texts;
    private final TerminalModel terminal;
    private final FollowingList<Entry> lines;
    private final TextField input = new TextField();
    private final Label prompt = Widgets.label("", "terminal-prompt");
    private final Label candidates = Widgets.wrapped("", "terminal-candidates");
    private final Button stop;
    private final VBox root = new VBox();
    private final Subscription subscription;

    TerminalView(WindowModels desk, Texts texts) {
        this.desk = desk;
        this.texts = texts;
        this.terminal = desk.terminal;
        lines = new FollowingList<>(terminal.lines());
        lines.setId("terminal-lines");
        lines.getStyleClass().add("terminal-lines");
        lines.setCellFactory(view -> new LineCell());
        lines.getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
        lines.addEventHandler(KeyEvent.KEY_PRESSED, this::copySelected);
        lines.setPlaceholder(Widgets.wrapped(texts.get("terminal.empty"), "muted"));
        VBox.setVgrow(lines, Priority.ALWAYS);
        input.setId("terminal-input");
        input.getStyleClass().add("terminal-input");
        HBox.setHgrow(input, Priority.ALWAYS);
        prompt.textProperty().bind(terminal.prompt());
        prompt.setMinWidth(Region.USE_PREF_SIZE);
        stop = Widgets.button("terminal-stop", "Ctrl-C", Material2MZ.STOP, this::interrupt, "small", "flat");
        candidates.setManaged(false);
        candidates.setVisible(false);
        HBox line = new HBox(prompt, input, stop);
        line.getStyleClass().add("terminal-line");
        root.getChildren().addAll(lines, candidates, line);
        root.getStyleClass().add("terminal");
        input.setOnAction(event -> enter());
        input.addEventFilter(KeyEvent.KEY_PRESSED, this::key);

        subscription = Subscription.combine(
                // Lines of one height are what makes the end of a long list a definite place.
                desk.settings
                        .textSize()
                        .subscribe(size -> lines.setFixedCellSize(Math.ceil(desk.settings.fontPixels() * LINE_HEIGHT))),
                terminal.running().subscribe(running -> {
                    stop.setVisible(running);
                    input.setEditable(!running);
                }));
    }

    Node node() {
        return root;
    }

    void focus() {
        input.requestFocus();
    }

    void dispose() {
        prompt.textProperty().unbind();
        lines.dispose();
        subscription.unsubscribe();
    }

    private void enter() {
        suggest("");
        if (terminal.running().get()) {
            return;
        }
        String line = input.getText();
        input.clear();
        terminal.enter(line);
    }

    private void key(KeyEvent event) {
        if (event.getCode() == KeyCode.UP) {
            write(terminal.older(input.getText()));
        } else if (event.getCode() == KeyCode.DOWN) {
            write(terminal.newer(input.getText()));
        } else if (event.getCode() == KeyCode.TAB && !event.isShiftDown()) {
            complete();
        } else if (event.isControlDown()
                && event.getCode() == KeyCode.C
                && input.getSelectedText().isEmpty()) {
            interrupt();
        } else if (event.isControlDown() && event.getCode() == KeyCode.L) {
            terminal.clear();
        } else {
            return;
        }
        event.consume();
    }

    private void interrupt() {
        input.clear();
        suggest("");
        terminal.interrupt();
    }

    private void write(String line) {
        input.setText(line);
        input.end();
    }

    private void complete() {
        String line = input.getText();
        desk.tasks.run(
                texts.get("terminal.completing"),
                () -> terminal.complete(line),
                completion -> {
                    if (!input.getText().equals(line)) {
                        return;
                    }
                    write(completion.line());
                    suggest(
                            completion.candidates().size() > 1
                                    ? completion.candidates().stream().limit(60).collect(Collectors.joining("   "))
                                    : "");
                },
                failure -> suggest(String.valueOf(failure.getMessage())));
    }

    private void suggest(String words) {
        candidates.setText(words);
        candidates.setManaged(!words.isEmpty());
        candidates.setVisible(!words.isEmpty());
    }

    private void copySelected(KeyEvent event) {
        if (event.isControlDown() && event.getCode() == KeyCode.C) {
            ClipboardContent content = new ClipboardContent();
            content.putString(lines.getSelectionModel().getSelectedItems().stream()
                    .map(e -> e.prompt() + e.text())
                    .collect(Collectors.joining("\n")));
            Clipboard.getSystemClipboard().setContent(content);
            event.consume();
        }
    }

    private static final class LineCell extends ListCell<Entry> {
        private final Text before = new Text();
        private final Text text = new Text();
        private final TextFlow flow = new TextFlow(before, text);

        LineCell() {
            before.getStyleClass().add("terminal-prompt-text");
            setGraphic(flow);
        }

        @Override
        protected void updateItem(Entry entry, boolean empty) {
            super.updateItem(entry, empty);
            flow.setVisible(!empty && entry != null);
            if (empty || entry == null) {
                before.setText("");
                text.setText("");
                return;
            }
            before.setText(entry.prompt());
            text.setText(entry.text());
            text.getStyleClass()
                    .setAll(
                            switch (entry.kind()) {
                                case COMMAND -> "terminal-command";
                                case STDOUT -> "terminal-stdout";
                                case STDERR -> "terminal-stderr";
                            });
        }
    }
}
