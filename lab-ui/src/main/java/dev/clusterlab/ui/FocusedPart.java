package dev.clusterlab.ui;

import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.ComboBoxBase;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.TitledPane;
import javafx.scene.control.TreeView;
import org.jspecify.annotations.Nullable;

/** Which keys the part of the window that has the focus wants for itself. */
final class FocusedPart {
    private FocusedPart() {}

    /** Whether Space means something there: a letter, a press, a choice. */
    static boolean wantsSpace(Scene scene) {
        for (Node at = scene.getFocusOwner(); at != null; at = at.getParent()) {
            switch (at) {
                case TextInputControl text -> {
                    return true;
                }
                case ButtonBase button -> {
                    return true;
                }
                case ListView<?> list -> {
                    return true;
                }
                case TreeView<?> tree -> {
                    return true;
                }
                case TitledPane pane -> {
                    return true;
                }
                case ComboBoxBase<?> box -> {
                    return true;
                }
                case Node other -> {}
            }
            if (at.getStyleClass().contains("terminal")) {
                return true;
            }
        }
        return false;
    }

    /** Presses the button that has the keyboard, as Enter does elsewhere; whether there is one. */
    static boolean pressed(Scene scene) {
        switch (scene.getFocusOwner()) {
            case MenuButton menu -> menu.show();
            case ButtonBase button -> button.fire();
            case null, default -> {
                return false;
            }
        }
        return true;
    }

    /** Whether there is text to walk through, word by word, in that direction. */
    static boolean hasWords(Scene scene, boolean right) {
        @Nullable Node focus = scene.getFocusOwner();
        return focus instanceof TextInputControl text
                && (right ? text.getCaretPosition() < text.getLength() : text.getCaretPosition() > 0);
    }
}
