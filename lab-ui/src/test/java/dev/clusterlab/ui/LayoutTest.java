package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Scenes;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.recovery.Recoveries;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.text.Text;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.testfx.api.FxToolkit;

/** Nothing is clipped, covered or cut in windows of the usual sizes, in each language and size of text. */
class LayoutTest {
    /** In logical pixels; a screen of 3840 × 2160 at scale 2 is the last of them, for the toolkit lays out before it scales. */
    private static final List<Size> SIZES =
            List.of(new Size(1000, 680), new Size(1280, 720), new Size(1366, 768), new Size(1920, 1080));

    private record Size(int width, int height) {
        @Override
        public String toString() {
            return width + "x" + height;
        }
    }

    /** What the window shows, with the tab below that is open then. */
    private enum Showing {
        EMPTY(KeyCode.DIGIT2) {
            @Override
            ClusterSnapshot snapshot() {
                return ClusterSnapshot.empty(Instant.EPOCH);
            }
        },
        RUNNING(KeyCode.DIGIT4),
        FAULTS(KeyCode.DIGIT3) {
            @Override
            ClusterSnapshot snapshot() {
                return Scenes.twoFaults();
            }
        },
        INSPECTOR(KeyCode.DIGIT4) {
            @Override
            void prepare(TestWindow window) {
                window.desk.cluster.selection().set(new Selection.OfMachine("leader1"));
            }
        },
        NOTICE(KeyCode.DIGIT2) {
            @Override
            void prepare(TestWindow window) {
                window.desk.notifications.failed(
                        "Kill",
                        new LabException(
                                LabException.Kind.REFUSED,
                                "Cannot connect to the Docker daemon of worker3: the machine is killed.",
                                "`docker-machine start worker3` starts it."),
                        window.desk.texts());
            }
        },
        SHELLS(KeyCode.DIGIT2) {
            @Override
            ClusterSnapshot snapshot() {
                return Scenes.workerKilled();
            }

            @Override
            void prepare(TestWindow window) {
                for (String machine : List.of("leader1", "leader2", "worker1", "worker2", "worker3")) {
                    window.desk.terminals.open(machine);
                }
            }
        },
        UNBROKEN(KeyCode.DIGIT9) {
            @Override
            String wanted() {
                return "#recovery-empty";
            }
        },
        RECOVERY(KeyCode.DIGIT9) {
            @Override
            List<Anatomy> anatomies() {
                return Recoveries.all();
            }

            @Override
            String wanted() {
                return "#recovery-swarm_notices";
            }
        },
        COMPARISON(KeyCode.DIGIT9) {
            @Override
            List<Anatomy> anatomies() {
                return Recoveries.all();
            }

            @Override
            void prepare(TestWindow window) {
                window.desk.recovery.compare(true);
            }

            @Override
            String wanted() {
                return "#recovery-comparison";
            }
        },
        EXPERIMENT(KeyCode.DIGIT2) {
            @Override
            void prepare(TestWindow window) {
                window.press(KeyCode.F4);
                window.desk.experiments.choose("lose-a-worker");
                window.desk.experiments.watch(false);
                window.desk.experiments.shown().subscribe(shown -> {
                    if (shown.doing().isEmpty() && shown.sheet().result().isEmpty()) {
                        window.desk.experiments.run("run");
                    } else if (shown.doing().isEmpty() && shown.sheet().odds().isEmpty()) {
                        window.desk.experiments.odds("odds", 20);
                    }
                });
            }

            @Override
            String wanted() {
                return "#odds-table";
            }

            @Override
            boolean ofTheCluster() {
                return false;
            }
        };

        private final KeyCode tab;

        Showing(KeyCode tab) {
            this.tab = tab;
        }

        ClusterSnapshot snapshot() {
            return Scenes.busy();
        }

        List<Anatomy> anatomies() {
            return List.of();
        }

        void prepare(TestWindow window) {}

        /** What is there at last. */
        String wanted() {
            return "#bottom";
        }

        /** Whether it shows the cluster. */
        boolean ofTheCluster() {
            return true;
        }
    }

    @BeforeAll
    static void toolkit() throws Exception {
        FxToolkit.registerPrimaryStage();
    }

