package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.provisioning.EngineClock.Pace;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.code.TerminalText;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Scenes;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Topology.View;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.collections.ListChangeListener;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.stage.Window;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person does with the window, on a world that is moved by hand. */
@SuppressWarnings("NullAway.Init")
class WindowTest {
    private final FakeWorld world = new FakeWorld();
    private TestWindow window;

    @BeforeEach
    void open() {
        window = TestWindow.open(Windows.context(world), Windows.settings(true, Locale.ENGLISH, false));
    }

    @AfterEach
    void close() {
        window.close();
    }

    private void show(dev.clusterlab.provisioning.observe.ClusterSnapshot snapshot) {
        window.show(world, snapshot);
    }

    // ---- faults

    @Test
    void aFaultFromTheContextMenuActsAndCanBeHealed() {
        show(Scenes.threeMachines());
        window.contextMenu("#machine-worker1 .machine-name");
        window.choose("Freeze");
        window.await("the machine is frozen", () -> !world.faults.injected.isEmpty());
        assertThat(world.faults.injected).containsExactly(new Fault.MachinePause("worker1", Optional.empty()));
        show(Scenes.manyTroubles());
        window.click("#heal-fault-3");
        window.await("it is healed", () -> !world.faults.healed.isEmpty());
        assertThat(world.faults.healed).containsExactly("fault-3");
    }

    @Test
    void whatCannotBeTakenBackIsAskedFirst() {
        show(Scenes.threeMachines());
        window.click("#machine-worker1");
        window.click("#action-remove");
        assertThat(window.words(".overlay")).contains("Remove worker1?").contains("removed for good");
        window.click("#confirm-no");
        assertThat(window.shows(".overlay-card")).isFalse();
        window.click("#action-remove");
        window.press(KeyCode.ENTER);
        window.await("the machine is removed", () -> !world.faults.injected.isEmpty());
        assertThat(world.faults.injected).containsExactly(new Fault.MachineRemove("worker1"));
    }

    @Test
    void whatCanBeTakenBackIsDoneAtOnce() {
        show(Scenes.threeMachines());
        window.click("#machine-worker1");
        window.click("#action-kill");
        window.await("the machine is killed", () -> !world.faults.injected.isEmpty());
        assertThat(world.faults.injected).containsExactly(new Fault.MachineKill("worker1"));
    }

    // ---- what is selected

    @Test
    void anEventThatIsClickedSelectsWhatItHappenedTo() {
        var event = new dev.clusterlab.provisioning.observe.ClusterEvent.MachineCreated(
                new dev.clusterlab.provisioning.observe.Stamp(
                        1, java.time.Duration.ofSeconds(1), java.time.Duration.ofSeconds(1), java.util.List.of()),
                "worker1",
                "192.168.99.101");
        world.observer.show(Scenes.threeMachines(), event);
        window.await("the event is there", () -> !window.desk.events.shown().isEmpty());
        window.press(KeyCode.CONTROL, KeyCode.DIGIT3);
        window.click(".event-row");
        assertThat(window.text("#inspector-title")).isEqualTo("worker1");
    }

    @Test
    void anEventThatIsTooLongIsWrappedSoThatItsEndCanBeRead() {
        var event = new dev.clusterlab.provisioning.observe.ClusterEvent.NodeLabelsChanged(
                new dev.clusterlab.provisioning.observe.Stamp(
                        1, java.time.Duration.ofSeconds(1), java.time.Duration.ofSeconds(1), java.util.List.of()),
                new dev.clusterlab.provisioning.observe.Subject.OfNode("n1", "leader1"),
                java.util.Map.of("words", "and so on ".repeat(40)));
        world.observer.show(Scenes.threeMachines(), event);
        window.await("the event is there", () -> !window.desk.events.shown().isEmpty());
        window.press(KeyCode.CONTROL, KeyCode.DIGIT3);
        window.await("it is shown", () -> window.shows(".event-row .event-text"));
        window.pulse();
        Bounds list = scene("#events");
        Bounds text = scene(".event-row .event-text");
        assertThat(text.getHeight()).isGreaterThan(40);
        assertThat(list.contains(text.getMinX(), text.getMinY())).isTrue();
        assertThat(list.contains(text.getMaxX(), text.getMaxY())).isTrue();
    }

