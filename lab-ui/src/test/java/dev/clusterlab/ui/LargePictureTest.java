package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Fit;
import dev.clusterlab.ui.model.LargeClusters;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.picture.MachineNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;

/** Large clusters in the window: its work grows with what is seen and with what changed. It is counted, not timed. */
class LargePictureTest {
    private static final LargeClusters MANY = new LargeClusters(200, 2_000);
    private static final LargeClusters VERY_MANY = new LargeClusters(1_000, 10_000);

    private final FakeWorld world = new FakeWorld();

    private TestWindow open(ClusterSnapshot snapshot) {
        TestWindow window = TestWindow.open(Windows.context(world), Windows.settings(true, Locale.ENGLISH, false));
        show(window, snapshot);
        return window;
    }

    private void show(TestWindow window, ClusterSnapshot snapshot) {
        window.show(world, snapshot);
    }

    private static Map<String, MachineNode> machines(TestWindow window) {
        return Pictures.onToolkit(() -> window.scene().getRoot().lookupAll("#topology .machine").stream()
                .map(MachineNode.class::cast)
                .collect(Collectors.toMap(Node::getId, node -> node)));
    }

    private static int drawings(TestWindow window) {
        return machines(window).values().stream()
                .mapToInt(MachineNode::drawings)
                .sum();
    }

    private static int nodes(Node node) {
        return node instanceof Parent parent
                ? 1
                        + parent.getChildrenUnmodifiable().stream()
                                .mapToInt(LargePictureTest::nodes)
                                .sum()
                : 1;
    }

