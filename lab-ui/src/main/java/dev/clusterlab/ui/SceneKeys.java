package dev.clusterlab.ui;

import javafx.event.EventHandler;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;
import javafx.util.Subscription;

/** Keys of a window, wherever the keyboard is, and what has the keyboard kept where views are built anew. */
final class SceneKeys {
    private SceneKeys() {}

    /**
     * Listens while a root is in a scene. Of the scene, not of a node in it: without a focused node the toolkit gives keys to the scene
     * alone.
     */
    static Subscription of(Region root, EventHandler<KeyEvent> keys) {
        Subscription[] focus = {Subscription.EMPTY};
        Subscription follow = root.sceneProperty().subscribe((before, now) -> {
            focus[0].unsubscribe();
            if (before != null) {
                before.removeEventFilter(KeyEvent.KEY_PRESSED, keys);
            }
            if (now != null) {
                now.addEventFilter(KeyEvent.KEY_PRESSED, keys);
                focus[0] = KeptFocus.in(now);
            }
        });
        return follow.and(() -> {
            focus[0].unsubscribe();
            if (root.getScene() != null) {
                root.getScene().removeEventFilter(KeyEvent.KEY_PRESSED, keys);
            }
        });
    }
}