    private Bounds scene(String selector) {
        return Pictures.onToolkit(() -> {
            Node node = window.find(selector).orElseThrow();
            return node.localToScene(node.getLayoutBounds());
        });
    }

    @Test
    void aServiceIsScaledByTheCommandThatOneWouldType() {
        show(Scenes.platform().build());
        window.select(new Selection.OfService("web"));
        window.click("#action-more");
        window.await("the command ran", () -> !world.shell.ran.isEmpty());
        assertThat(world.shell.ran).containsExactly("docker service scale web=11");
        window.click("#action-kill");
        window.await("a task is killed", () -> !world.faults.injected.isEmpty());
        assertThat(world.faults.injected.getFirst()).isInstanceOf(Fault.ContainerKill.class);
    }

    @Test
    void aValueIsCopiedByAClick() {
        show(Scenes.threeMachines());
        window.select(new Selection.OfMachine("worker1"));
        window.click(".fact-copied");
        assertThat(Pictures.onToolkit(() -> Clipboard.getSystemClipboard().getString()))
                .contains("192.168.99.101");
    }

    @Test
    void everythingCanBeReachedByKeys() {
        show(Scenes.threeMachines());
        window.press(KeyCode.CONTROL, KeyCode.DIGIT5);
        window.press(KeyCode.RIGHT);
        window.press(KeyCode.ENTER);
        assertThat(window.desk.cluster.selection().get()).isEqualTo(new Selection.OfMachine("worker1"));
        window.press(KeyCode.CONTROL, KeyCode.DIGIT8);
        assertThat(window.focused().map(Node::getId)).contains("action-shell");
        window.press(KeyCode.CONTROL, KeyCode.DIGIT7);
        assertThat(window.desk.cluster.view().get()).isEqualTo(View.TRAFFIC);
        window.press(KeyCode.CONTROL, KeyCode.K);
        assertThat(window.desk.client().get()).isTrue();
        window.press(KeyCode.ESCAPE);
        assertThat(window.desk.cluster.selection().get()).isEqualTo(Selection.NOTHING);
        window.press(KeyCode.F1);
        assertThat(window.words("#help")).contains("Ctrl+R");
        window.press(KeyCode.ESCAPE);
        assertThat(window.shows("#help")).isFalse();
    }

    @Test
    void keysWorkWhileNothingHasTheFocus() {
        // Larger than can be put on a stage: the toolkit never chooses a first node for the focus.
        try (TestWindow unfocused = TestWindow.open(
                Windows.context(new FakeWorld()), Windows.settings(true, Locale.ENGLISH, false), 1920, 1080)) {
            assertThat(unfocused.focused()).isEmpty();
            unfocused.press(KeyCode.CONTROL, KeyCode.DIGIT3);
            unfocused.pulse();
            assertThat(unfocused.shows("#events")).isTrue();
            assertThat(unfocused.shows("#terminal-input")).isFalse();
            unfocused.press(KeyCode.CONTROL, KeyCode.DIGIT4);
            unfocused.pulse();
            assertThat(unfocused.shows("#traffic-chart")).isTrue();
            unfocused.press(KeyCode.CONTROL, KeyCode.DIGIT2);
            unfocused.pulse();
            assertThat(unfocused.shows("#terminal-input")).isTrue();
        }
    }

    @Test
    void allThatIsBrokenIsHealedAtOnce() {
        show(Scenes.twoFaults());
        assertThat(window.words("#faults")).contains("Power cut").contains("worker3");
        window.click("#heal-all");
        window.await("both are healed", () -> world.faults.healed.size() == 2);
        show(Scenes.threeMachines());
        assertThat(window.shows("#faults")).isFalse();
    }

    @Test
    void aFaultThatEndsByItselfIsGivenAMinuteMore() {
        show(Scenes.twoFaults());
        assertThat(window.shows("#extend-fault-1"))
                .as("it lasts until the power is back")
                .isFalse();
        assertThat(window.text("#extend-fault-4")).isEqualTo("+ 1 min");
        window.click("#extend-fault-4");
        window.await("it lasts longer", () -> world.faults.extended.equals(java.util.List.of("fault-4 PT1M")));
        window.picture("faults-extend");
    }

