package dev.clusterlab.ui.kit;

import dev.clusterlab.ui.model.Notifications.Notice;
import dev.clusterlab.ui.model.Topology.Tone;
import java.util.Locale;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Duration;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** Small things that every view is made of. */
public final class Widgets {
    /** Key of a node's properties under which its tooltip is kept. */
    private static final String TOOLTIP = "clusterlab.tooltip";

    private static final double REVEAL_MARGIN = 14;

    private Widgets() {}

    public static Label label(String text, String... styleClasses) {
        Label label = new Label(text);
        label.getStyleClass().addAll(styleClasses);
        return label;
    }

    public static Label wrapped(String text, String... styleClasses) {
        Label label = label(text, styleClasses);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }

    public static FontIcon icon(Ikon ikon, String... styleClasses) {
        FontIcon icon = new FontIcon(ikon);
        icon.getStyleClass().addAll(styleClasses);
        return icon;
    }

    /** An icon of a size of its own; it has none in em, because its em is its size. */
    public static FontIcon sized(FontIcon icon, double pixels) {
        // It keeps its face in its style.
        icon.setStyle(icon.getStyle() + String.format(Locale.ROOT, ";-fx-icon-size: %.1fpx;", pixels));
        return icon;
    }

    public static Button button(String id, String text, Ikon ikon, Runnable action, String... styleClasses) {
        Button button = new Button(text, icon(ikon));
        button.setId(id);
        button.getStyleClass().addAll(styleClasses);
        button.setOnAction(event -> action.run());
        button.setMinWidth(Region.USE_PREF_SIZE);
        return button;
    }

    /** A button with a picture only; its words are in the tooltip and for screen readers. */
    public static Button iconButton(String id, Ikon ikon, String words, Runnable action) {
        Button button = button(id, "", ikon, action, "button-icon", "flat");
        describe(button, words);
        return button;
    }

    public static void describe(Node node, String words) {
        node.setAccessibleText(words);
        if (node.getProperties().get(TOOLTIP) instanceof Tooltip known) {
            known.setText(words);
            return;
        }
        Tooltip tooltip = new Tooltip(words);
        tooltip.setShowDelay(Duration.millis(350));
        Tooltip.install(node, tooltip);
        node.getProperties().put(TOOLTIP, tooltip);
    }

    /** Scrolls the pane around a node as little as needed for the node to be seen, its top first. */
    public static void reveal(Node node) {
        Node at = node.getParent();
        while (at != null && !(at instanceof ScrollPane)) {
            at = at.getParent();
        }
        if (!(at instanceof ScrollPane pane) || pane.getContent() == null) {
            return;
        }
        pane.applyCss();
        pane.layout();
        Node content = pane.getContent();
        Bounds bounds = content.sceneToLocal(node.localToScene(node.getLayoutBounds()));
        double shown = pane.getViewportBounds().getHeight();
        double hidden = content.getLayoutBounds().getHeight() - shown;
        if (hidden <= 0) {
            return;
        }
        double top = pane.getVvalue() * hidden;
        double wanted = top;
        if (bounds.getMaxY() + REVEAL_MARGIN > top + shown) {
            wanted = bounds.getMaxY() + REVEAL_MARGIN - shown;
        }
        if (bounds.getMinY() - REVEAL_MARGIN < wanted) {
            wanted = bounds.getMinY() - REVEAL_MARGIN;
        }
        pane.setVvalue(Math.clamp(wanted / hidden, 0, 1));
    }

    /** A message to the person: what happened, why, and what to do next. */
    public static HBox notice(Notice notice) {
        VBox words = new VBox(wrapped(notice.title(), "notice-title"));
        if (!notice.detail().isEmpty()) {
            words.getChildren().add(wrapped(notice.detail(), "notice-detail"));
        }
        if (!notice.advice().isEmpty()) {
            Label advice = wrapped(notice.advice(), "notice-advice");
            advice.setGraphic(icon(Material2AL.ARROW_RIGHT_ALT));
            words.getChildren().add(advice);
        }
        HBox.setHgrow(words, Priority.ALWAYS);
        Ikon ikon = switch (notice.level()) {
            case INFO -> Material2AL.INFO;
            case GOOD -> Material2AL.CHECK_CIRCLE;
            case ERROR -> Material2AL.ERROR;
        };
        HBox bar = new HBox(icon(ikon), words);
        bar.getStyleClass().addAll("notice", "notice-" + notice.level().name().toLowerCase(Locale.ROOT));
        return bar;
    }

    public static Region spacer() {
        Region spacer = new Region();
        HBox.setHgrow(spacer, Priority.ALWAYS);
        return spacer;
    }

    /** Turns while it is in a window; by itself it would go on, and make the toolkit draw, when it is long gone. */
    public static ProgressIndicator spinner(String... styleClasses) {
        ProgressIndicator spinner = new ProgressIndicator(0);
        spinner.getStyleClass().addAll(styleClasses);
        spinner.sceneProperty()
                .subscribe(scene -> spinner.setProgress(scene == null ? 0 : ProgressIndicator.INDETERMINATE_PROGRESS));
        return spinner;
    }

    /** The picture that goes with a tone, so that it can be told without colours. */
    public static FontIcon toneIcon(Tone tone) {
        Ikon ikon = switch (tone) {
            case GOOD -> Material2AL.CHECK_CIRCLE;
            case WAITING -> Material2MZ.SCHEDULE;
            case BAD -> Material2AL.CANCEL;
            case NEUTRAL -> Material2MZ.RADIO_BUTTON_UNCHECKED;
        };
        return icon(ikon, toneClass(tone));
    }

    public static String toneClass(Tone tone) {
        return switch (tone) {
            case GOOD -> "tone-good";
            case WAITING -> "tone-waiting";
            case BAD -> "tone-bad";
            case NEUTRAL -> "tone-neutral";
        };
    }

    public static void setTone(Node node, Tone tone) {
        node.getStyleClass().removeAll("tone-good", "tone-waiting", "tone-bad", "tone-neutral");
        node.getStyleClass().add(toneClass(tone));
    }
}
