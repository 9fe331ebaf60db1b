package dev.clusterlab.ui;

import dev.clusterlab.ui.model.Topology.Tone;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.util.Duration;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** Small things that every view is made of. */
final class Widgets {
    private Widgets() {}

    static Label label(String text, String... styleClasses) {
        Label label = new Label(text);
        label.getStyleClass().addAll(styleClasses);
        return label;
    }

    static Label wrapped(String text, String... styleClasses) {
        Label label = label(text, styleClasses);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }

    static FontIcon icon(Ikon ikon, String... styleClasses) {
        FontIcon icon = new FontIcon(ikon);
        icon.getStyleClass().addAll(styleClasses);
        return icon;
    }

    static Button button(String id, String text, Ikon ikon, Runnable action, String... styleClasses) {
        Button button = new Button(text, icon(ikon));
        button.setId(id);
        button.getStyleClass().addAll(styleClasses);
        button.setOnAction(event -> action.run());
        button.setMinWidth(Region.USE_PREF_SIZE);
        return button;
    }

    /** A button with a picture only; its words are in the tooltip and for screen readers. */
    static Button iconButton(String id, Ikon ikon, String words, Runnable action) {
        Button button = button(id, "", ikon, action, "button-icon", "flat");
        say(button, words);
        return button;
    }

    static void say(Node node, String words) {
        Tooltip tooltip = new Tooltip(words);
        tooltip.setShowDelay(Duration.millis(350));
        Tooltip.install(node, tooltip);
        node.setAccessibleText(words);
    }

    static Region spacer() {
        Region spacer = new Region();
        HBox.setHgrow(spacer, Priority.ALWAYS);
        return spacer;
    }

    /** The picture that goes with a tone, so that it can be told without colours. */
    static FontIcon toneIcon(Tone tone) {
        Ikon ikon = switch (tone) {
            case GOOD -> Material2AL.CHECK_CIRCLE;
            case WAITING -> Material2MZ.SCHEDULE;
            case BAD -> Material2AL.CANCEL;
            case NEUTRAL -> Material2MZ.RADIO_BUTTON_UNCHECKED;
        };
        return icon(ikon, toneClass(tone));
    }

    static String toneClass(Tone tone) {
        return switch (tone) {
            case GOOD -> "tone-good";
            case WAITING -> "tone-waiting";
            case BAD -> "tone-bad";
            case NEUTRAL -> "tone-neutral";
        };
    }

    static void setTone(Node node, Tone tone) {
        node.getStyleClass().removeAll("tone-good", "tone-waiting", "tone-bad", "tone-neutral");
        node.getStyleClass().add(toneClass(tone));
    }
}
