package dev.clusterlab.ui;

import dev.clusterlab.lab.words.NarratorWords;
import dev.clusterlab.lab.words.Telling;
import dev.clusterlab.provisioning.observe.ClusterEvent.Severity;
import dev.clusterlab.ui.kit.Fades;
import dev.clusterlab.ui.kit.Ticker;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.NarratorModel;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology.Tone;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2AL;

/**
 * What happens and why, one sentence at a time. Always as high as two lines of text: the machines below must not move because
 * of a sentence.
 */
final class NarratorView {
    private static final Duration PERIOD = Duration.ofMillis(250);

    private final NarratorModel narrator;
    private final NarratorWords words;
    private final Texts texts;
    private final HBox root = new HBox();
    private final Label sentence = Widgets.label("", "narrator-sentence");
    private final Label because = Widgets.label("", "narrator-because");
    private final VBox lines = new VBox(sentence, because);
    private final Ticker ticker;
    private final Subscription subscription;

    /** @param open shows the events of a sentence */
    NarratorView(NarratorModel narrator, Texts texts, Consumer<Telling> open) {
        this.narrator = narrator;
        this.texts = texts;
        this.words = NarratorWords.of(texts.locale());
        sentence.setWrapText(true);
        sentence.setMinHeight(Region.USE_PREF_SIZE);
        sentence.setId("narrator-sentence");
        because.setId("narrator-because");
        lines.setAlignment(Pos.CENTER_LEFT);
        lines.getStyleClass().add("narrator-lines");
        lines.setMinWidth(0);
        lines.setMaxHeight(Double.MAX_VALUE);
        lines.setFocusTraversable(true);
        HBox.setHgrow(lines, Priority.ALWAYS);
        Runnable lead = () -> narrator.shown()
                .get()
                .filter(telling -> !telling.events().isEmpty())
                .ifPresent(open);
        lines.setOnMouseClicked(event -> {
            if (event.getButton() == MouseButton.PRIMARY) {
                lead.run();
            }
        });
        lines.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.ENTER) {
                lead.run();
                event.consume();
            }
        });
        Button back = Widgets.iconButton(
                "narrator-back", Material2AL.CHEVRON_LEFT, texts.get("narrator.back"), narrator::back);
        Button forward = Widgets.iconButton(
                "narrator-forward", Material2AL.CHEVRON_RIGHT, texts.get("narrator.forward"), narrator::forward);
        root.getChildren().setAll(lines, back, forward);
        root.getStyleClass().add("narrator");
        root.setId("narrator");
        lines.widthProperty().subscribe(this::share);
        ticker = new Ticker(PERIOD, narrator::tick);
        subscription = Subscription.combine(
                narrator.older().subscribe(there -> back.setDisable(!there)),
                narrator.newer().subscribe(there -> forward.setDisable(!there)),
                narrator.shown().subscribe(this::show),
                root.sceneProperty().subscribe(this::share));
    }

    Region node() {
        return root;
    }

    void dispose() {
        ticker.close();
        subscription.unsubscribe();
    }

    private void show(Optional<Telling> telling) {
        String before = sentence.getText();
        // As long as nothing has happened, what this is for.
        sentence.setText(telling.map(words::sentence).orElseGet(() -> texts.get("narrator.begin")));
        sentence.getStyleClass().remove("muted");
        if (telling.isEmpty()) {
            sentence.getStyleClass().add("muted");
        }
        because.setText(telling.map(words::because).orElseGet(() -> texts.get("narrator.begin.because")));
        Widgets.setTone(root, telling.map(NarratorView::tone).orElse(Tone.NEUTRAL));
        lines.setAccessibleText((sentence.getText() + " " + because.getText()).strip());
        share();
        if (root.getScene() != null && !sentence.getText().equals(before)) {
            Fades.anew(lines);
        }
    }

    /** How grave it is. */
    static Tone tone(Telling telling) {
        Severity severity = telling.severity();
        return switch (severity) {
            case INFO -> Tone.NEUTRAL;
            case GOOD -> Tone.GOOD;
            case WARNING -> Tone.WAITING;
            case BAD -> Tone.BAD;
        };
    }

    /** A sentence that needs both lines has them; why is then in its help. */
    private void share() {
        if (root.getScene() == null || lines.getWidth() <= 0) {
            return;
        }
        lines.applyCss();
        boolean room =
                sentence.prefWidth(-1) <= lines.getWidth() && !because.getText().isEmpty();
        because.setVisible(room);
        because.setManaged(room);
        Widgets.describe(lines, (sentence.getText() + "\n" + because.getText()).strip());
    }
}
