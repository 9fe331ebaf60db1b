package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.NodeState;
import dev.clusterlab.provisioning.observe.Stamp;
import dev.clusterlab.provisioning.observe.Subject;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Scenes;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.Topology.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javafx.collections.ListChangeListener;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Labeled;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.Pane;
import javafx.scene.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The stage for a room: what can be read, and what a remote does. */
class StageTest {
    private final FakeWorld world = new FakeWorld();

    /** A screen, theme and language, and the states of the cluster to look at there. */
    record Look(int width, int height, boolean dark, Locale language, Map<String, ClusterSnapshot> scenes) {
        @Override
        public String toString() {
            return "stage-" + width + "x" + height + (dark ? "-dark-" : "-light-") + language;
        }
    }

    static Stream<Look> looks() {
        Map<String, ClusterSnapshot> all = new TreeMap<>();
        all.put("1-empty", ClusterSnapshot.empty(Instant.EPOCH));
        all.put("2-machines", Scenes.threeMachines());
        all.put("3-platform", Scenes.platform().build());
        all.put("4-troubles", Scenes.manyTroubles());
        all.put("5-quorum", Scenes.quorumLost());
        all.put("6-twelve", Scenes.twelveMachines());
        Map<String, ClusterSnapshot> some = new TreeMap<>();
        some.put("5-quorum", Scenes.quorumLost());
        some.put("7-partition", Scenes.partitioned());
        some.put("7b-islands", Scenes.longPartitioned());
        some.put("7c-three-islands", Scenes.threeIslands());
        return Stream.of(
                new Look(1280, 720, false, Locale.ENGLISH, all),
                new Look(1280, 720, true, Locale.FRENCH, some),
                new Look(1920, 1080, true, Locale.ENGLISH, some),
                new Look(1920, 1080, false, Locale.FRENCH, all),
                new Look(1024, 768, true, Locale.ENGLISH, some));
    }

    @ParameterizedTest
    @MethodSource("looks")
    void everyTextCanBeReadFromTheBackRow(Look look) {
        world.clock.moveTo(Duration.ofMinutes(34).plusSeconds(55));
        Settings settings = Windows.settings(look.dark(), look.language(), true);
        try (TestWindow window = TestWindow.open(Windows.context(world), settings, look.width(), look.height())) {
            look.scenes().forEach((name, snapshot) -> {
                show(window, snapshot);
                read(window, look, name);
            });
            show(window, Scenes.workerKilled(), givenUp());
            window.await("it is told", () -> window.words("#stage-sentence").contains("worker3"));
            read(window, look, "8-told");
            window.press(KeyCode.S);
            window.picture(look + "-9-light");
            window.press(KeyCode.ESCAPE);
            window.press(KeyCode.G);
            read(window, look, "10-guide");
            window.press(KeyCode.I);
            read(window, look, "11-inspector");
            window.press(KeyCode.ESCAPE);
            window.press(KeyCode.F1);
            window.await("the keys are told", () -> window.shows("#help"));
            window.picture(look + "-12-help");
        }
    }

    static ClusterEvent[] givenUp() {
        var at = Duration.ofMinutes(12).plusSeconds(34);
        var node = new Subject.OfNode("n5", "worker3");
        return new ClusterEvent[] {
            new ClusterEvent.MachineStateChanged(
                    new Stamp(1, at.minusSeconds(12), at.minusSeconds(12), List.of()),
                    "worker3",
                    Machine.State.RUNNING,
                    Machine.State.KILLED),
            new ClusterEvent.NodeStateChanged(
                    new Stamp(2, at, at, List.of(new dev.clusterlab.provisioning.observe.Cause.ByEvent(1))),
                    node,
                    NodeState.READY,
                    NodeState.DOWN,
                    "heartbeat failure"),
            new ClusterEvent.TaskGivenUp(
                    new Stamp(3, at, at, List.of(new dev.clusterlab.provisioning.observe.Cause.ByEvent(2))),
                    new Subject.OfTask("t1", "web.5"),
                    "worker3")
        };
    }

