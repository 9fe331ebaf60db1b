package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.EngineProgress.Stage;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostAbilities;
import dev.clusterlab.provisioning.HostFact;
import dev.clusterlab.provisioning.HostLack;
import dev.clusterlab.provisioning.HostTopic;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.model.FakeBelow;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Scenes;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.place.DesktopContext;
import dev.clusterlab.ui.place.DesktopEnvironments.Opened;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The engine under the window: changed, explained, cleaned up, on worlds that are moved by hand. */
@SuppressWarnings("NullAway.Init")
class EngineChangeTest {
    private static final String NO_IPTABLES = "The node image has no iptables, which cuts the network.";

    private final Map<String, FakeWorld> worlds = Map.of("embedded", new FakeWorld(), "docker", docker());
    private final Settings settings = Windows.settings(true, Locale.ENGLISH, false);
    private final FakeBelow<Opened> below = Windows.engines(this::context, settings);
    private TestWindow window;

    private DesktopContext context(String engine) {
        return Windows.context(world(engine.startsWith("docker") ? "docker" : engine));
    }

    private FakeWorld world(String engine) {
        return java.util.Objects.requireNonNull(worlds.get(engine));
    }

    private static FakeWorld docker() {
        var world = new FakeWorld();
        world.clock.fix();
        world.engine.is(
                "docker",
                new HostAbilities(
                        false,
                        false,
                        Map.of(FaultKind.NETWORK_PARTITION, HostLack.NO_IPTABLES),
                        Map.of(
                                HostTopic.VERSION,
                                new HostFact.Text("27.1"),
                                HostTopic.ENGINE,
                                new HostFact.Text("unix:///var/run/docker.sock (DOCKER_HOST)"),
                                HostTopic.ISOLATION,
                                new HostFact.Text("privileged"),
                                HostTopic.IPVS,
                                HostFact.Tried.LACKING)));
        return world;
    }

    private void open(String engine) {
        window = TestWindow.open(below.model(engine, settings.language()::get, FxThread.EXECUTOR), settings);
    }

    private void standOn(String engine) {
        open(engine);
        awaitOn(engine);
    }

    private void awaitOn(String engine) {
        window.await(
                "the window stands on " + engine,
                () -> window.desk != null && window.desk.context.engine().name().equals(engine));
    }

    private void show(String engine, dev.clusterlab.provisioning.observe.ClusterSnapshot snapshot) {
        window.show(world(engine), snapshot);
    }

    private void chooseInMenu(String words) {
        window.press(KeyCode.CONTROL, KeyCode.M);
        window.choose(words);
    }

    @AfterEach
    void close() {
        window.close();
    }

    @Test
    void theEngineIsChangedFromItsMenuAndTheLabBeginsAnew() {
        standOn("embedded");
        show("embedded", Scenes.platform().build());
        assertThat(window.text("#engine-menu")).isEqualTo("embedded engine");
        WindowModels before = window.desk;
        assertThat(before.guide.passed()).isPositive();
        window.fire("#run-machines-0");
        chooseInMenu("Docker engine: real machines on this computer");
        window.await("it asks", () -> window.shows("#engine-change"));
        assertThat(window.words("#engine-change"))
                .contains("Change to the Docker engine?", "Docker Engine 27.1 answers", "leader1", "first step");
        window.press(KeyCode.ESCAPE);
        window.await("the question is gone", () -> !window.shows(".overlay-card"));
        assertThat(window.desk).isSameAs(before);
        chooseInMenu("Docker engine: real machines on this computer");
        window.await("it asks", () -> window.shows("#engine-change"));
        window.press(KeyCode.ENTER);
        awaitOn("docker");
        window.await("what is over the window is gone", () -> !window.shows(".overlay-card"));
        assertThat(window.text("#engine-menu")).startsWith("Docker engine");
        assertThat(window.desk.guide.passed()).isZero();
        assertThat(window.desk.guide.blocks()).isEmpty();
        assertThat(window.text("#step-title"))
                .isEqualTo(window.desk.guide.lab().get().steps().getFirst().title());
        window.await("the lab before is removed", () -> below.closed.size() == 1);
        assertThat(below.closed.getFirst().context().engine().name()).isEqualTo("embedded");
        // Nothing of the window reads it any more.
        assertThat(world("embedded").observer.listeners()).isZero();
        // The new desk works: its language, its look.
        window.press(KeyCode.CONTROL, KeyCode.E);
        window.await("the lab is in French", () -> window.text("#engine-menu").startsWith("moteur Docker"));
    }