    @Test
    void menusHaveNoShadowWhereWindowsCannotBePartlyClear() {
        show(Scenes.threeMachines());
        Pictures.onToolkit(() -> window.scene().getRoot().getStyleClass().add("opaque"));
        window.contextMenu("#machine-worker1 .machine-name");
        window.await(
                "a menu without a shadow is open",
                () -> window.robot.lookup(".context-menu").queryAll().stream()
                        .anyMatch(menu -> menu.getEffect() == null));
        window.press(KeyCode.ESCAPE);
    }

    // ---- sides

    @Test
    void theInspectorComesAndGoesWhereThereIsLittleRoom() {
        show(Scenes.threeMachines());
        assertThat(window.shows("#inspector")).isFalse();
        window.click("#machine-worker1");
        window.pulse();
        assertThat(window.text("#inspector-title")).isEqualTo("worker1");
        window.press(KeyCode.CONTROL, KeyCode.I);
        window.pulse();
        assertThat(window.shows("#inspector")).isFalse();
        window.click("#machine-worker2");
        window.pulse();
        assertThat(window.text("#inspector-title")).isEqualTo("worker2");
        window.press(KeyCode.ESCAPE);
        window.pulse();
        assertThat(window.shows("#inspector")).isFalse();
    }

    @Test
    void theInspectorStaysWhereThereIsRoomUntilItIsSentAway() {
        try (TestWindow wide = TestWindow.open(
                Windows.context(new FakeWorld()), Windows.settings(true, Locale.ENGLISH, false), 1920, 1080)) {
            wide.pulse();
            assertThat(wide.shows("#inspector")).isTrue();
            wide.press(KeyCode.CONTROL, KeyCode.I);
            wide.pulse();
            assertThat(wide.shows("#inspector")).isFalse();
            wide.select(new Selection.OfMachine("leader1"));
            wide.pulse();
            assertThat(wide.shows("#inspector")).isTrue();
        }
    }

    @Test
    void theGuideFoldsToARailAndComesBack() {
        window.press(KeyCode.CONTROL, KeyCode.B);
        window.pulse();
        assertThat(window.shows("#guide")).isFalse();
        assertThat(((Region) window.find("#rail").orElseThrow()).getWidth()).isEqualTo(40);
        window.click("#unfold-guide");
        window.pulse();
        assertThat(window.shows("#guide")).isTrue();
        window.click("#fold-guide");
        window.press(KeyCode.CONTROL, KeyCode.DIGIT1);
        window.pulse();
        assertThat(window.shows("#guide")).isTrue();
    }

    @Test
    void theHeaderStaysWhereItIsWhileACommandRuns() {
        world.shell.answer((script, shell) -> script.equals("wait") ? 0 : shell.waitForever());
        window.pulse();
        Point2D before = place("#clock");
        window.click("#run-machines-0");
        window.await("it runs", () -> window.shows(".busy"));
        window.pulse();
        assertThat(place("#clock")).isEqualTo(before);
        window.click("#cancel-block");
    }

    // ---- time

    @Test
    void timeIsPausedHurriedAndStepped() {
        window.click("#speed-16");
        assertThat(world.clock.pace()).isEqualTo(new Pace.Times(16));
        window.click("#pause");
        assertThat(world.clock.pace()).isEqualTo(new Pace.Paused());
        window.click("#pause");
        assertThat(world.clock.pace()).isEqualTo(new Pace.Times(16));
        window.click("#step");
        window.await("the step is over", () -> world.clock.elapsed().toSeconds() == 1);
    }

    // ---- guide

    @Test
    void aCommandThatFailsSaysWhyAndWhatToDo() {
        world.shell.answer((script, shell) -> {
            shell.printError("leader1 exists already");
            shell.printError("Choose another name.");
            return 1;
        });
        window.click("#run-machines-0");
        window.await("the reason is shown", () -> window.shows(".commands-reason-text"));
        assertThat(window.words(".commands")).contains("Ended with status 1").contains("Choose another name.");
    }