    private void show(TestWindow window, ClusterSnapshot snapshot, ClusterEvent... events) {
        window.show(world, snapshot, events);
        window.pulse();
    }

    /** Looks whether all is large enough, and within the screen; and takes a picture. */
    private static void read(TestWindow window, Look look, String scene) {
        window.pulse();
        window.pulse();
        window.picture(look + "-" + scene);
        double least = 22 * look.height() / 720.0 - 0.05;
        List<String> small = new ArrayList<>();
        List<String> cut = new ArrayList<>();
        Pictures.onToolkit(() -> {
            Parent stage = (Parent) window.scene().getRoot().lookup("#stage-view");
            // A sentence may have changed since.
            stage.applyCss();
            stage.layout();
            Bounds whole = stage.localToScene(stage.getLayoutBounds());
            List<Text> texts = new ArrayList<>();
            gather(stage, texts);
            for (Text text : texts) {
                if (text.getFont().getSize() < least) {
                    small.add(text.getText() + " " + text.getFont().getSize() + " "
                            + text.getParent().getStyleClass());
                }
                Bounds bounds = text.localToScene(text.getLayoutBounds());
                if (!whole.contains(bounds) && !scrolled(text)) {
                    cut.add(text.getText());
                }
            }
            return true;
        });
        assertThat(small).as("%s %s: less than 22 units", look, scene).isEmpty();
        assertThat(cut).as("%s %s: leaves the screen", look, scene).isEmpty();
    }

    @Test
    void whatStandsOnTheStageIsNotLaidOutAnewAtEachPulse() {
        Settings settings = Windows.settings(true, Locale.ENGLISH, true);
        try (TestWindow window = TestWindow.open(Windows.context(world), settings, 1280, 720)) {
            Scenes.all().forEach((name, snapshot) -> {
                show(window, snapshot);
                assertThat(window.restless()).as(name).isEmpty();
            });
        }
    }

    /** A screen and a language. */
    record Screen(int width, int height, Locale language) {}

    static Stream<Screen> screens() {
        return Stream.of(Locale.ENGLISH, Locale.FRENCH)
                .flatMap(language -> Stream.of(new Screen(1280, 720, language), new Screen(1024, 768, language)));
    }

    @ParameterizedTest
    @MethodSource("screens")
    void noTextIsCut(Screen screen) {
        Settings settings = Windows.settings(true, screen.language(), true);
        try (TestWindow window = TestWindow.open(Windows.context(world), settings, screen.width(), screen.height())) {
            Scenes.all().forEach((name, snapshot) -> {
                show(window, snapshot);
                for (View view : View.values()) {
                    window.view(view);
                    assertWhole(window, name + " " + view);
                }
            });
            show(window, Scenes.workerKilled(), givenUp());
            assertWhole(window, "told");
            List<String> steps = window.desk.guide.lab().get().steps().stream()
                    .map(Lab.Step::id)
                    .toList();
            for (String step : steps) {
                Pictures.onToolkit(() -> {
                    window.desk.guide.shownStep().set(step);
                    return true;
                });
                assertWhole(window, step);
                assertWholeWords(window);
            }
        }
    }

    private static void assertWhole(TestWindow window, String scene) {
        window.pulse();
        window.pulse();
        List<String> faults = Pictures.onToolkit(() -> {
            Parent stage = (Parent) window.scene().getRoot().lookup("#stage-view");
            stage.applyCss();
            stage.layout();
            List<String> found = new ArrayList<>(LayoutFaults.of(stage));
            cut(stage, found);
            return found;
        });
        assertThat(faults).as(scene).isEmpty();
    }