    static Stream<Locale> languages() {
        return Stream.of(Locale.ENGLISH, Locale.FRENCH);
    }

    @ParameterizedTest
    @MethodSource("languages")
    void everythingFitsInEverySize(Locale language) {
        var world = new FakeWorld();
        world.clock.moveTo(Duration.ofMinutes(12).plusSeconds(34));
        Settings settings = Windows.settings(true, language, false);
        List<String> faults = new ArrayList<>();
        try (TestWindow window = TestWindow.open(Windows.context(world), settings, 1920, 1080)) {
            for (int text = 0; text < Settings.TEXT_PERCENT.size(); text++) {
                int index = text;
                run(() -> settings.size(index));
                for (Showing showing : Showing.values()) {
                    show(window, world, showing);
                    for (Size size : SIZES) {
                        resize(window, size);
                        String where = language.getLanguage() + " " + size + " " + Settings.TEXT_PERCENT.get(index)
                                + " % " + showing;
                        faultsOf(window.scene().getRoot()).forEach(fault -> faults.add(where + ": " + fault));
                        if (showing.ofTheCluster() && window.words("#services").isEmpty()) {
                            faults.add(where + ": says nothing of services");
                        }
                        picture(window, where);
                    }
                }
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void whatStandsStillIsNotLaidOutAnewAtEachPulse() {
        var world = new FakeWorld();
        Settings settings = Windows.settings(true, Locale.ENGLISH, false);
        List<String> faults = new ArrayList<>();
        try (TestWindow window = TestWindow.open(Windows.context(world), settings, 1280, 720)) {
            for (Showing showing : List.of(Showing.RUNNING, Showing.FAULTS, Showing.INSPECTOR, Showing.RECOVERY)) {
                show(window, world, showing);
                window.restless().forEach(node -> faults.add(showing + ": " + node));
            }
        }
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("languages")
    void widerBordersFitInEverySize(Locale language) {
        var world = new FakeWorld();
        Settings settings = Windows.settings(false, language, false);
        settings.contrast().set(true);
        settings.size(Settings.TEXT_PERCENT.size() - 1);
        List<String> faults = new ArrayList<>();
        try (TestWindow window = TestWindow.open(Windows.context(world), settings, 1920, 1080)) {
            for (Showing showing : Showing.values()) {
                show(window, world, showing);
                for (Size size : SIZES) {
                    resize(window, size);
                    faultsOf(window.scene().getRoot())
                            .forEach(fault -> faults.add(size + " " + showing + ": " + fault));
                    picture(window, language.getLanguage() + " contrast " + size + " " + showing);
                }
            }
        }
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("languages")
    void everyPageFitsInTheNarrowestGuide(Locale language) {
        Settings settings = Windows.settings(true, language, false);
        settings.size(Settings.TEXT_PERCENT.size() - 1);
        List<String> faults = new ArrayList<>();
        try (TestWindow window = TestWindow.open(Windows.context(new FakeWorld()), settings, 1000, 680)) {
            for (String end : List.of("once", "again")) {
                window.click("#run-machines-0");
                window.await("the block has ended", () -> !window.desk.guide.busy());
                resize(window, SIZES.getFirst());
                faultsOf(window.scene().getRoot()).forEach(fault -> faults.add("run " + end + ": " + fault));
                picture(window, language.getLanguage() + " run " + end);
            }
            for (var step : window.desk.guide.lab().get().steps()) {
                run(() -> window.desk.guide.shownStep().set(step.id()));
                resize(window, SIZES.getFirst());
                faultsOf(window.scene().getRoot()).forEach(fault -> faults.add(step.id() + ": " + fault));
            }
        }
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("languages")
    void everyCardFitsInTheSmallestWindow(Locale language) {
        Settings settings = Windows.settings(true, language, false);
        settings.size(Settings.TEXT_PERCENT.size() - 1);
        List<String> faults = new ArrayList<>();
        try (TestWindow window = TestWindow.open(Windows.context(new FakeWorld()), settings, 1000, 680)) {
            window.press(KeyCode.F1);
            resize(window, SIZES.getFirst());
            faults.addAll(faultsOf(window.scene().getRoot()));
            picture(window, language.getLanguage() + " keys");
            window.press(KeyCode.ESCAPE);
            window.press(KeyCode.F4);
            window.await("the list is read", () -> window.shows("#experiment-run"));
            resize(window, SIZES.getFirst());
            faults.addAll(faultsOf(window.scene().getRoot()));
            picture(window, language.getLanguage() + " experiments");
            window.press(KeyCode.ESCAPE);
            run(() -> window.desk.engines.removeEverything(List.of("leader1", "worker1")));
            window.await("it asks", () -> window.shows("#remove-everything"));
            resize(window, SIZES.getFirst());
            faults.addAll(faultsOf(window.scene().getRoot()));
            run(() -> window.engines.asked().get().orElseThrow().answer().accept("no"));
        }
        assertThat(faults).isEmpty();
    }

    private static void show(TestWindow window, FakeWorld world, Showing showing) {
        run(() -> {
            window.desk.notifications.notices().clear();
            window.desk.cluster.events().clear();
            window.desk.cluster.selection().set(Selection.NOTHING);
            window.desk.recovery.compare(false);
        });
        world.anatomies = showing.anatomies();
        ClusterSnapshot snapshot = showing.snapshot();
        world.observer.show(snapshot, GalleryTest.events());
        window.await(
                "the snapshot is shown",
                () -> window.desk.cluster.snapshot().get().equals(snapshot));
        window.press(KeyCode.CONTROL, showing.tab);
        run(() -> showing.prepare(window));
        window.await(showing.wanted() + " is shown", () -> window.shows(showing.wanted()));
    }

    private static void resize(TestWindow window, Size size) {
        // What asks for another pass gets it.
        for (int pass = 0; pass < 3; pass++) {
            run(() -> {
                Region root = (Region) window.scene().getRoot();
                root.resize(size.width(), size.height());
                root.applyCss();
                root.layout();
            });
        }
    }

    private static void picture(TestWindow window, String where) {
        if (Boolean.getBoolean("clusterlab.layout.pictures")) {
            Pictures.take(window.scene(), "layout-" + where.replace(' ', '-'));
        }
    }

    private static List<String> faultsOf(Parent root) {
        return Pictures.onToolkit(() -> {
            // The narrator may have gone on since the last pass: what it says now is laid out before it is looked at.
            root.applyCss();
            root.layout();
            return LayoutFaults.of(root);
        });
    }

    private static void run(Runnable action) {
        Pictures.onToolkit(() -> {
            action.run();
            return true;
        });
    }

    // ---- the test itself can fail

    @Test
    void aNodeBeyondItsParentIsFound() {
        Region wide = new Region();
        wide.setMinSize(300, 20);
        assertThat(faultsOf(laidOut(new HBox(wide)))).anyMatch(fault -> fault.contains("leaves"));
    }

    @Test
    void wordsOverWordsAreFound() {
        Text above = new Text(10, 40, "quorum");
        Text below = new Text(20, 44, "worker3");
        assertThat(faultsOf(laidOut(new Pane(above, below)))).anyMatch(fault -> fault.contains("is over"));
        below.setY(80);
        assertThat(faultsOf(laidOut(new Pane(above, below)))).isEmpty();
    }

    @Test
    void aButtonOverWordsIsFound() {
        Button button = new Button("Heal");
        assertThat(faultsOf(laidOut(new StackPane(new Label("Events of today"), button))))
                .anyMatch(fault -> fault.contains("covers"));
    }

    @Test
    void wordsThatAreCutAreFoundUnlessTheyCanBeReadByPointing() {
        Label label = new Label("A sentence that is much too long");
        label.setMaxWidth(60);
        assertThat(faultsOf(laidOut(new HBox(label)))).anyMatch(fault -> fault.contains("is cut"));
        Widgets.describe(label, label.getText());
        assertThat(faultsOf(laidOut(new HBox(label)))).isEmpty();
        Button button = new Button("Heal everything now");
        button.setMaxWidth(60);
        Widgets.describe(button, button.getText());
        assertThat(faultsOf(laidOut(new HBox(button)))).anyMatch(fault -> fault.contains("is cut"));
    }

    private static Region laidOut(Region content) {
        return Pictures.onToolkit(() -> {
            StackPane root = new StackPane(content);
            new Scene(root, 200, 100);
            root.applyCss();
            root.layout();
            return root;
        });
    }
}
