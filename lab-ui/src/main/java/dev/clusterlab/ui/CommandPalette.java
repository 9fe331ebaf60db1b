package dev.clusterlab.ui;

import dev.clusterlab.ui.WindowActions.WindowAction;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import java.util.Locale;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** Finds what can be done by its words, and does it. */
final class CommandPalette {
    private static final double HEIGHT = 380;
    private static final double WIDTH = 560;

    private final WindowActions actions;
    private final Texts texts;
    private final Overlays overlays;
    private final TextField search = new TextField();
    private final ListView<WindowAction> list = new ListView<>();

    CommandPalette(WindowActions actions, Texts texts, Overlays overlays) {
        this.actions = actions;
        this.texts = texts;
        this.overlays = overlays;
        search.setId("palette-search");
        search.setPromptText(texts.get("palette.search"));
        search.textProperty().subscribe(this::find);
        search.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
        list.setId("palette-list");
        list.getStyleClass().add("palette-list");
        list.setFocusTraversable(false);
        list.setCellFactory(view -> new ActionCell());
        list.setPlaceholder(Widgets.wrapped(texts.get("palette.none"), "muted"));
        list.setPrefSize(WIDTH, HEIGHT);
        list.setOnMouseClicked(event -> run());
    }

    void open() {
        VBox card = new VBox(search, list);
        card.setId("palette");
        overlays.show(card, search, overlays::hide);
        find();
    }

    private void find() {
        list.getItems().setAll(actions.matching(search.getText(), texts));
        list.getSelectionModel().selectFirst();
    }

    private void key(KeyEvent event) {
        KeyCode code = event.getCode();
        if (code == KeyCode.DOWN) {
            list.getSelectionModel().selectNext();
        } else if (code == KeyCode.UP) {
            list.getSelectionModel().selectPrevious();
        } else if (code == KeyCode.ENTER) {
            run();
        } else {
            return;
        }
        list.scrollTo(Math.max(0, list.getSelectionModel().getSelectedIndex() - 4));
        event.consume();
    }

    private void run() {
        WindowAction chosen = list.getSelectionModel().getSelectedItem();
        if (chosen != null) {
            overlays.hide();
            chosen.deed().forEach(Runnable::run);
        }
    }

    private final class ActionCell extends ListCell<WindowAction> {
        private final Label group = Widgets.label("", "palette-group");
        private final Label words = Widgets.label("", "palette-words");
        private final Label keys = Widgets.label("", "keys");
        private final HBox row = new HBox(group, words, Widgets.spacer(), keys);

        ActionCell() {
            row.setAlignment(Pos.CENTER_LEFT);
            row.getStyleClass().add("palette-row");
            group.setMinWidth(Region.USE_PREF_SIZE);
            keys.setMinWidth(Region.USE_PREF_SIZE);
            words.setMinWidth(0);
        }

        @Override
        protected void updateItem(WindowAction action, boolean empty) {
            super.updateItem(action, empty);
            if (empty || action == null) {
                setGraphic(null);
                return;
            }
            group.setText(texts.get("group." + action.group().name().toLowerCase(Locale.ROOT)));
            words.setText(action.words(texts));
            keys.setText(action.keys());
            keys.setVisible(!action.keys().isEmpty());
            setGraphic(row);
        }
    }
}