    /** Nobody points at what stands on a stage: that there is more in a tooltip is no excuse. */
    private static void cut(Node node, List<String> found) {
        if (node.isVisible() && node instanceof Labeled labeled) {
            labeled.getChildrenUnmodifiable().stream()
                    .filter(child -> child instanceof Text drawn
                            && !(child instanceof org.kordamp.ikonli.javafx.FontIcon)
                            && !drawn.getText().equals(labeled.getText()))
                    .forEach(child -> found.add("cut: " + labeled.getText()));
        }
        if (node.isVisible() && node instanceof Parent parent) {
            parent.getChildrenUnmodifiable().forEach(child -> cut(child, found));
        }
    }

    /** A command says where it goes on, and is never cut within a word. */
    private static void assertWholeWords(TestWindow window) {
        String whole = window.find("#stage-command").orElseThrow().getAccessibleText();
        String shown = window.words("#stage-command").replace(" | ", "").replaceAll("^\\$ |\\p{Co}", "");
        if (!shown.equals(whole)) {
            assertThat(shown).endsWith(" …");
            assertThat(whole).startsWith(shown.substring(0, shown.length() - 1));
        }
    }

    private static boolean scrolled(Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (at instanceof javafx.scene.control.ScrollPane) {
                return true;
            }
        }
        return false;
    }

    private static void gather(Node node, List<Text> texts) {
        if (!node.isVisible()) {
            return;
        }
        if (node instanceof Text text
                && !text.getText().isBlank()
                && !(node instanceof org.kordamp.ikonli.javafx.FontIcon)) {
            texts.add(text);
        }
        if (node instanceof Parent parent) {
            parent.getChildrenUnmodifiable().forEach(child -> gather(child, texts));
        }
    }

    // ---- by a remote and by keys

    @Test
    void aRemoteLeadsThroughALesson() {
        try (TestWindow window =
                TestWindow.open(Windows.context(world), Windows.settings(true, Locale.ENGLISH, false), 1280, 720)) {
            window.press(KeyCode.CONTROL, KeyCode.DIGIT3);
            window.press(KeyCode.CONTROL, KeyCode.DIGIT1);
            Node focused = window.focused().orElseThrow();
            window.press(KeyCode.F5);
            window.await("the stage is there", () -> window.shows("#stage-view"));
            assertThat(window.shows("#guide")).isFalse();
            assertThat(window.text("#stage-step-title")).isEqualTo("Three machines");
            assertThat(window.words("#stage-command")).startsWith("$ ").contains("docker-machine", "create");

            window.press(KeyCode.PAGE_DOWN);
            window.await("the block was run", () -> !world.shell.ran.isEmpty());
            assertThat(world.shell.ran.getFirst()).startsWith("docker-machine create leader1");
            window.await("it has ended", () -> !window.desk.guide.busy());
            window.press(KeyCode.PAGE_DOWN);
            window.await("the next step", () -> window.text("#stage-step-title").equals("One swarm"));
            window.press(KeyCode.PAGE_UP);
            assertThat(window.text("#stage-step-title")).isEqualTo("Three machines");

            window.press(KeyCode.B);
            window.pulse();
            assertThat(window.shows("#stage-blank")).isTrue();
            int ran = world.shell.ran.size();
            window.press(KeyCode.PAGE_DOWN);
            window.pulse();
            assertThat(window.shows("#stage-blank"))
                    .as("any key brings it back")
                    .isFalse();
            assertThat(window.text("#stage-step-title")).isEqualTo("Three machines");
            assertThat(world.shell.ran).as("and does nothing else").hasSize(ran);
            window.press(KeyCode.PERIOD);
            window.pulse();
            assertThat(window.shows("#stage-blank")).isTrue();
            window.press(KeyCode.PERIOD);

            window.press(KeyCode.ESCAPE);
            window.await("the window is back", () -> window.shows("#guide"));
            assertThat(window.shows("#stage-view")).isFalse();
            assertThat(window.shows("#events")).as("as it was").isTrue();
            assertThat(window.focused()).contains(focused);

            show(window, Scenes.threeMachines());
            window.press(KeyCode.F5);
            window.await("the stage is there", () -> window.shows("#stage-view"));
            assertThat(window.words("#stage-worker2"))
                    .as("without a new snapshot")
                    .contains("worker2");
        }
    }

    @Test
    void aDigitBreaksAMachineAndTheSameDigitMendsIt() {
        try (TestWindow window =
                TestWindow.open(Windows.context(world), Windows.settings(true, Locale.ENGLISH, true), 1280, 720)) {
            show(window, Scenes.platform().build());
            window.press(KeyCode.DIGIT5);
            window.await("it is broken", () -> !world.faults.injected.isEmpty());
            show(window, Scenes.workerKilled());
            assertThat(window.words("#stage-worker3")).contains("5", "worker3", "killed");
            window.press(KeyCode.DIGIT5);
            window.await("it is mended", () -> world.faults.injected.size() == 2);
            assertThat(world.faults.injected)
                    .containsExactly(new Fault.MachineKill("worker3"), new Fault.MachineStart("worker3"));
            window.press(KeyCode.DIGIT9);
            window.pulse();
            assertThat(world.faults.injected).as("there is no ninth machine").hasSize(2);
        }
    }

    @Test
    void namesTheIslandsOfAPartitionAndWhatEachCanDecide() {
        try (TestWindow window =
                TestWindow.open(Windows.context(world), Windows.settings(true, Locale.ENGLISH, true), 1280, 720)) {
            show(window, Scenes.longPartitioned());
            assertThat(window.words("#island-sign-A")).contains("A", "cannot decide");
            assertThat(window.words("#island-sign-B")).contains("B", "decides");
            Pictures.onToolkit(() -> {
                Parent stage = (Parent) window.scene().getRoot().lookup("#stage-view");
                Bounds hull = inScene(stage.lookup("#island-A"));
                assertThat(hull.contains(inScene(stage.lookup("#stage-leader1"))))
                        .isTrue();
                assertThat(stage.lookup("#island-A").getStyleClass()).contains("island-cannot");
                assertThat(stage.lookup("#island-B").getStyleClass()).contains("island-decides");
                return true;
            });
            assertThat(window.shows("#stage-view .stage-side"))
                    .as("its letter is on the island")
                    .isFalse();
            show(window, Scenes.platform().build());
            assertThat(window.shows("#island-A")).isFalse();
            assertThat(window.shows("#island-sign-A")).isFalse();
        }
    }

    @Test
    void aChipTravelsAndTheStarJumpsOnTheStageToo() {
        Settings settings = Windows.settings(true, Locale.ENGLISH, true);
        settings.motion().set(true);
        try (TestWindow window = TestWindow.open(Windows.context(world), settings, 1280, 720)) {
            show(window, Scenes.workerKilled());
            List<Node> seen = new ArrayList<>();
            Pane motion = (Pane) window.find("#stage-motion").orElseThrow();
            Pictures.onToolkit(() -> {
                motion.getChildren().addListener((ListChangeListener<Node>) change -> {
                    while (change.next()) {
                        seen.addAll(change.getAddedSubList());
                    }
                });
                return true;
            });
            show(window, Scenes.longPartitioned());
            window.await("all have arrived", () -> motion.getChildren().isEmpty());
            assertThat(seen)
                    .anyMatch(node -> node.getStyleClass().contains("chip-travels"))
                    .anyMatch(node -> node.getStyleClass().contains("star-jumps"))
                    .anyMatch(node -> node.getStyleClass().contains("star-ring"));
            window.stillness();
            Pictures.onToolkit(() -> {
                for (Node sign : window.find("#stage-leader3").orElseThrow().lookupAll(".stage-chip")) {
                    assertThat(sign.getParent().isVisible()).isTrue();
                    assertThat(sign.getParent().getOpacity()).isEqualTo(1);
                }
                return true;
            });
        }
    }

    @Test
    void nothingMovesOnTheStageForWhoWantsNoMotion() {
        try (TestWindow window =
                TestWindow.open(Windows.context(world), Windows.settings(true, Locale.ENGLISH, true), 1280, 720)) {
            show(window, Scenes.workerKilled());
            window.stillness();
            show(window, Scenes.longPartitioned());
            assertThat(window.shows("#stage-motion .ghost-line")).isTrue();
            assertThat(window.shows("#stage-motion .star-ring")).isFalse();
            assertThat(Animations.moving()).isEmpty();
            window.stillness();
            Pictures.take(window.scene(), "stage-1280x720-dark-en-13-ghosts");
            window.await("ghosts go by themselves", () -> !window.shows("#stage-motion .ghost-line"));
            Scenes.all().forEach((name, snapshot) -> {
                show(window, snapshot);
                assertThat(Animations.moving()).as(name).isEmpty();
            });
        }
    }

    @Test
    void whatCanBeDoneStandsBesideEachOtherInTheInspectorOfTheStage() {
        for (Locale language : List.of(Locale.ENGLISH, Locale.FRENCH)) {
            try (TestWindow window =
                    TestWindow.open(Windows.context(world), Windows.settings(false, language, true), 1280, 720)) {
                show(window, Scenes.twoFaults());
                window.press(KeyCode.I);
                window.pulse();
                window.pulse();
                assertThat(Pictures.onToolkit(() -> LayoutFaults.of(
                                (Parent) window.find("#inspector").orElseThrow())))
                        .isEmpty();
                window.picture("stage-1280x720-light-" + language + "-14-inspector");
            }
        }
    }

    private static Bounds inScene(Node node) {
        return node.localToScene(node.getLayoutBounds());
    }

    @Test
    void saysWhatItIsAboutAsLongAsThereIsNoMachine() {
        try (TestWindow window =
                TestWindow.open(Windows.context(world), Windows.settings(true, Locale.ENGLISH, true), 1280, 720)) {
            assertThat(window.text("#stage-sentence")).startsWith("A resilient, scalable platform");
            assertThat(window.words("#stage-cluster")).contains("No machines yet", "Page Down");
            assertThat(window.words("#stage-traffic")).doesNotContain("client");
            show(window, Scenes.threeMachines());
            window.await("it is told", () -> window.text("#stage-sentence").contains("machines"));
            assertThat(window.words("#stage-traffic")).contains("No client asks", "Ctrl+K");
        }
    }

    @Test
    void lightsWhatTheMouseIsOnAndFollowsIt() {
        try (TestWindow window =
                TestWindow.open(Windows.context(world), Windows.settings(false, Locale.ENGLISH, true), 1280, 720)) {
            show(window, Scenes.workerKilled());
            move(window, "#stage-worker3");
            window.press(KeyCode.S);
            assertLit(window, "#stage-worker3");
            move(window, "#stage-leader1");
            assertLit(window, "#stage-leader1");
            window.press(KeyCode.S);
            window.pulse();
            assertThat(window.shows("#stage-scrim")).isFalse();
        }
    }

    private static void move(TestWindow window, String selector) {
        window.await(selector, () -> window.shows(selector));
        Node node = window.find(selector).orElseThrow();
        window.pulse();
        window.robot.moveTo(Pictures.onToolkit(() -> {
            Bounds bounds = node.localToScreen(node.getLayoutBounds());
            return new javafx.geometry.Point2D(bounds.getCenterX(), bounds.getCenterY());
        }));
        window.pulse();
    }

    private static void assertLit(TestWindow window, String selector) {
        window.pulse();
        assertThat(window.shows("#stage-scrim")).isTrue();
        Pictures.onToolkit(() -> {
            Node node = window.scene().getRoot().lookup(selector);
            Node scrim = window.scene().getRoot().lookup("#stage-scrim");
            Bounds bounds = node.localToScene(node.getLayoutBounds());
            double x = bounds.getCenterX();
            double y = bounds.getCenterY();
            assertThat(scrim.contains(scrim.sceneToLocal(x, y)))
                    .as("%s is lit", selector)
                    .isFalse();
            assertThat(scrim.contains(scrim.sceneToLocal(bounds.getMinX() - 12, y)))
                    .as("beside it")
                    .isTrue();
            return true;
        });
    }
}
