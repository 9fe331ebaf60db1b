package dev.clusterlab.ui;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Notifications;
import dev.clusterlab.ui.model.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javafx.beans.binding.Bindings;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.material2.Material2AL;

/** Messages to the person over a window, each with a button that takes it away. */
final class NoticeBars {
    private static final double WIDTH = 640;
    private static final double EDGE = 16;

    private final Notifications notifications;
    private final Supplier<Texts> texts;
    private final Region window;
    private final VBox bars = new VBox();
    private final ListChangeListener<Notifications.Notice> listener = change -> show();

    /**
     * @param texts in the language of the moment
     * @param window over which they are shown, and never wider than it
     */
    NoticeBars(Notifications notifications, Supplier<Texts> texts, Region window) {
        this.notifications = notifications;
        this.texts = texts;
        this.window = window;
        bars.getStyleClass().add("notices");
        bars.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        // What lies around them, such as a button that ends a test, can be pressed.
        bars.setPickOnBounds(false);
        StackPane.setAlignment(bars, Pos.TOP_CENTER);
        notifications.notices().addListener(listener);
    }

    Node node() {
        return bars;
    }

    void dispose() {
        notifications.notices().removeListener(listener);
    }

    void show() {
        List<Node> shown = new ArrayList<>();
        for (Notifications.Notice notice : notifications.notices()) {
            HBox bar = Widgets.notice(notice);
            bar.getChildren()
                    .add(Widgets.iconButton(
                            "dismiss",
                            Material2AL.CLOSE,
                            texts.get().get("notice.dismiss"),
                            () -> notifications.dismiss(notice)));
            bar.maxWidthProperty()
                    .bind(Bindings.min(WIDTH, window.widthProperty().subtract(2 * EDGE)));
            shown.add(bar);
        }
        bars.getChildren().setAll(shown);
        bars.setVisible(!shown.isEmpty());
    }
}
