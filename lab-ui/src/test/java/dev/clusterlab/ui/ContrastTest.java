package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.recovery.Recoveries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.layout.StackPane;
import javafx.scene.paint.Color;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.testfx.api.FxToolkit;

/** Every word of the window stands out from what it is written on, in every theme. */
class ContrastTest {
    private static final Set<String> PICTURES =
            Set.of("07-killed", "08b-islands", "09-troubles", "12-task", "19-failure", "22-palette");

    /** Where the stage shows all that it has. */
    private static final Set<String> OF_THE_STAGE = Set.of("04-platform", "07-killed", "08b-islands", "10-quorum");

    /** Themes that the window can have, with the least contrast of words and of signs. */
    enum Theme {
        DARK(true, false, 4.5, 3),
        LIGHT(false, false, 4.5, 3),
        HIGH_DARK(true, true, 7, 4.5),
        HIGH_LIGHT(false, true, 7, 4.5);

        private final boolean dark;
        private final boolean contrast;
        private final double words;
        private final double signs;

        Theme(boolean dark, boolean contrast, double words, double signs) {
            this.dark = dark;
            this.contrast = contrast;
            this.words = words;
            this.signs = signs;
        }

        Settings settings() {
            Settings settings = Windows.settings(dark, Locale.ENGLISH, false);
            settings.contrast().set(contrast);
            return settings;
        }
    }

    @BeforeAll
    static void toolkit() throws Exception {
        FxToolkit.registerPrimaryStage();
    }

    @ParameterizedTest
    @EnumSource
    void everyWordOfEveryStateOfTheWindowStandsOut(Theme theme) {
        var world = new FakeWorld();
        world.anatomies = Recoveries.all();
        world.clock.moveTo(Duration.ofMinutes(12).plusSeconds(34));
        Set<String> faults = new TreeSet<>();
        int measured = 0;
        try (TestWindow window = TestWindow.open(Windows.context(world), theme.settings(), 1920, 1080)) {
            for (GalleryTest.Scene scene : GalleryTest.scenes()) {
                GalleryTest.reset(window);
                world.observer.show(scene.snapshot(), GalleryTest.events());
                window.await(
                        "the snapshot has arrived",
                        () -> window.desk.cluster.snapshot().get().equals(scene.snapshot()));
                scene.then().accept(window);
                if (theme.contrast && PICTURES.contains(scene.name())) {
                    window.picture("contrast-" + theme.name().toLowerCase(Locale.ROOT) + "-" + scene.name());
                }
                var found = of(window, theme);
                measured += found.count();
                faults.addAll(found.faults());
            }
        }
        assertThat(faults).isEmpty();
        assertThat(measured).isGreaterThan(3000);
    }

    @ParameterizedTest
    @EnumSource
    void everyWordOfTheStageStandsOut(Theme theme) {
        var world = new FakeWorld();
        Settings settings = theme.settings();
        settings.presentation().set(true);
        Set<String> faults = new TreeSet<>();
        try (TestWindow window = TestWindow.open(Windows.context(world), settings)) {
            for (GalleryTest.Scene scene : GalleryTest.scenes()) {
                if (!OF_THE_STAGE.contains(scene.name())) {
                    continue;
                }
                world.observer.show(scene.snapshot(), GalleryTest.events());
                window.await(
                        "the snapshot has arrived",
                        () -> window.desk.cluster.snapshot().get().equals(scene.snapshot()));
                if (theme.contrast) {
                    window.picture("contrast-" + theme.name().toLowerCase(Locale.ROOT) + "-stage-" + scene.name());
                }
                faults.addAll(of(window, theme).faults());
            }
        }
        assertThat(faults).isEmpty();
    }

    private static ContrastFaults.Measured of(TestWindow window, Theme theme) {
        window.pulse();
        window.await("all has come up", () -> !Animations.fading());
        return Pictures.onToolkit(() -> {
            // What has changed since has its colours only then.
            window.scene().getRoot().applyCss();
            window.scene().getRoot().layout();
            return ContrastFaults.of(window.scene().getRoot(), theme.words, theme.signs);
        });
    }

    // ---- the measure itself

    @Test
    void contrastIsThatOfTheGuidelines() {
        assertThat(ContrastFaults.ratio(Color.BLACK, Color.WHITE)).isCloseTo(21, within(0.01));
        assertThat(ContrastFaults.ratio(Color.web("#777777"), Color.WHITE)).isCloseTo(4.48, within(0.01));
    }

    @Test
    void paleWordsAreFoundThroughWhatIsHalfClear() {
        List<String> found = new ArrayList<>();
        for (String colour : List.of("black", "rgba(0, 0, 0, 0.3)")) {
            Label label = new Label("quorum");
            label.setStyle("-fx-text-fill: " + colour + "; -fx-background-color: rgba(255, 255, 255, 0.8);");
            StackPane root = new StackPane(label);
            root.setStyle("-fx-background-color: white;");
            found.addAll(Pictures.onToolkit(() -> {
                new Scene(root, 200, 100);
                root.applyCss();
                root.layout();
                return ContrastFaults.of(root, 4.5, 3).faults();
            }));
        }
        assertThat(found).singleElement().asString().contains("quorum");
    }
}
