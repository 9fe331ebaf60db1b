package dev.clusterlab.ui.code;

import java.util.List;
import javafx.geometry.Bounds;
import javafx.geometry.Rectangle2D;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.Popup;
import javafx.stage.Window;

/** What a word of a command does, beside the command: never over it. */
public final class CommandHelp {
    private static final double GAP = 10;

    private static final List<String> LOOKS = List.of("dark", "light", "opaque");

    private final Popup popup = new Popup();
    private final Label title = label("", "command-help-title");
    private final Label words = label("", "command-help-words");
    private final VBox card = new VBox(title, words);

    /** @param hint what a click on the word does */
    public CommandHelp(String hint) {
        words.setWrapText(true);
        words.setMinHeight(Region.USE_PREF_SIZE);
        card.setId("command-help");
        card.getStyleClass().add("command-help");
        card.setMouseTransparent(true);
        card.getChildren().add(label(hint, "command-help-hint"));
        popup.getContent().add(card);
        popup.setAutoFix(false);
        popup.setHideOnEscape(false);
    }

    /** {@code word}: where it is, in the coordinates of {@code code}. */
    void show(Node code, Bounds word, String about, String text) {
        if (code.getScene() == null || code.getScene().getWindow() == null) {
            return;
        }
        title.setText(about);
        words.setText(text);
        // A window of its own has no styles of ours.
        card.getStylesheets().setAll(code.getScene().getRoot().getStylesheets());
        card.getStyleClass().removeAll(LOOKS);
        card.getStyleClass().addAll(code.getScene().getRoot().getStyleClass().filtered(LOOKS::contains));
        card.setStyle(code.getScene().getRoot().getStyle());
        Window window = code.getScene().getWindow();
        popup.show(window, 0, 0);
        card.applyCss();
        card.layout();
        Bounds block = code.localToScreen(code.getLayoutBounds());
        Bounds at = code.localToScreen(word);
        Rectangle2D room = new Rectangle2D(window.getX(), window.getY(), window.getWidth(), window.getHeight());
        double width = card.prefWidth(-1);
        double height = card.prefHeight(width);
        double x = block.getMaxX() + GAP;
        double y = at.getMinY();
        if (x + width > room.getMaxX()) {
            // No room beside the block: above the word, or below where the window ends.
            x = Math.max(room.getMinX(), Math.min(at.getMinX(), room.getMaxX() - width));
            y = at.getMinY() - height - GAP;
            if (y < room.getMinY()) {
                y = at.getMaxY() + GAP;
            }
        }
        popup.setX(x);
        popup.setY(Math.min(y, Math.max(room.getMinY(), room.getMaxY() - height)));
    }

    private static Label label(String text, String styleClass) {
        Label label = new Label(text);
        label.getStyleClass().add(styleClass);
        return label;
    }

    void hide() {
        popup.hide();
    }
}
