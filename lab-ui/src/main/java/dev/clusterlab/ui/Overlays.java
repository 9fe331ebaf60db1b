package dev.clusterlab.ui;

import dev.clusterlab.ui.model.Inspection;
import dev.clusterlab.ui.model.Texts;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** What lies over the window for a moment: a question, or the list of keys. */
final class Overlays {
    /** Keys and the text that says what they do. */
    private static final List<List<String>> SHORTCUTS = List.of(
            List.of("F1", "help.help"),
            List.of("Ctrl+R", "help.run"),
            List.of("Ctrl+→   Ctrl+←", "help.steps"),
            List.of("Ctrl+1 … Ctrl+4", "help.panes"),
            List.of("Ctrl+5 … Ctrl+7", "help.views"),
            List.of("← → ↑ ↓, Enter, M", "help.topology"),
            List.of("Ctrl+8", "help.inspector"),
            List.of("Ctrl+K", "help.client"),
            List.of("Space", "help.pause"),
            List.of("Ctrl+.", "help.step"),
            List.of("Ctrl+T", "help.theme"),
            List.of("Ctrl+E", "help.language"),
            List.of("Ctrl++   Ctrl+−   Ctrl+0", "help.text"),
            List.of("F5", "help.presentation"),
            List.of("Tab, ↑ ↓, Ctrl+C", "help.terminal"),
            List.of("Esc", "help.escape"),
            List.of("Ctrl+Q", "help.quit"));

    private final StackPane layer = new StackPane();

    Overlays() {
        layer.getStyleClass().add("overlay");
        layer.setVisible(false);
        layer.setOnMouseClicked(event -> {
            if (event.getTarget() == layer) {
                hide();
            }
        });
        layer.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.ESCAPE) {
                hide();
                event.consume();
            }
        });
    }

    Node node() {
        return layer;
    }

    boolean showing() {
        return layer.isVisible();
    }

    void hide() {
        layer.setVisible(false);
        layer.getChildren().clear();
    }

    private void show(VBox card, Node focus) {
        card.getStyleClass().add("overlay-card");
        card.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        layer.getChildren().setAll(card);
        layer.setVisible(true);
        focus.requestFocus();
    }

    void confirm(Inspection.Action action, Texts texts, Runnable then) {
        Label title = Widgets.wrapped(
                (action.label() + " " + action.machine()).strip() + texts.get("confirm.mark"), "overlay-title");
        title.setGraphic(Widgets.icon(Material2MZ.WARNING, "tone-bad"));
        Label question = Widgets.wrapped(action.question(), "overlay-text");
        question.setMaxWidth(460);
        Button no = Widgets.button("confirm-no", texts.get("confirm.no"), Material2AL.CLOSE, this::hide, "flat");
        no.setCancelButton(true);
        Button yes = Widgets.button(
                "confirm-yes",
                action.label(),
                InspectorView.symbol(action.symbol()),
                () -> {
                    hide();
                    then.run();
                },
                "danger");
        yes.setDefaultButton(true);
        HBox buttons = new HBox(no, yes);
        buttons.getStyleClass().add("overlay-buttons");
        buttons.setAlignment(Pos.CENTER_RIGHT);
        show(new VBox(title, question, buttons), yes);
    }

    void help(Texts texts) {
        GridPane grid = new GridPane();
        grid.getStyleClass().add("help-grid");
        int row = 0;
        for (List<String> shortcut : SHORTCUTS) {
            Label keys = Widgets.label(shortcut.getFirst(), "keys");
            keys.setMinWidth(Region.USE_PREF_SIZE);
            grid.addRow(row++, keys, Widgets.label(texts.get(shortcut.get(1)), "overlay-text"));
        }
        Button close = Widgets.button("help-close", texts.get("help.close"), Material2AL.CHECK, this::hide, "accent");
        close.setCancelButton(true);
        HBox buttons = new HBox(close);
        buttons.setAlignment(Pos.CENTER_RIGHT);
        VBox card = new VBox(Widgets.label(texts.get("help.title"), "overlay-title"), grid, buttons);
        card.setId("help");
        show(card, close);
    }
}