    private static Map<String, Point2D> places(TestWindow window) {
        return machines(window).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().localToScene(0, 0)));
    }

    @Test
    void whatChangedOnOneMachineIsDrawnOnThatAlone() {
        try (TestWindow window = open(MANY.calm(Duration.ofSeconds(10)))) {
            int before = drawings(window);
            show(window, MANY.calm(Duration.ofSeconds(11)));
            assertThat(drawings(window)).as("nothing changed").isEqualTo(before);
            show(window, MANY.taskFailed(Duration.ofSeconds(12), 150));
            assertThat(drawings(window)).as("a task of one machine failed").isEqualTo(before + 1);
        }
    }

    @Test
    void noMachineMovesWhateverHappensOnIt() {
        try (TestWindow window = open(MANY.calm(Duration.ofSeconds(10)))) {
            Map<String, Point2D> before = places(window);
            assertThat(before).hasSize(MANY.machines());
            for (ClusterSnapshot next : List.of(
                    MANY.tasksFailed(Duration.ofSeconds(11)),
                    MANY.machineKilled(Duration.ofSeconds(12), 60),
                    MANY.calm(Duration.ofSeconds(13)))) {
                show(window, next);
                assertThat(places(window)).isEqualTo(before);
            }
        }
    }

    @Test
    void onlyMachinesInSightHaveNodes() {
        try (TestWindow window = open(VERY_MANY.calm(Duration.ofSeconds(10)))) {
            assertThat(machines(window)).hasSizeBetween(100, 500);
            assertThat(nodes(window.find("#topology").orElseThrow())).isLessThan(1_200);
            window.picture("very-many");
        }
    }

    @Test
    void chipsAreWrittenWhereTheyCanBeRead() {
        try (TestWindow window = open(MANY.calm(Duration.ofSeconds(10)))) {
            assertThat(window.shows("#topology .chip")).isFalse();
            for (int i = 0; i < 8; i++) {
                window.click("#zoom-in");
            }
            assertThat(window.shows("#topology .chip")).isTrue();
            assertThat(machines(window)).hasSizeLessThan(60);
            window.picture("many-near");
            window.click("#zoom-fit");
            assertThat(window.shows("#topology .chip")).isFalse();
            window.picture("many-far");
        }
    }

    @Test
    void troubleIsSeenFromAfarInBothThemes() {
        var some = new LargeClusters(30, 400);
        try (TestWindow window = open(some.machineKilled(Duration.ofSeconds(10), 9))) {
            assertThat(window.shows("#topology .chip")).isFalse();
            assertThat(window.find("#machine-" + some.names().get(9))
                            .orElseThrow()
                            .getStyleClass())
                    .contains("machine-dead");
            window.picture("some-far-dark");
            show(window, some.tasksFailed(Duration.ofSeconds(11)));
            window.click("#theme");
            window.picture("some-far-light");
        }
    }

    @Test
    void noMachineLiesUnderTheToolsInTheCorner() {
        for (double[] size : new double[][] {{1000, 680}, {1280, 720}, {1400, 900}}) {
            try (TestWindow window = TestWindow.open(
                    Windows.context(world), Windows.settings(true, Locale.ENGLISH, false), size[0], size[1])) {
                for (int many : List.of(3, 5, 6, 8, 9, 12, 16, 30, 60, 100, 200, 150)) {
                    show(window, new LargeClusters(many, 2 * many).calm(Duration.ofSeconds(many)));
                    assertThat(least(window) ? List.of() : underTheTools(window))
                            .as("%s of %s × %s", many, size[0], size[1])
                            .isEmpty();
                }
                Map<String, Point2D> before = places(window);
                show(window, new LargeClusters(140, 280).calm(Duration.ofSeconds(201)));
                before.keySet().retainAll(places(window).keySet());
                assertThat(places(window))
                        .as("none moves when the last ones go")
                        .containsAllEntriesOf(before);
            }
        }
    }

    /** Whether all is drawn as small as it may be; then it has the room that it needs, whatever is there. */
    private static boolean least(TestWindow window) {
        return machines(window).values().stream()
                .allMatch(each -> each.getLocalToSceneTransform().getMxx() <= Fit.SCALE_MIN);
    }

    private static List<String> underTheTools(TestWindow window) {
        Bounds tools = Pictures.onToolkit(() -> {
            Node bar = window.find("#zoom-fit").orElseThrow().getParent();
            return bar.localToScene(bar.getLayoutBounds());
        });
        return machines(window).entrySet().stream()
                .filter(each -> each.getValue()
                        .localToScene(each.getValue().getLayoutBounds())
                        .intersects(tools))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Of chips that differ in their numbers only one is measured, with the widest figures. */
    @Test
    void noFigureIsWiderThanTheOneThatIsMeasured() {
        try (TestWindow window = open(MANY.calm(Duration.ofSeconds(10)))) {
            Pictures.onToolkit(() -> {
                for (String face : List.of("Inter", "Inter SemiBold")) {
                    var text = new javafx.scene.text.Text("0");
                    text.setFont(javafx.scene.text.Font.font(face, 13));
                    assertThat(text.getFont().getFamily()).isEqualTo(face);
                    double widest = text.getLayoutBounds().getWidth();
                    for (int figure = 1; figure < 10; figure++) {
                        text.setText(String.valueOf(figure));
                        assertThat(text.getLayoutBounds().getWidth())
                                .as(face + " " + figure)
                                .isLessThanOrEqualTo(widest + 0.3);
                    }
                }
                return true;
            });
        }
    }

    @Test
    void keysLeadToMachinesThatAreOutOfSight() {
        try (TestWindow window = open(MANY.calm(Duration.ofSeconds(10)))) {
            for (int i = 0; i < 12; i++) {
                window.click("#zoom-in");
            }
            String far = MANY.names().getLast();
            assertThat(machines(window)).doesNotContainKey("machine-" + far);
            window.select(new Selection.OfMachine(far));
            window.press(KeyCode.CONTROL, KeyCode.DIGIT5);
            assertThat(window.focused().map(Node::getId)).contains("machine-" + far);
            window.press(KeyCode.LEFT);
            assertThat(window.focused().map(Node::getId)).isPresent().get().isNotEqualTo("machine-" + far);
        }
    }
}