    @Test
    void anErrorOfTheProgramIsToldInANotice() {
        world.shell.answer((script, shell) -> {
            throw new IllegalStateException("out of paper");
        });
        window.click("#run-machines-0");
        window.await("the notice is shown", () -> window.shows(".notice-error"));
        assertThat(window.words(".notices")).contains("Three machines failed").contains("out of paper");
        window.press(KeyCode.ESCAPE);
        assertThat(window.shows(".notice-error")).isFalse();
    }

    @Test
    void aBlockIsCopied() {
        window.click("#copy-machines-0");
        assertThat(window.text("#copy-machines-0")).isEqualTo("Copied");
        assertThat(Pictures.onToolkit(() -> Clipboard.getSystemClipboard().getString()))
                .contains("docker-machine create leader1");
    }

    @Test
    void aBlockThatRunsIsCalledOff() {
        world.shell.answer((script, shell) -> script.equals("wait") ? 0 : shell.waitForever());
        window.press(KeyCode.CONTROL, KeyCode.R);
        window.await("it runs", () -> window.shows("#cancel-block"));
        assertThat(window.find("#run-machines-0").orElseThrow().isDisabled()).isTrue();
        window.click("#cancel-block");
        window.await("it is cancelled", () -> window.words(".commands").contains("Cancelled"));
        assertThat(window.find("#run-machines-0").orElseThrow().isDisabled()).isFalse();
    }

    @Test
    void theWindowStaysOfUseWhileACommandRuns() {
        world.shell.answer((script, shell) -> script.equals("wait") ? 0 : shell.waitForever());
        window.click("#run-machines-0");
        window.await("it runs", () -> window.shows("#cancel-block"));
        show(Scenes.swarm());
        window.click("#view-consul");
        assertThat(window.words("#headline")).contains("No Consul yet");
        window.click("#machine-leader1");
        assertThat(window.text("#inspector-title")).isEqualTo("leader1");
        window.click("#next-step");
        assertThat(window.text("#step-title")).isEqualTo("One swarm");
        assertThat(window.words(".busy")).contains("Three machines");
        window.click("#cancel-task");
        window.await("it is cancelled", () -> !window.desk.guide.busy());
    }

    @Test
    void theOtherLanguageKeepsWhatWasDone() {
        show(Scenes.swarm());
        window.await("the steps are ticked", () -> window.desk.guide.passed() == 2);
        window.click("#next-step");
        window.click("#language");
        window.await("the page is French", () -> window.text("#step-title").equals("Un seul essaim"));
        assertThat(window.text("#step-machines")).isEqualTo("✓");
        assertThat(window.text("#step-count")).isEqualTo("2 sur 15");
        assertThat(window.desk.guide.stateOf("swarm")).isEqualTo(StepState.PASSED);
        assertThat(window.words("#headline")).contains("Swarm mené par leader1");
        window.press(KeyCode.CONTROL, KeyCode.E);
        window.await(
                "the page is English again", () -> window.text("#step-title").equals("One swarm"));
    }

