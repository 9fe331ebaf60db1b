package dev.clusterlab.ui;

import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.kept.WindowPlace;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.geometry.Rectangle2D;
import javafx.stage.Screen;
import javafx.stage.Stage;
import javafx.util.Subscription;

/** Puts the window where it was the last time on these screens, never beyond them, and remembers where it is. */
final class StagePlace {
    private static final double LEAST_WIDTH = 1000;
    private static final double LEAST_HEIGHT = 680;

    private final Stage stage;
    private final Settings settings;
    private boolean asked;

    private StagePlace(Stage stage, Settings settings) {
        this.stage = stage;
        this.settings = settings;
    }

    /** To be called before the window is shown. The subscription ends the remembering. */
    static Subscription keep(Stage stage, Settings settings) {
        StagePlace place = new StagePlace(stage, settings);
        place.put();
        return Subscription.combine(
                stage.xProperty().subscribe(place::remember),
                stage.yProperty().subscribe(place::remember),
                stage.widthProperty().subscribe(place::remember),
                stage.heightProperty().subscribe(place::remember),
                stage.maximizedProperty().subscribe(place::remember));
    }

    /** The main screen first. */
    private static List<Rectangle2D> screens() {
        Screen main = Screen.getPrimary();
        return Stream.concat(Stream.of(main), Screen.getScreens().stream().filter(screen -> !screen.equals(main)))
                .map(Screen::getVisualBounds)
                .toList();
    }

    private void put() {
        List<Rectangle2D> screens = screens();
        WindowPlace place = Optional.ofNullable(settings.places().get(WindowPlace.arrangement(screens)))
                .orElseGet(() -> WindowPlace.first(screens.getFirst()))
                .within(screens);
        // A window that may not become small enough would not fit on a small screen.
        stage.setMinWidth(Math.min(LEAST_WIDTH, place.width()));
        stage.setMinHeight(Math.min(LEAST_HEIGHT, place.height()));
        stage.setX(place.x());
        stage.setY(place.y());
        stage.setWidth(place.width());
        stage.setHeight(place.height());
        stage.setMaximized(place.maximised());
    }

    /** Later, when place, size and state all are what they become together. */
    private void remember() {
        if (!asked) {
            asked = true;
            FxThread.later(this::look);
        }
    }

    private void look() {
        asked = false;
        if (!stage.isShowing() || stage.isIconified() || stage.isFullScreen()) {
            return;
        }
        String screens = WindowPlace.arrangement(screens());
        WindowPlace before = settings.places()
                .getOrDefault(screens, WindowPlace.first(screens().getFirst()));
        settings.places()
                .put(
                        screens,
                        stage.isMaximized()
                                ? new WindowPlace(before.x(), before.y(), before.width(), before.height(), true)
                                : new WindowPlace(
                                        stage.getX(), stage.getY(), stage.getWidth(), stage.getHeight(), false));
    }
}
