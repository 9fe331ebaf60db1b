package dev.clusterlab.ui;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Dialog;
import dev.clusterlab.ui.model.LabsModel;
import dev.clusterlab.ui.model.Notifications.Notice;
import dev.clusterlab.ui.model.Texts;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** The labs on the user's Docker Engine, over the window: a row each, and what can be removed. */
final class LabsView {
    /** Part of the window's height that the rows may take. */
    private static final double ROWS_SHARE = 0.52;

    private final LabsModel model;
    private final Texts texts;
    private final Overlays overlays;
    private final VBox rows = new VBox();
    private final HBox doing = new HBox();
    private final Label doingText = Widgets.wrapped("", "overlay-text");
    private final VBox result = new VBox();
    private final Button all;
    private final Button close;
    private final VBox card;
    private Subscription subscription = Subscription.EMPTY;

    LabsView(LabsModel model, Texts texts, Overlays overlays) {
        this.model = model;
        this.texts = texts;
        this.overlays = overlays;
        Label title = Widgets.label(texts.get("labs.title"), "overlay-title");
        rows.getStyleClass().add("labs-rows");
        ScrollPane scroll = new ScrollPane(rows);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.sceneProperty().subscribe(scene -> {
            if (scene != null) {
                scroll.maxHeightProperty().bind(scene.heightProperty().multiply(ROWS_SHARE));
            }
        });
        scroll.getStyleClass().add("page-scroll");
        doing.getChildren().addAll(Widgets.spinner("small-spinner"), doingText);
        doing.getStyleClass().add("overlay-buttons");
        doing.setAlignment(Pos.CENTER_LEFT);
        all = Widgets.button(
                "labs-remove-all",
                texts.get("labs.remove.all"),
                Material2AL.DELETE_OUTLINE,
                () -> remove(model.state().get().leftOver()),
                "button-outlined",
                "danger");
        close = Widgets.button("labs-close", texts.get("help.close"), Material2AL.CHECK, this::end, "accent");
        for (Button button : List.of(all, close)) {
            button.defaultButtonProperty().bind(button.focusedProperty());
        }
        HBox buttons = new HBox(
                Widgets.iconButton("labs-look", Material2MZ.REFRESH, texts.get("inspect.reload"), model::look),
                Widgets.spacer(),
                all,
                close);
        buttons.getStyleClass().add("overlay-buttons");
        buttons.setAlignment(Pos.CENTER_RIGHT);
        card = new VBox(title, Widgets.wrapped(texts.get("labs.words"), "muted"), scroll, doing, result, buttons);
        card.setId("labs");
    }

    /** Shows it, and reads which labs there are. */
    void open() {
        show();
        model.look();
    }

    private void show() {
        subscription.unsubscribe();
        subscription = Subscription.combine(
                model.state().subscribe(this::refresh), model.result().subscribe(this::tell));
        overlays.show(card, close, this::end);
    }

    private void end() {
        subscription.unsubscribe();
        overlays.hide();
    }

    private void remove(List<String> ids) {
        subscription.unsubscribe();
        Dialog question = model.question(ids);
        overlays.ask(question, answer -> {
            show();
            if (answer.equals(LabsModel.YES)) {
                model.remove(ids);
            }
        });
    }

    private void refresh(LabsModel.State state) {
        boolean lost = all.isFocused() || rows.lookupAll(".button").stream().anyMatch(Node::isFocused);
        doingText.setText(state.doing());
        doing.setVisible(state.busy());
        doing.setManaged(state.busy());
        all.setDisable(state.busy() || state.leftOver().isEmpty());
        rows.getChildren()
                .setAll(state.rows().stream().map(row -> row(row, state.busy())).toList());
        if (state.rows().isEmpty() && !state.busy()) {
            rows.getChildren().setAll(List.of(Widgets.label(texts.get("labs.none"), "muted")));
        }
        if (lost) {
            close.requestFocus();
        }
    }

    private Node row(LabsModel.Row row, boolean busy) {
        String use = row.use().name().toLowerCase(Locale.ROOT);
        Label state = Widgets.label(texts.get("labs.use." + use), "strong");
        state.getStyleClass().add(row.removable() ? "tone-waiting-text" : "muted");
        HBox head = new HBox(Widgets.label(row.id(), "lab-id"), state);
        head.getStyleClass().add("overlay-buttons");
        head.setAlignment(Pos.BASELINE_LEFT);
        VBox words = new VBox(head, Widgets.wrapped(row.machines(), "fact-value"));
        String rest = row.since().isEmpty() ? row.counts() : row.counts() + " · " + row.since();
        words.getChildren().add(Widgets.wrapped(rest, "muted"));
        if (row.use() == LabsModel.Use.UNKNOWN) {
            words.getChildren().add(Widgets.wrapped(texts.get("labs.unknown.why", row.id()), "muted"));
        }
        HBox.setHgrow(words, Priority.ALWAYS);
        HBox box = new HBox(words);
        if (row.removable()) {
            Button remove = Widgets.button(
                    "remove-lab-" + row.id(),
                    texts.get("labs.remove"),
                    Material2AL.DELETE_OUTLINE,
                    () -> remove(List.of(row.id())),
                    "small",
                    "button-outlined",
                    "danger");
            remove.setDisable(busy);
            remove.defaultButtonProperty().bind(remove.focusedProperty());
            box.getChildren().add(remove);
        }
        box.getStyleClass().add("lab-row");
        box.setId("lab-" + row.id());
        box.setAlignment(Pos.CENTER_LEFT);
        return box;
    }

    private void tell(Optional<Notice> told) {
        result.getChildren()
                .setAll(told.stream().map(notice -> Widgets.notice(notice)).toList());
        result.setVisible(told.isPresent());
        result.setManaged(told.isPresent());
    }
}
