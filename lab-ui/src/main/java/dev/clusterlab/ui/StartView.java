package dev.clusterlab.ui;

import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.EngineModel;
import dev.clusterlab.ui.model.Texts;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2AL;

/** The window before there is a lab: what it waits for, what it has to ask, or why nothing can be had. */
final class StartView {
    private final StackPane root = new StackPane();
    private final StackPane content = new StackPane();
    private final Overlays overlays = new Overlays();
    private final EngineModel<?> engines;
    private final Texts texts;
    private final Runnable quit;
    private final Label words;
    private final VBox waiting;
    private final Subscription subscription;

    /** @param quit ends the program */
    StartView(EngineModel<?> engines, Texts texts, Runnable quit) {
        this.engines = engines;
        this.texts = texts;
        this.quit = quit;
        words = Widgets.label(texts.get("start.title"));
        waiting = new VBox(Widgets.spinner(), words);
        waiting.getStyleClass().add("start");
        root.getChildren().addAll(content, overlays.node());
        subscription = Subscription.combine(
                engines.move()
                        .subscribe(move -> words.setText(
                                move.map(EngineModel.Change::words).orElse(texts.get("start.title")))),
                engines.startFailure().subscribe(this::show),
                engines.asked()
                        .subscribe(asked -> asked.ifPresentOrElse(
                                question -> overlays.ask(question.dialog(), question.answer()), overlays::hide)));
    }

    Parent node() {
        return root;
    }

    void dispose() {
        subscription.unsubscribe();
    }

    private void show(Optional<Throwable> failure) {
        content.getChildren().setAll(failure.map(this::failed).orElse(waiting));
        content.getChildren().getFirst().lookupAll(".accent").forEach(button -> button.requestFocus());
    }

    private VBox failed(Throwable failure) {
        String message = failure.getMessage();
        String what = failure instanceof LabException known
                ? texts.errors().what(known)
                : message == null ? failure.toString() : message;
        Label reason = Widgets.wrapped(what, "start-words");
        String advice =
                failure instanceof LabException known ? texts.errors().advice(known) : texts.get("notice.unexpected");
        Button close = Widgets.button("close", texts.get("start.close"), Material2AL.CLOSE, quit, "accent");
        HBox buttons = new HBox();
        buttons.getStyleClass().add("overlay-buttons");
        buttons.setAlignment(Pos.CENTER);
        if (!engines.engine().equals(EngineNames.EMBEDDED)) {
            buttons.getChildren()
                    .addAll(
                            Widgets.button(
                                    "start-again", texts.get("switch.again"), Material2AL.AUTORENEW, engines::start),
                            Widgets.button(
                                    "start-embedded",
                                    texts.get("start.embedded"),
                                    Material2AL.DEVICE_HUB,
                                    () -> engines.startOn(EngineNames.EMBEDDED)));
        }
        buttons.getChildren().add(close);
        buttons.getChildren().forEach(node -> {
            if (node instanceof Button button) {
                button.defaultButtonProperty().bind(button.focusedProperty());
            }
        });
        Label todo = Widgets.wrapped(advice, "strong", "start-words");
        VBox box = new VBox(
                Widgets.icon(Material2AL.ERROR, "tone-bad", "start-icon"),
                Widgets.label(texts.get("start.failed"), "title-2"),
                reason,
                todo,
                buttons);
        box.setId("start-failed");
        box.getStyleClass().add("start");
        return box;
    }
}
