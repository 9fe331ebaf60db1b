package dev.clusterlab.ui;

import javafx.geometry.Bounds;
import javafx.geometry.Rectangle2D;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import javafx.stage.Popup;
import javafx.stage.Window;

/** What a word of a command does, beside the command: never over it. */
final class CommandHelp {
    private static final double GAP = 10;

    private final Popup popup = new Popup();
    private final Label title = Widgets.label("", "command-help-title");
    private final Label words = Widgets.wrapped("", "command-help-words");
    private final VBox card = new VBox(title, words);

    CommandHelp(String hint) {
        card.setId("command-help");
        card.getStyleClass().add("command-help");
        card.setMouseTransparent(true);
        card.getChildren().add(Widgets.label(hint, "command-help-hint"));
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
        card.getStyleClass().removeAll("dark", "light", "clusterlab");
        card.getStyleClass()
                .addAll(code.getScene().getRoot().getStyleClass().filtered(c -> c.equals("dark") || c.equals("light")));
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

    void hide() {
        popup.hide();
    }
}