    @Test
    void whyThereIsNoDockerIsReadInTheWindow() {
        standOn("embedded");
        show("embedded", Scenes.threeMachines());
        below.missing(Optional.of(new LabException(
                Kind.ENVIRONMENT,
                "No Docker Engine was found on this computer. Looked at:\n  Docker Engine (unix:///var/run/docker.sock):"
                        + " this user may not use the socket",
                "Add yourself to the group that owns the socket.")));
        chooseInMenu("Docker engine: real machines on this computer");
        window.await("it is told", () -> window.shows("#engine-missing"));
        assertThat(window.words("#engine-missing"))
                .contains("this user may not use the socket", "Add yourself to the group", "goes on as it is");
        window.press(KeyCode.ENTER);
        window.await("it is closed", () -> !window.shows(".overlay-card"));
        assertThat(window.desk.context.engine().name()).isEqualTo("embedded");
        assertThat(window.shows("#machine-worker1")).isTrue();
    }

    @Test
    void aChangeThatLastsIsShownAndCalledOff() {
        standOn("embedded");
        below.hold();
        chooseInMenu("Docker engine: real machines on this computer");
        window.await("it is under way", () -> window.words("#move").contains("Opening the engine"));
        window.click("#move-cancel");
        window.await("it is cancelled", () -> !window.shows("#move"));
        window.await("and said", () -> window.words(".notices").contains("cancelled"));
        assertThat(window.desk.context.engine().name()).isEqualTo("embedded");
    }

    @Test
    void tabGoesFromAnswerToAnswerAndEnterTakesTheOneThatOneHasGoneTo() {
        below.labs.leftOver("0a1b2c3d", "leader1");
        open("docker");
        window.await("it asks", () -> window.shows("#left-over"));
        assertThat(window.focused().map(Node::getId)).contains("left-over-resume");
        window.press(KeyCode.TAB);
        assertThat(window.focused().map(Node::getId)).contains("left-over-no");
        window.press(KeyCode.TAB);
        assertThat(window.focused().map(Node::getId)).contains("left-over-remove");
        window.press(KeyCode.ENTER);
        awaitOn("docker");
        assertThat(below.labs.removed).containsExactly("0a1b2c3d");
        assertThat(below.opened.getFirst().engine()).isEqualTo("docker");
    }

    @Test
    void aLabThatWasLeftIsTakenUpWhenTheWindowStarts() {
        below.labs.leftOver("0a1b2c3d", "leader1", "worker1");
        open("docker");
        window.await("it asks", () -> window.shows("#left-over"));
        assertThat(window.words("#left-over")).contains("leader1, worker1", "12 minutes ago", "0a1b2c3d");
        window.click("#left-over-resume");
        awaitOn("docker");
        assertThat(below.opened.getFirst().engine()).isEqualTo("docker:0a1b2c3d");
        assertThat(below.labs.removed).isEmpty();
    }

    @Test
    void whoCannotHaveDockerAtFirstTakesTheEmbeddedEngine() {
        below.cannotOpen(new LabException(Kind.ENVIRONMENT, "No Docker Engine was found.", "Start Docker."));
        open("docker");
        window.await("it is told", () -> window.words("#start-failed").contains("Start Docker."));
        window.picture("start-failed");
        below.canOpen();
        window.click("#start-embedded");
        awaitOn("embedded");
    }

    // ---- what there is on the engine

    @Test
    void labsOnTheEngineAreListedAndRemoved() {
        below.labs.own("00000001", "leader1").inUse("00000002", "leader1").leftOver("00000003", "leader1", "worker1");
        below.naming(place -> Optional.of("00000001"));
        open("docker");
        window.await("it asks", () -> window.shows("#left-over"));
        window.press(KeyCode.ESCAPE);
        awaitOn("docker");
        chooseInMenu("Labs on this engine…");
        window.await("they are listed", () -> window.shows("#lab-00000003"));
        assertThat(window.words("#lab-00000001")).contains("this window’s");
        assertThat(window.words("#lab-00000002")).contains("in use by another program");
        assertThat(window.words("#lab-00000003")).contains("left over", "2 machines, one network, 2 disks");
        assertThat(window.shows("#remove-lab-00000001")).isFalse();
        assertThat(window.shows("#remove-lab-00000002")).isFalse();
        window.click("#remove-lab-00000003");
        assertThat(window.words("#remove-labs")).contains("Remove the lab 00000003?");
        window.click("#remove-labs-yes");
        window.await("it is said", () -> window.words("#labs").contains("Removed: 00000003"));
        window.await("it is gone", () -> !window.shows("#lab-00000003"));
        assertThat(below.labs.removed).containsExactly("00000003");
        window.press(KeyCode.ESCAPE);
        assertThat(window.shows("#labs")).isFalse();
    }

