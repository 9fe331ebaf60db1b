package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.kept.WindowPlace;
import java.util.List;
import javafx.geometry.Rectangle2D;
import javafx.scene.Scene;
import javafx.scene.layout.StackPane;
import javafx.stage.Screen;
import javafx.stage.Stage;
import javafx.util.Subscription;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxToolkit;

class StagePlaceTest {
    private final Settings settings = new Settings();

    @BeforeAll
    static void toolkit() throws Exception {
        FxToolkit.registerPrimaryStage();
    }

    @Test
    void theFirstWindowIsWhollyOnTheScreen() {
        WindowPlace place = shown(stage -> {});
        Rectangle2D screen = screen();
        assertThat(place.x()).isGreaterThanOrEqualTo(screen.getMinX());
        assertThat(place.y()).isGreaterThanOrEqualTo(screen.getMinY());
        assertThat(place.x() + place.width()).isLessThanOrEqualTo(screen.getMaxX());
        assertThat(place.y() + place.height()).isLessThanOrEqualTo(screen.getMaxY());
    }

    @Test
    void aWindowComesBackToWhereItWas() {
        WindowPlace first = shown(stage -> {
            stage.setY(30);
            stage.setHeight(700);
        });
        assertThat(first.y()).isEqualTo(30);
        assertThat(first.height()).isEqualTo(700);
        assertThat(settings.places()).containsEntry(WindowPlace.arrangement(List.of(screen())), first);
        assertThat(shown(stage -> {})).isEqualTo(first);
    }

    @Test
    void aPlaceOfALargerScreenIsBroughtIntoThisOne() {
        settings.places()
                .put(WindowPlace.arrangement(List.of(screen())), new WindowPlace(-500, -500, 6000, 4000, false));
        WindowPlace place = shown(stage -> {});
        assertThat(place.width()).isEqualTo(screen().getWidth());
        assertThat(place.x()).isEqualTo(screen().getMinX());
    }

    private static Rectangle2D screen() {
        return Pictures.onToolkit(() -> Screen.getPrimary().getVisualBounds());
    }

    /** Shows a window as the program does, does something to it, and closes it; says where it was. */
    private WindowPlace shown(java.util.function.Consumer<Stage> then) {
        Stage stage = Pictures.onToolkit(() -> {
            Stage made = new Stage();
            made.setScene(new Scene(new StackPane()));
            return made;
        });
        Subscription placing = Pictures.onToolkit(() -> {
            Subscription kept = StagePlace.keep(stage, settings);
            stage.show();
            then.accept(stage);
            return kept;
        });
        // The remembering is one turn behind.
        Pictures.onToolkit(() -> true);
        return Pictures.onToolkit(() -> {
            WindowPlace place = new WindowPlace(stage.getX(), stage.getY(), stage.getWidth(), stage.getHeight(), false);
            placing.unsubscribe();
            stage.hide();
            return place;
        });
    }
}
