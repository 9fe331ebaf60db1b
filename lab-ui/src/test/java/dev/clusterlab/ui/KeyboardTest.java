package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Scenes;
import dev.clusterlab.ui.model.Selection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javafx.scene.Node;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What somebody without a mouse finds everywhere: where the keyboard is, where it goes, and a key for each drag; on a world moved by hand. */
@SuppressWarnings("NullAway.Init")
class KeyboardTest {
    /** More than the window has. */
    private static final int STOPS_MAX = 120;

    private final FakeWorld world = new FakeWorld();
    private TestWindow window;
    private Hand.Keyboard hand;

    @BeforeEach
    void open() {
        window = TestWindow.open(Windows.context(world), Windows.settings(true, Locale.ENGLISH, false));
        hand = new Hand.Keyboard(window);
    }

    @AfterEach
    void close() {
        window.close();
    }

    private void show(ClusterSnapshot snapshot) {
        window.show(world, snapshot);
    }

    private String focus() {
        return window.focused().map(Node::getId).orElse("nothing");
    }

    private void awaitFocus(String id) {
        window.await("the keyboard is at " + id, () -> focus().equals(id));
    }

    // ---- where it is

    @Test
    void everyStopShowsThatItHasTheKeyboard() {
        show(Scenes.longPartitioned());
        window.press(KeyCode.CONTROL, KeyCode.DIGIT3);
        Set<Node> stops = new HashSet<>();
        while (window.focused().filter(stops::add).isPresent()) {
            hand.focusIsShown();
            window.press(KeyCode.SHIFT, KeyCode.TAB);
            assertThat(stops).hasSizeLessThan(STOPS_MAX);
        }
        assertThat(stops.stream().map(Node::getId))
                .contains("run-machines-0", "machine-worker1", "heal-fault-2", "tear-fault-2", "guide-edge", "pause");
    }

