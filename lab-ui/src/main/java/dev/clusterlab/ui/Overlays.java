package dev.clusterlab.ui;

import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Dialog;
import dev.clusterlab.ui.model.EngineModel;
import dev.clusterlab.ui.model.Inspection;
import dev.clusterlab.ui.model.Texts;
import java.util.List;
import java.util.function.Consumer;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** What lies over the window for a moment: a question, a card, a page. */
final class Overlays {
    /** What a card leaves of the window around it, at least. */
    private static final double EDGE = 16;

    private final StackPane layer = new StackPane();
    private Runnable escape = this::hide;
    /** What had the keys before; they go back there. */
    private @Nullable Node before;

    Overlays() {
        layer.getStyleClass().add("overlay");
        layer.setVisible(false);
        layer.setOnMouseClicked(event -> {
            if (event.getTarget() == layer) {
                escape.run();
            }
        });
        layer.addEventFilter(KeyEvent.KEY_PRESSED, event -> {
            if (event.getCode() == KeyCode.ESCAPE) {
                escape.run();
                event.consume();
            } else if (event.getCode() == KeyCode.TAB) {
                // What lies below cannot be reached while something lies over it.
                focusNext(event.isShiftDown() ? -1 : 1);
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

    /** What Escape does to that which is shown. */
    void escape() {
        escape.run();
    }

    void hide() {
        Node back = before;
        before = null;
        if (back != null && layer.getScene() != null && FocusStops.usable(back, layer.getScene())) {
            back.requestFocus();
        }
        layer.setVisible(false);
        layer.getChildren().clear();
        escape = this::hide;
    }

    private void remember() {
        if (!showing() && layer.getScene() != null) {
            before = layer.getScene().getFocusOwner();
        }
    }

    private void focusNext(int direction) {
        List<Node> stops = FocusStops.in(layer).stream()
                .filter(node -> node instanceof Control && !(node instanceof ScrollPane))
                .toList();
        if (stops.isEmpty()) {
            return;
        }
        Node focused = layer.getScene().getFocusOwner();
        int at = focused == null ? -1 : stops.indexOf(focused);
        Node next = stops.get(Math.floorMod(at < 0 ? 0 : at + direction, stops.size()));
        next.requestFocus();
        Widgets.reveal(next);
    }

    /** Puts a card over the window. {@code escaping} must take it away, or put another one there. */
    void show(VBox card, Node focus, Runnable escaping) {
        remember();
        card.getStyleClass().add("overlay-card");
        card.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        CardPane pane = new CardPane(card);
        StackPane.setMargin(pane, new Insets(EDGE));
        layer.getChildren().setAll(pane);
        layer.setVisible(true);
        // The pane has the card only now.
        layer.applyCss();
        escape = escaping;
        focus.requestFocus();
    }

    /** Puts a page over the whole window, as {@link #show} puts a card. */
    void cover(Region page, Node focus, Runnable escaping) {
        remember();
        page.setMaxSize(Double.MAX_VALUE, Double.MAX_VALUE);
        layer.getChildren().setAll(page);
        layer.setVisible(true);
        escape = escaping;
        focus.requestFocus();
        // Where the window is built at this moment, the toolkit chooses its first node after this.
        FxThread.later(focus::requestFocus);
    }

    /** Scrolls a card where the window is lower than it, and is as high as the card where it is not. */
    private static final class CardPane extends ScrollPane {
        private final VBox card;

        CardPane(VBox card) {
            super(card);
            this.card = card;
            getStyleClass().add("card-scroll");
            setFitToWidth(true);
            setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
            setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        }

        @Override
        protected double computePrefHeight(double width) {
            return card.prefHeight(card.prefWidth(-1));
        }
    }

    private static Label title(String text, boolean serious) {
        Label title = Widgets.wrapped(text, "overlay-title");
        if (serious) {
            title.setGraphic(Widgets.icon(Material2MZ.WARNING, "tone-bad"));
        }
        return title;
    }

    /** Asks, and takes the card away before the answer is handed over. */
    void ask(Dialog dialog, Consumer<String> answered) {
        VBox card = new VBox(title(dialog.title(), dialog.serious()));
        card.setId(dialog.id());
        for (String paragraph : dialog.paragraphs()) {
            if (!paragraph.isEmpty()) {
                card.getChildren().add(Widgets.wrapped(paragraph, "overlay-text"));
            }
        }
        if (!dialog.facts().isEmpty()) {
            card.getChildren().add(table(dialog));
        }
        HBox buttons = new HBox();
        buttons.getStyleClass().add("overlay-buttons");
        buttons.setAlignment(Pos.CENTER_RIGHT);
        Consumer<String> end = id -> {
            hide();
            answered.accept(id);
        };
        Node focus = card;
        for (Dialog.Answer answer : dialog.answers()) {
            Button button = answer(dialog.id(), answer, () -> end.accept(answer.id()));
            buttons.getChildren().add(button);
            if (answer.equals(dialog.first())) {
                focus = button;
            }
        }
        card.getChildren().add(buttons);
        show(card, focus, () -> end.accept(dialog.escape().id()));
    }

    private static Button answer(String dialog, Dialog.Answer answer, Runnable then) {
        Ikon ikon = switch (answer.role()) {
            case MAIN -> Material2AL.CHECK;
            case MAIN_DANGER, DANGER -> Material2AL.DELETE_OUTLINE;
            case PLAIN -> Material2MZ.REFRESH;
            case ESCAPE -> Material2AL.CLOSE;
        };
        Button button = Widgets.button(dialog + "-" + answer.id(), answer.label(), ikon, then);
        switch (answer.role()) {
            case MAIN -> button.getStyleClass().add("accent");
            case MAIN_DANGER -> button.getStyleClass().add("danger");
            case DANGER -> button.getStyleClass().addAll("button-outlined", "danger");
            case PLAIN -> {}
            case ESCAPE -> button.getStyleClass().add("flat");
        }
        // Enter is for the button that one has gone to.
        button.defaultButtonProperty().bind(button.focusedProperty());
        return button;
    }

    private static GridPane table(Dialog dialog) {
        GridPane grid = new GridPane();
        grid.getStyleClass().add("dialog-facts");
        int row = 0;
        for (Inspection.Fact fact : dialog.facts()) {
            Label label = Widgets.label(fact.label(), "fact-label");
            label.setMinWidth(Region.USE_PREF_SIZE);
            GridPane.setValignment(label, VPos.TOP);
            Label value = Widgets.wrapped(fact.value(), "fact-value");
            grid.addRow(row++, label, value);
        }
        return grid;
    }

    /** Says what is under way, and lets it be cancelled. */
    void progress(EngineModel.Change move, Texts texts, Runnable cancel) {
        Label title = title(move.title(), false);
        HBox how = new HBox(Widgets.spinner("small-spinner"), Widgets.wrapped(move.words(), "overlay-text"));
        how.getStyleClass().add("overlay-buttons");
        how.setAlignment(Pos.CENTER_LEFT);
        how.setMinWidth(380);
        Button stop =
                Widgets.button("move-cancel", texts.get("block.cancel"), Material2AL.CLOSE, cancel, "button-outlined");
        HBox buttons = new HBox(stop);
        buttons.setAlignment(Pos.CENTER_RIGHT);
        VBox card = new VBox(title, how, buttons);
        card.setId("move");
        show(card, stop, cancel);
    }

    void confirm(Inspection.Action action, Texts texts, Runnable then) {
        Dialog question = new Dialog(
                "confirm",
                true,
                (action.label() + " " + action.machine()).strip() + texts.get("confirm.mark"),
                List.of(action.question()),
                List.of(),
                List.of(
                        new Dialog.Answer("no", texts.get("confirm.no"), Dialog.Role.ESCAPE),
                        new Dialog.Answer("yes", action.label(), Dialog.Role.MAIN_DANGER)));
        ask(question, answer -> {
            if (answer.equals("yes")) {
                then.run();
            }
        });
    }
}