    @Test
    void highContrastComesFromTheThemesMenuTheSettingsAndTheCommands() {
        show(Scenes.swarm());
        var classes = window.scene().getRoot().getStyleClass();
        window.contextMenu("#theme");
        window.choose("High contrast");
        window.await("it is worn", () -> classes.contains("contrast") && classes.contains("dark"));
        window.contextMenu("#theme");
        window.choose("Light theme");
        window.await("both are worn", () -> classes.contains("contrast") && classes.contains("light"));
        window.help("menu-settings");
        window.fire("#settings-contrast");
        assertThat(classes).doesNotContain("contrast");
        window.press(KeyCode.ESCAPE);
        window.press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.P);
        window.await("the commands are there", () -> window.shows("#palette"));
        window.write("contrast");
        window.press(KeyCode.ENTER);
        window.await("it is worn again", () -> classes.contains("contrast"));
        Pictures.onToolkit(() -> {
            window.desk.settings.contrast().set(false);
            window.desk.settings.dark().set(true);
            return true;
        });
    }

    @Test
    void theOtherThemeKeepsThePageWhereItIs() {
        show(Scenes.swarm());
        window.click("#next-step");
        Pictures.onToolkit(() -> {
            ((ScrollPane) window.find("#page").orElseThrow()).setVvalue(0.5);
            return true;
        });
        window.click("#theme");
        assertThat(window.scene().getRoot().getStyleClass()).contains("light").doesNotContain("dark");
        assertThat(((ScrollPane) window.find("#page").orElseThrow()).getVvalue())
                .isEqualTo(0.5);
        var light = window.picture("theme-light");
        window.click("#theme");
        var dark = window.picture("theme-dark");
        assertThat(light.getPixelReader().getArgb(20, 300))
                .isNotEqualTo(dark.getPixelReader().getArgb(20, 300));
    }

    @Test
    void largerTextStaysWithinTheWindow() {
        show(Scenes.platform().build());
        for (int i = 0; i < 6; i++) {
            window.press(KeyCode.CONTROL, KeyCode.PLUS);
        }
        window.pulse();
        var picture = window.picture("large-text");
        assertThat(picture.getWidth()).isEqualTo(TestWindow.WIDTH);
        for (String part : new String[] {"#next-step", "#help-button", "#terminal-input", "#checks"}) {
            var bounds = window.find(part)
                    .map(node -> node.localToScene(node.getLayoutBounds()))
                    .orElseThrow();
            assertThat(bounds.getMaxX()).as(part).isLessThanOrEqualTo(TestWindow.WIDTH + 1);
            assertThat(bounds.getMaxY()).as(part).isLessThanOrEqualTo(TestWindow.HEIGHT + 1);
        }
    }

    @Test
    void nothingIsDrawnWhileNothingHappens() {
        // What other tests have left, such as the cursor of an input in a window that is gone, is not this window's.
        close();
        List<Object> others = Animations.running();
        open();
        window.click("#run-machines-0");
        window.await("the block has ended", () -> !window.desk.guide.busy());
        for (KeyCode tab : new KeyCode[] {KeyCode.DIGIT4, KeyCode.DIGIT3, KeyCode.DIGIT2, KeyCode.DIGIT1}) {
            window.press(KeyCode.CONTROL, tab);
            window.pulse();
        }
        show(Scenes.swarm());
        // What has come fades in first; after that nothing goes on.
        window.await("nothing of it moves any more", () -> others.containsAll(Animations.running()));
        if (others.isEmpty()) {
            assertThat(window.animated()).as("it is drawn all the same").isFalse();
        }
    }

    // ---- topology

    @Test
    void noBoxMovesBecauseOfARefresh() {
        show(Scenes.threeMachines());
        var before = place("#machine-worker1");
        show(Scenes.platform().build());
        assertThat(place("#machine-worker1")).isEqualTo(before);
        show(Scenes.workerKilled());
        assertThat(place("#machine-worker1")).isEqualTo(before);
        show(Scenes.partitioned());
        assertThat(place("#machine-worker1")).isEqualTo(before);
        window.click("#view-traffic");
        assertThat(place("#machine-worker1")).isEqualTo(before);
    }

    private Point2D place(String selector) {
        return Pictures.onToolkit(() -> window.find(selector).orElseThrow().localToScene(Point2D.ZERO));
    }

    @Test
    void machinesSideBySideHaveOneSizeWhateverRunsOnThem() {
        show(Scenes.platform().build());
        for (String machine : new String[] {"leader1", "worker1", "leader2"}) {
            Region box = (Region) window.find("#machine-" + machine).orElseThrow();
            Region first = (Region) window.find("#machine-leader1").orElseThrow();
            assertThat(box.getWidth()).isEqualTo(first.getWidth());
            if (box.getLayoutY() == first.getLayoutY()) {
                assertThat(box.getHeight()).isEqualTo(first.getHeight());
            }
        }
    }

    @Test
    void noChipLeavesItsMachineHoweverManyThereAre() {
        for (ClusterSnapshot snapshot : List.of(
                Scenes.crowded(), Scenes.platform().build(), Scenes.longPartitioned(), Scenes.twelveMachines())) {
            show(snapshot);
            for (var machine : snapshot.machines()) {
                String name = machine.machine().name();
                window.await(
                        name + " is drawn",
                        () -> window.find("#machine-" + name).isPresent());
                Pictures.onToolkit(() -> {
                    Node box = window.find("#machine-" + name).orElseThrow();
                    Bounds room = box.localToScene(box.getLayoutBounds());
                    for (Node chip : box.lookupAll(".chip")) {
                        assertThat(room.contains(chip.localToScene(chip.getLayoutBounds())))
                                .as(chip.getId() + " on " + name)
                                .isTrue();
                    }
                    return true;
                });
            }
        }
    }

    @Test
    void aChipTravelsWhenItsTaskMovesAndStaysWhereItArrives() {
        move(true);
        show(Scenes.workerKilled());
        var travelled = new java.util.concurrent.atomic.AtomicInteger();
        Pane motion = (Pane) window.find("#motion").orElseThrow();
        Pictures.onToolkit(() -> {
            motion.getChildren().addListener((ListChangeListener<Node>) change -> {
                while (change.next()) {
                    travelled.addAndGet(change.getAddedSize());
                }
            });
            return true;
        });
        show(Scenes.longPartitioned());
        window.await("all have arrived", () -> motion.getChildren().isEmpty());
        assertThat(travelled).hasPositiveValue();
        Pictures.onToolkit(() -> {
            for (Node chip : window.find("#machine-leader3").orElseThrow().lookupAll(".chip")) {
                assertThat(chip.getParent().isVisible()).as(chip.getId()).isTrue();
            }
            return true;
        });
    }

    /** Whether things move from now on. */
    private void move(boolean wanted) {
        Pictures.onToolkit(() -> {
            window.desk.settings.motion().set(wanted);
            return true;
        });
    }

    @Test
    void anArrowLeadsFromAGhostForWhoWantsNoMotion() {
        show(Scenes.workerKilled());
        window.stillness();
        show(Scenes.longPartitioned());
        window.await("it is seen where they went", () -> window.shows("#motion .ghost-line"));
        assertThat(Animations.moving()).isEmpty();
        assertThat(window.shows("#motion .chip-arrives")).isTrue();
        assertThat(window.shows("#motion .chip-travels")).isFalse();
        Pictures.onToolkit(() -> {
            for (Node chip : window.find("#machine-leader3").orElseThrow().lookupAll(".chip")) {
                assertThat(chip.getParent().isVisible()).as(chip.getId()).isTrue();
            }
            return true;
        });
        window.stillness();
        Pictures.take(window.scene(), "motion-ghosts");
        window.await("they go by themselves", () -> !window.shows("#motion .ghost-line"));
    }

    @Test
    void nothingMovesForWhoWantsNoMotion() {
        Scenes.all().forEach((name, snapshot) -> {
            for (View view : View.values()) {
                window.view(view);
                show(snapshot);
                window.pulse();
                assertThat(Animations.moving()).as(name + " " + view).isEmpty();
            }
        });
        window.view(View.TRAFFIC);
        show(Scenes.platform().build());
        assertThat(window.find("#topology .dot")).isEmpty();
        assertThat(window.words("#topology .dot-count")).contains("5/s");
        window.picture("motion-counts");
        move(true);
        window.await("requests flow", () -> window.shows("#topology .dot"));
        assertThat(Animations.moving()).isNotEmpty();
        assertThat(window.shows("#topology .dot-count")).isFalse();
        move(false);
        window.await("they are counted", () -> window.shows("#topology .dot-count"));
        assertThat(window.shows("#topology .dot")).isFalse();
        assertThat(Animations.moving()).isEmpty();
    }

    @Test
    void nothingTurnsWhileACommandRunsForWhoWantsNoMotion() {
        world.shell.answer((script, shell) -> script.equals("wait") ? 0 : shell.waitForever());
        window.click("#run-machines-0");
        window.await("it runs", () -> window.shows(".busy"));
        window.pulse();
        assertThat(Animations.moving()).isEmpty();
        move(true);
        window.await("it turns", () -> !Animations.moving().isEmpty());
        move(false);
        window.await("it stands", () -> Animations.moving().isEmpty());
        window.click("#cancel-block");
    }

    @Test
    void aLineBetweenMachinesCutsTheNetworkAndDraggingItsSignAwayMendsIt() {
        show(Scenes.platform().build());
        window.click("#cut-tool");
        window.drag(
                window.at("#machine-leader1", 1.08, -0.2),
                window.at("#machine-leader1", 1.08, 0.5),
                window.at("#machine-leader2", 1.08, 1.1));
        window.await("it is cut", () -> !world.faults.injected.isEmpty());
        assertThat(world.faults.injected.getFirst())
                .isInstanceOfSatisfying(
                        Fault.NetworkPartition.class,
                        cut -> assertThat(cut.groups())
                                .containsExactlyInAnyOrder(
                                        java.util.Set.of("leader1", "leader2"),
                                        java.util.Set.of("worker1", "worker2", "worker3")));
        assertThat(((javafx.scene.control.ToggleButton) window.find("#cut-tool").orElseThrow()).isSelected())
                .isFalse();

        show(Scenes.longPartitioned());
        window.drag(
                window.at("#tear-fault-2", 0.5, 0.5),
                window.at("#tear-fault-2", 1, 0.5),
                window.at("#tear-fault-2", 5, 4));
        window.await("it is mended", () -> world.faults.healed.contains("fault-2"));
    }

    @Test
    void aRingRoundMachinesCutsThemOff() {
        show(Scenes.platform().build());
        window.press(KeyCode.CONTROL, KeyCode.DIGIT5);
        window.press(KeyCode.X);
        window.drag(
                window.at("#machine-worker3", -0.05, -0.05),
                window.at("#machine-worker3", 1.05, -0.05),
                window.at("#machine-worker3", 1.05, 1.05),
                window.at("#machine-worker3", -0.05, 1.05),
                window.at("#machine-worker3", -0.05, 0));
        window.await("it is cut", () -> !world.faults.injected.isEmpty());
        assertThat(world.faults.injected.getFirst())
                .isInstanceOfSatisfying(
                        Fault.NetworkPartition.class,
                        cut -> assertThat(cut.groups()).contains(java.util.Set.of("worker3")));
    }

    @Test
    void escapeLaysTheKnifeDown() {
        show(Scenes.platform().build());
        window.click("#cut-tool");
        window.press(KeyCode.ESCAPE);
        window.drag(window.at("#machine-leader1", 1.08, -0.2), window.at("#machine-leader2", 1.08, 1.1));
        assertThat(world.faults.injected).isEmpty();
    }

    @Test
    void singleWaysAreCutFromTheMenuByKeysAlone() {
        show(Scenes.platform().build());
        window.contextMenu("#machine-worker1 .machine-name");
        window.choose("Cut single ways…");
        window.await("the matrix is there", () -> window.shows("#cut-matrix"));
        // From leader1 to worker1 is where one begins; one down is the way from worker2 to worker1.
        window.press(KeyCode.ENTER);
        window.press(KeyCode.DOWN);
        window.press(KeyCode.ENTER);
        window.await(
                "both are chosen", () -> !window.find("#cut-ways").orElseThrow().isDisabled());
        window.fire("#cut-ways");
        window.await("they are cut", () -> !world.faults.injected.isEmpty());
        assertThat(world.faults.injected)
                .containsExactly(new Fault.NetworkOneWay(
                        java.util.Set.of("leader1", "worker2"), java.util.Set.of("worker1"), Optional.empty()));
    }

    @Test
    void theSignOfACutHasAKey() {
        show(Scenes.longPartitioned());
        Pictures.onToolkit(() -> {
            window.find("#tear-fault-2").orElseThrow().requestFocus();
            return true;
        });
        window.press(KeyCode.DELETE);
        window.await("it is mended", () -> world.faults.healed.contains("fault-2"));
    }

    private static final Color PALE = Color.web("#8b949e");
    private static final Color BRIGHT = Color.web("#c9d1d9");

    @Test
    void aChipIsPaleWhileItsMachineIsFrozenAndNotAfterwards() {
        move(true);
        show(Scenes.platform().build());
        show(Scenes.platform().state("worker1", Machine.State.PAUSED).build());
        window.await("its words are pale", () -> chip("#machine-worker1").equals(PALE));
        show(Scenes.platform().build());
        window.await("they are as before", () -> chip("#machine-worker1").equals(BRIGHT));
        window.view(View.TRAFFIC);
        window.await("it gets no traffic", () -> chip("#machine-worker1").equals(PALE));
        window.view(View.SWARM);
        window.await("it is as before", () -> chip("#machine-worker1").equals(BRIGHT));
    }

    /** The colour of the words of Consul's chip on a machine, once it has come up and can be read. */
    private Color chip(String machine) {
        return Pictures.onToolkit(() -> {
            Node chip = window.find(machine).orElseThrow().lookup("#chip-consul-nodes");
            for (Node at = chip; at != null; at = at.getParent()) {
                if (at.getOpacity() < 1) {
                    return Color.TRANSPARENT;
                }
            }
            return chip == null ? Color.TRANSPARENT : (Color) ((Label) chip.lookup(".chip-name")).getTextFill();
        });
    }

    @Test
    void aSecondOfTheChartIsReadByPointingAtIt() {
        show(Scenes.workerKilled());
        window.press(KeyCode.CONTROL, KeyCode.DIGIT4);
        window.pulse();
        window.robot.moveTo(window.at("#traffic-chart", 0.98, 0.5)).moveTo(window.at("#traffic-chart", 0.985, 0.6));
        window.await(
                "it is said",
                () -> Window.getWindows().stream()
                        .anyMatch(shown -> shown instanceof Tooltip tip
                                && tip.isShowing()
                                && tip.getText().matches("\\d+:\\d\\d: .*2xx 3, 5xx 1, No answer 1")));
    }

    @Test
    void anEmptyClusterSaysWhatToDo() {
        window.await(
                "the empty cluster is shown", () -> window.find("#empty-run").isPresent());
        assertThat(window.words("#topology")).contains("No machines yet").contains("docker-machine create");
        window.click("#empty-run");
        window.await("the first block ran", () -> !world.shell.ran.isEmpty());
    }

    // ---- terminal

    @Test
    void theTerminalRunsWhatIsTyped() {
        world.shell.answer((script, shell) -> {
            shell.print("NAME ACTIVE");
            return 0;
        });
        window.press(KeyCode.CONTROL, KeyCode.DIGIT2);
        window.write("docker-machine ls");
        window.press(KeyCode.ENTER);
        window.await("it printed", () -> window.words("#terminal-lines").contains("NAME ACTIVE"));
        assertThat(world.shell.ran).containsExactly("docker-machine ls");
        window.press(KeyCode.UP);
        assertThat(window.input("#terminal-input")).isEqualTo("docker-machine ls");
    }

    @Test
    void ctrlCCallsOffACommandInTheTerminal() {
        window.press(KeyCode.CONTROL, KeyCode.DIGIT2);
        window.write("wait");
        window.press(KeyCode.ENTER);
        window.await("it runs", () -> window.desk.terminal.running().get() && world.shell.ran.contains("wait"));
        window.press(KeyCode.CONTROL, KeyCode.C);
        window.await("it is cancelled", () -> !window.desk.terminal.running().get());
    }

    @Test
    void theTerminalFollowsItsLastLine() {
        for (int i = 1; i <= 300; i++) {
            world.shell.print("line " + i);
        }
        window.await("all of the last line is in sight", () -> inSight("line 300"));
    }

    @Test
    void everyLineOfTheTerminalComesIntoSightThoughSomeAreTooLong() {
        for (int i = 1; i <= 60; i++) {
            String end = "line " + i;
            world.shell.print(i % 10 == 0 ? "and so on, ".repeat(40) + end : end);
            window.await("all of line " + i + " is in sight", () -> inSight(end));
        }
    }

    /** Whether nothing covers a line of the terminal. */
    private boolean inSight(String line) {
        TerminalText text = (TerminalText) window.find("#terminal-lines").orElseThrow();
        Bounds room = text.localToScreen(text.getLayoutBounds());
        for (int i = 0; i < text.getParagraphs().size(); i++) {
            if (text.getText(i).endsWith(line)) {
                return text.getParagraphBoundsOnScreen(i)
                        .filter(bounds ->
                                bounds.getMinY() >= room.getMinY() - 1 && bounds.getMaxY() <= room.getMaxY() + 1)
                        .isPresent();
            }
        }
        return false;
    }

    // ---- inspector

    @Test
    void theLogOfATaskIsRead() {
        show(Scenes.platform().build());
        String task = window.desk
                .cluster
                .snapshot()
                .get()
                .swarm()
                .orElseThrow()
                .tasksOf("web")
                .getFirst()
                .id();
        window.select(new Selection.OfTask(task));
        window.await("its log is shown", () -> window.words("#inspector").contains("Registered democonsul"));
    }
}
