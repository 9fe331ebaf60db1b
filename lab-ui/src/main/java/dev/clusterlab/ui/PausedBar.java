package dev.clusterlab.ui;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.TaskRunner.RunningTask;
import dev.clusterlab.ui.model.Texts;
import javafx.animation.PauseTransition;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.util.Duration;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2MZ;

/** Says that something waits for the cluster's time, which stands, and lets it go on. Shown only then. */
final class PausedBar {
    /** What ends sooner did not wait. */
    private static final Duration WAIT_MIN = Duration.millis(400);

    private final WindowModels desk;
    private final Texts texts;
    private final HBox root = new HBox();
    private final Label words = Widgets.label("", "paused-words");
    private final PauseTransition timer = new PauseTransition(WAIT_MIN);
    private final Subscription subscription;

    PausedBar(WindowModels desk, Texts texts) {
        this.desk = desk;
        this.texts = texts;
        root.setId("paused-bar");
        root.getStyleClass().add("paused-bar");
        root.setAlignment(Pos.CENTER);
        root.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        words.setGraphic(Widgets.icon(Material2MZ.PAUSE));
        root.getChildren()
                .addAll(
                        words,
                        Widgets.button(
                                "paused-go-on",
                                texts.get("paused.go.on"),
                                Material2MZ.PLAY_ARROW,
                                desk.time::toggle,
                                "small",
                                "accent"));
        hide();
        timer.setOnFinished(event -> show());
        ListChangeListener<RunningTask> waiting = change -> update();
        desk.tasks.running().addListener(waiting);
        subscription = Subscription.combine(
                desk.time.pace().subscribe(this::update),
                () -> desk.tasks.running().removeListener(waiting),
                timer::stop);
    }

    Node node() {
        return root;
    }

    void dispose() {
        subscription.unsubscribe();
    }

    private boolean waits() {
        return desk.time.paused() && !desk.tasks.running().isEmpty();
    }

    private void update() {
        if (!waits()) {
            timer.stop();
            hide();
        } else if (!root.isVisible()) {
            timer.playFromStart();
        }
    }

    private void show() {
        if (waits()) {
            String title = desk.tasks.running().getLast().title();
            words.setText(texts.get("paused.waits", title.lines().findFirst().orElse("")));
            root.setVisible(true);
        }
    }

    private void hide() {
        root.setVisible(false);
    }
}
