package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.kept.KeptFiles;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ways of people through the window as the program opens it, on the embedded engine: each by the mouse, and again by the keyboard
 * alone. Models are asked how far things are, never told what to do.
 */
@SuppressWarnings("NullAway.Init")
class JourneysTest {
    /** A small screen: there the inspector comes and goes, and without a display each picture costs by its size. */
    private static final double WIDTH = 1280;

    private static final double HEIGHT = 720;

    @TempDir
    private Path folder;

    private TestWindow window;
    private Hand hand;

    static Stream<Named<Function<TestWindow, Hand>>> hands() {
        return Stream.of(Named.of("by mouse", Hand.Mouse::new), Named.of("by keyboard", Hand.Keyboard::new));
    }

    private RealWindow open(Function<TestWindow, Hand> by, boolean newcomer) {
        Settings settings = Windows.settings(true, Locale.ENGLISH, false);
        settings.newcomer().set(newcomer);
        RealWindow real = RealWindow.open("embedded", settings, KeptFiles.in(folder, folder), WIDTH, HEIGHT);
        window = real.window;
        hand = by.apply(window);
        window.await("the lab is there", () -> window.desk != null);
        return real;
    }

    // ---- the guided lab

    @ParameterizedTest
    @MethodSource("hands")
    void aNewcomerComesFromTheFirstStartToTheFirstRequest(Function<TestWindow, Hand> by) {
        try (RealWindow real = open(by, true)) {
            hand.press("#welcome-learn");
            window.await("the welcome is gone", () -> !window.shows("#welcome"));
            hand.press("#speed-16");
            for (Lab.Step step : window.desk.guide.lab().get().steps().subList(0, 7)) {
                doStep(step);
                hand.next();
            }
            // Who answered is asked over ten seconds of the cluster's time.
            hand.press("#speed-4");
            doStep(step("first-request"));
            assertThat(window.answersOfTheLastMinute()).isPositive();
        }
    }

    private Lab.Step step(String id) {
        return window.desk.guide.lab().get().requireStep(id);
    }

    private void doStep(Lab.Step step) {
        window.await(
                "the page of " + step.id(), () -> window.text("#step-title").equals(step.title()));
        for (Lab.Block.Commands block : step.commands()) {
            String run = "#run-" + step.id() + "-" + block.index();
            hand.run(run);
            window.await(run + " has ended", () -> window.text(run).equals("Run again"));
        }
        awaitDone(step.id());
    }

    private void awaitDone(String step) {
        window.await(step + " has its tick", () -> window.text("#step-" + step).equals("✓"));
    }

    // ---- simulated failures, and a demonstration

    @ParameterizedTest
    @MethodSource("hands")
    void aReadyClusterIsBrokenCutAndMendedAndThenShownToARoom(Function<TestWindow, Hand> by) {
        try (RealWindow real = open(by, true)) {
            WindowModels before = window.desk;
            hand.press("#welcome-break");
            window.await("the ready cluster is there", () -> window.desk != before);
            window.await("requests are answered", () -> window.answersOfTheLastMinute() > 5);

            hand.choose("worker1", "Kill");
            window.await("worker1 is killed", () -> is("worker1", Machine.State.KILLED));
            window.await("that is said", () -> window.words("#faults").contains("Power cut"));
            hand.press(".fault-row .button");
            window.await("worker1 runs again", () -> is("worker1", Machine.State.RUNNING));
            window.await("no fault is left", () -> !window.shows(".fault-row"));

            hand.cutOff("worker3");
            window.await(
                    "both sides are marked",
                    () -> window.words(".island-letter").contains("A")
                            && window.words(".island-letter").contains("B"));
            hand.mend(".tear-badge");
            window.await("the network is whole", () -> !window.shows(".fault-row"));

            hand.openStage();
            window.await("the stage is there", () -> window.shows("#stage-view"));
            window.press(KeyCode.DIGIT3);
            window.await("the third machine is without power", () -> is("worker2", Machine.State.KILLED));
            window.press(KeyCode.DIGIT3);
            window.await("it has power again", () -> is("worker2", Machine.State.RUNNING));
            String title = window.text("#stage-step-title");
            window.press(KeyCode.PAGE_UP);
            window.await(
                    "the step before", () -> !window.text("#stage-step-title").equals(title));
            window.press(KeyCode.B);
            window.press(KeyCode.PAGE_DOWN);
            assertThat(window.shows("#stage-blank")).isFalse();
            window.press(KeyCode.ESCAPE);
            window.await("the window is back", () -> window.shows("#guide"));
        }
    }

    private boolean is(String machine, Machine.State state) {
        return window.desk
                .cluster
                .snapshot()
                .get()
                .machine(machine)
                .filter(view -> view.machine().state() == state)
                .isPresent();
    }

    // ---- on one's own way

    @ParameterizedTest
    @MethodSource("hands")
    void workByHandIsMixedWithRunAndWhoSkipsIsBroughtThereAndComesBack(Function<TestWindow, Hand> by) {
        try (RealWindow real = open(by, false)) {
            hand.press("#speed-16");
            hand.type("docker-machine create leader1");
            window.await("leader1 runs", () -> is("leader1", Machine.State.RUNNING));
            hand.run("#run-machines-0");
            window.await("the block says why it cannot", () -> window.shows("#way-machines-0"));
            hand.type("docker-machine create worker1 worker2");
            awaitDone("machines");

            hand.next();
            hand.type("eval \"$(docker-machine env leader1)\" && docker swarm init");
            window.await("leader1 leads", () -> window.words("#headline").contains("leader1"));
            hand.press("#run-swarm-1");
            window.await(
                    "the block says what is missing",
                    () -> window.words(".commands-lacks").contains("$token"));
            hand.type("token=$(docker swarm join-token -q worker)");
            window.await(
                    "the shell is free", () -> !window.desk.terminal.running().get());
            hand.press("#run-swarm-1");
            awaitDone("swarm");

            WindowModels before = window.desk;
            hand.press("#step-first-request");
            hand.press("#run-first-request-0");
            window.await("the block says what is missing", () -> window.shows("#way-first-request-0"));
            hand.press("#bring-here");
            window.await("it is asked", () -> window.shows("#way"));
            hand.press("#way-yes");
            window.await("another cluster is there", () -> window.desk != before);
            assertThat(window.text("#step-title")).isEqualTo("The first request");
            assertThat(window.desk.guide.stateOf("traefik")).isEqualTo(StepState.PASSED);
            hand.run("#run-first-request-0");
            awaitDone("first-request");

            window.await("it is kept", () -> window.desk.ways.kept().isPresent());
            hand.close();
            window.await("it is asked", () -> window.shows("#closing"));
            hand.press("#closing-stay");
            hand.close();
            window.await("it is asked", () -> window.shows("#closing"));
            hand.press("#closing-close");
            window.await("the window is gone", () -> !window.open());
        }
        try (RealWindow real = open(by, false)) {
            window.await("the welcome offers to go on", () -> window.shows("#welcome-resume"));
            WindowModels before = window.desk;
            hand.press("#welcome-resume");
            window.await("the cluster is there again", () -> window.desk != before);
            assertThat(window.text("#step-title")).isEqualTo("Grow");
            assertThat(window.desk.guide.stateOf("first-request")).isEqualTo(StepState.PASSED);
        }
    }
}