    @Test
    void f6GoesRoundThePanesAndOutOfTheTerminal() {
        show(Scenes.longPartitioned());
        window.press(KeyCode.CONTROL, KeyCode.DIGIT2);
        List<String> places = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            window.press(KeyCode.F6);
            hand.focusIsShown();
            places.add(focus());
        }
        assertThat(places)
                .containsExactly(
                        "engine-menu",
                        "page",
                        "view-swarm",
                        "heal-fault-2",
                        "machine-leader1",
                        "terminal-input",
                        "engine-menu");
        window.press(KeyCode.SHIFT, KeyCode.F6);
        assertThat(focus()).isEqualTo("terminal-input");
    }

    // ---- where it goes

    @Test
    void theKeyboardStaysNearWhatIsHealedAndGone() {
        show(Scenes.workerKilled());
        hand.press("#heal-" + Scenes.workerKilled().faults().getFirst().id());
        show(Scenes.platform().build());
        window.await(
                "it says what happens",
                () -> window.focused()
                        .filter(node -> node.getStyleClass().contains("narrator-lines"))
                        .isPresent());
    }

    @Test
    void theKeyboardStaysInTheInspectorWhenWhatCanBeDoneChanges() {
        show(Scenes.platform().build());
        hand.select("worker3");
        window.press(KeyCode.CONTROL, KeyCode.DIGIT8);
        assertThat(focus()).isEqualTo("action-shell");
        show(Scenes.workerKilled());
        window.await(
                "it is at what can be done now",
                () -> focus().startsWith("action-") && !focus().equals("action-shell"));
    }

    @Test
    void theKeyboardComesBackToWhatOpenedACard() {
        show(Scenes.threeMachines());
        hand.go("#machine-worker1");
        window.press(KeyCode.F1);
        assertThat(focus()).isEqualTo("help-close");
        window.press(KeyCode.ESCAPE);
        assertThat(focus()).isEqualTo("machine-worker1");
        window.press(KeyCode.CONTROL, KeyCode.P);
        window.press(KeyCode.ESCAPE);
        assertThat(focus()).isEqualTo("machine-worker1");
    }

    @Test
    void theKeyboardComesBackToRunWhenTheBlockHasEnded() {
        world.shell.answer((script, shell) -> script.equals("wait") ? 0 : shell.waitForever());
        hand.press("#run-machines-0");
        window.await("it runs", () -> window.shows("#cancel-block"));
        hand.go("#copy-machines-0");
        hand.go("#cancel-block");
        window.press(KeyCode.ENTER);
        window.await("it is cancelled", () -> !window.desk.guide.busy());
        hand.press("#run-machines-0");
        window.await("it runs again", () -> window.shows("#cancel-block"));
        Pictures.onToolkit(() -> {
            window.desk.guide.cancel();
            return true;
        });
        awaitFocus("run-machines-0");
    }

    @Test
    void theKeyboardIsAtTheSameButtonInAnotherLanguage() {
        hand.press("#language");
        window.await("the window is French", () -> window.text("#language").equals("EN"));
        awaitFocus("language");
    }

    // ---- what the mouse drags

    @Test
    void machinesAreMarkedAndCutOff() {
        show(Scenes.platform().build());
        hand.go("#machine-worker1");
        window.press(KeyCode.X);
        assertThat(window.words(".cut-hint")).contains("Enter marks");
        window.picture("cut-by-keys");
        window.press(KeyCode.ENTER);
        hand.go("#machine-worker3");
        window.press(KeyCode.ENTER);
        hand.go("#machine-worker2");
        window.press(KeyCode.ENTER);
        window.press(KeyCode.ENTER);
        window.press(KeyCode.X);
        window.await("it is cut", () -> !world.faults.injected.isEmpty());
        assertThat(world.faults.injected)
                .containsExactly(new Fault.NetworkPartition(
                        List.of(Set.of("worker1", "worker3"), Set.of("leader1", "leader2", "worker2")),
                        Optional.empty()));
        assertThat(window.shows(".cut-hint")).isFalse();
    }

    @Test
    void nothingIsCutAfterEscapeOrWhereNothingWasMarked() {
        show(Scenes.platform().build());
        hand.go("#machine-worker1");
        window.press(KeyCode.X);
        window.press(KeyCode.ENTER);
        window.press(KeyCode.ESCAPE);
        window.press(KeyCode.X);
        window.press(KeyCode.X);
        assertThat(world.faults.injected).isEmpty();
        assertThat(window.shows(".cut-hint")).isFalse();
    }

    @Test
    void cuttingIsFoundAmongAllCommands() {
        show(Scenes.platform().build());
        window.press(KeyCode.CONTROL, KeyCode.P);
        window.write("cut single");
        window.press(KeyCode.ENTER);
        window.await("the matrix is there", () -> window.shows("#cut-matrix"));
        window.press(KeyCode.ESCAPE);
        window.press(KeyCode.CONTROL, KeyCode.P);
        window.write("cut line");
        window.press(KeyCode.ENTER);
        assertThat(window.shows(".cut-hint")).isTrue();
        assertThat(focus()).isEqualTo("machine-leader1");
    }

    @Test
    void edgesOfPanesAreMovedAndComeBack() {
        double guide = width("#guide");
        hand.go("#guide-edge");
        window.press(KeyCode.RIGHT);
        window.await("it is wider", () -> width("#guide") > guide);
        window.press(KeyCode.HOME);
        window.await("it is as it was", () -> width("#guide") == guide);
        double below = height("#bottom");
        hand.go("#below-edge");
        window.press(KeyCode.UP);
        window.await("it is higher", () -> height("#bottom") > below);
    }

    private double width(String selector) {
        return window.find(selector).orElseThrow().getLayoutBounds().getWidth();
    }

    private double height(String selector) {
        return window.find(selector).orElseThrow().getLayoutBounds().getHeight();
    }

    @Test
    void thePictureIsMovedAndComesBack() {
        show(Scenes.platform().build());
        hand.go("#machine-worker1");
        double x = window.at("#machine-worker1", 0, 0).getX();
        window.press(KeyCode.SHIFT, KeyCode.LEFT);
        assertThat(window.at("#machine-worker1", 0, 0).getX()).isGreaterThan(x);
        assertThat(focus()).isEqualTo("machine-worker1");
        window.press(KeyCode.DIGIT0);
        assertThat(window.at("#machine-worker1", 0, 0).getX()).isEqualTo(x);
    }

    @Test
    void whatRunsOnAMachineIsSelectedAndHasItsMenu() {
        show(Scenes.platform().build());
        hand.go("#machine-worker1");
        window.press(KeyCode.C);
        hand.focusIsShown();
        String first = focus();
        assertThat(first).startsWith("chip-");
        window.press(KeyCode.RIGHT);
        assertThat(focus()).isNotEqualTo(first);
        window.press(KeyCode.ENTER);
        assertThat(window.desk.cluster.selection().get()).isInstanceOf(Selection.OfTask.class);
        window.press(KeyCode.M);
        hand.chooseInMenu("Kill container");
        window.await("it is killed", () -> !world.faults.injected.isEmpty());
        assertThat(world.faults.injected.getFirst()).isInstanceOf(Fault.ContainerKill.class);
        window.press(KeyCode.C);
        assertThat(focus()).isEqualTo("machine-worker1");
    }
}