    @Test
    void everythingOfTheLabIsRemovedFromTheMenu() {
        standOn("embedded");
        WindowModels before = window.desk;
        show("embedded", Scenes.threeMachines());
        chooseInMenu("Remove everything of this lab…");
        window.await("it asks", () -> window.shows("#remove-everything"));
        assertThat(window.words("#remove-everything")).contains("leader1, worker1, worker2", "3 machines");
        window.click("#remove-everything-yes");
        window.await("it is said", () -> window.words(".notices").contains("Everything of the lab was removed"));
        assertThat(below.closed).hasSize(1);
        assertThat(below.opened).hasSize(2);
        assertThat(window.desk).isNotSameAs(before);
    }

    // ---- what the host can do

    @Test
    void theOverviewSaysWhatTheEngineAndItsHostCanDo() {
        standOn("docker");
        show("docker", Scenes.threeMachines());
        window.press(KeyCode.CONTROL, KeyCode.I);
        window.await("the host is known", () -> window.words("#inspector").contains("dnsrr"));
        assertThat(window.words("#inspector"))
                .contains("Engine and host", "27.1", "unix:///var/run/docker.sock", "privileged", "Cannot be done here")
                .contains("Network cut", NO_IPTABLES)
                .doesNotContain("network.partition");
    }

    @Test
    void aFaultThatTheHostCannotDoIsGreyedOutWithItsReason() {
        standOn("docker");
        show("docker", Scenes.threeMachines());
        window.select(new Selection.OfMachine("worker1"));
        window.await("it is shown", () -> window.words(".refusals").contains("Cut off: " + NO_IPTABLES));
        assertThat(window.find("#action-cut").orElseThrow().isDisabled()).isTrue();
        assertThat(window.find("#action-kill").orElseThrow().isDisabled()).isFalse();
        window.contextMenu("#machine-worker1");
        window.choose("Freeze");
        window.await("it is frozen", () -> !world("docker").faults.injected.isEmpty());
        assertThat(world("docker").faults.injected)
                .containsExactly(new Fault.MachinePause("worker1", Optional.empty()));
    }

    @Test
    void theClockOfRealMachinesCannotBeSetAndTheWindowSaysWhy() {
        standOn("docker");
        assertThat(window.text("#time-why")).isEqualTo("Real machines keep real time");
        assertThat(window.find("#pause").orElseThrow().isDisabled()).isTrue();
        assertThat(window.find("#speed-16").orElseThrow().isDisabled()).isTrue();
        window.press(KeyCode.CONTROL, KeyCode.PERIOD);
        window.await("it is said", () -> window.words(".notices").contains("cannot be paused"));
    }

    // ---- progress

    @Test
    void progressLeavesTheZoomButtonsFreeAndSpeaksFrench() {
        settings.dark().set(false);
        settings.language().set(Locale.FRENCH);
        standOn("docker");
        show("docker", Scenes.threeMachines());
        world("docker")
                .engine
                .busyWith(EngineProgress.ofBytes(
                        "docker.io/library/a-very-long-name-of-an-image:2026-11-25",
                        Stage.PULLING_IMAGE,
                        40_000_000,
                        52_000_000));
        window.await("it is shown", () -> window.words("#progress").contains("40 Mo sur 52"));
        window.pulse();
        Bounds rows = Pictures.onToolkit(() -> {
            Node node = window.find("#progress").orElseThrow();
            return node.localToScene(node.getLayoutBounds());
        });
        Bounds zoom = Pictures.onToolkit(() -> {
            Node node = window.find(".zoom-bar").orElseThrow();
            return node.localToScene(node.getLayoutBounds());
        });
        assertThat(rows.intersects(zoom)).isFalse();
    }
}
