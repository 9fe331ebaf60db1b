package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.way.Destination;
import dev.clusterlab.provisioning.EngineClock.Pace;
import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.model.FakeBelow;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Scenes;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.Start;
import dev.clusterlab.ui.place.DesktopEnvironments.Opened;
import java.time.Duration;
import java.util.Locale;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever is stuck, ahead, or waits, is told why and is offered a way on; on a world that is moved by hand. */
@SuppressWarnings("NullAway.Init")
class NeverADeadEndTest {
    private final FakeWorld world = new FakeWorld();
    private final Settings settings = Windows.settings(true, Locale.ENGLISH, false);
    private final FakeBelow<Opened> below = Windows.engines(world, settings);
    private TestWindow window;

    @BeforeEach
    void open() {
        window = TestWindow.open(below.model("embedded", settings.language()::get, FxThread.EXECUTOR), settings);
        window.await("the lab is there", () -> window.desk != null);
    }

    @AfterEach
    void close() {
        window.close();
    }

    private void show(dev.clusterlab.provisioning.observe.ClusterSnapshot snapshot) {
        window.show(world, snapshot);
    }

    private void look(String step) {
        Pictures.onToolkit(() -> {
            window.desk.guide.shownStep().set(step);
            return true;
        });
        window.pulse();
    }

    // ---- ways

    @Test
    void theListOfStepsLeadsToAStepInANewClusterOnceThatWasAgreedTo() {
        show(Scenes.swarm());
        window.click("#all-steps");
        window.click("#bring-first-request");
        window.await("it is asked", () -> window.shows("#way"));
        assertThat(window.words("#way"))
                .contains("Step 8: The first request", "by hand is not in it", "leader1, worker1, worker2");
        window.picture("way-question");
        window.click("#way-no");
        assertThat(below.starts).isEmpty();
        window.click("#bring-first-request");
        window.await("it is asked", () -> window.shows("#way"));
        WindowModels before = window.desk;
        window.click("#way-yes");
        window.await("the window stands on another cluster", () -> window.desk != before);
        assertThat(below.starts).containsExactly(Start.at("", Destination.before("first-request")));
    }

    @Test
    void aStepThatIsFarAheadSaysSoAndBringsOneThere() {
        look("first-request");
        assertThat(window.words("#ahead")).contains("not done yet");
        assertThat(window.shows("#finish-step")).isFalse();
        window.picture("way-ahead");
        window.click("#bring-here");
        window.await("it went there", () -> below.starts.size() == 1);
        assertThat(below.starts).containsExactly(Start.at("", Destination.before("first-request")));
    }

    @Test
    void aBlockWhoseStepsAreNotDoneIsNotRunBeforeThatWasSaid() {
        look("first-request");
        window.click("#run-first-request-0");
        window.await("it says what is missing", () -> window.shows(".commands-reason-text"));
        assertThat(window.text(".commands-reason-text")).contains("Steps 1, 2, 3, 4, 5, 6 and 7 are not done yet");
        assertThat(world.shell.ran).isEmpty();
        window.await("it is in sight", () -> {
            Bounds page = bounds("#page");
            return page.contains(bounds("#way-first-request-0"));
        });
        window.picture("way-lacks");
        assertThat(window.text("#run-first-request-0")).isEqualTo("Run anyway");
        window.click("#run-first-request-0");
        window.await("it is run all the same", () -> world.shell.ran.size() == 1);
    }

    private Bounds bounds(String selector) {
        Node node = window.find(selector).orElseThrow();
        return node.localToScene(node.getLayoutBounds());
    }

    @Test
    void aVariableThatIsNotSetIsNamedWithTheStepThatSetsIt() {
        show(Scenes.threeMachines());
        window.await("step 1 is done", () -> window.desk.guide.passed() == 1);
        world.shell.unset("token");
        look("swarm");
        window.click("#run-swarm-1");
        window.await("it says what is missing", () -> window.shows(".commands-reason-text"));
        assertThat(window.text(".commands-reason-text"))
                .isEqualTo("$token has no value in this shell: a block of step 2 sets it.");
        assertThat(world.shell.ran).isEmpty();
        window.click("#way-swarm-1");
        window.await("it is asked", () -> window.shows("#way"));
        window.click("#way-yes");
        window.await("it went there", () -> below.starts.size() == 1);
        assertThat(below.starts).containsExactly(Start.at("", new Destination("swarm", 1)));
    }

    @Test
    void aBlockThatFailedOffersAWayOut() {
        world.shell.answer((script, shell) -> 1);
        window.click("#run-machines-0");
        window.await("a way out is offered", () -> window.shows("#way-machines-0"));
    }

    @Test
    void aStepIsFinishedBlockByBlock() {
        show(Scenes.threeMachines());
        window.await("step 1 is done", () -> window.desk.guide.passed() == 1);
        look("swarm");
        window.click("#finish-step");
        window.await("both blocks ran", () -> world.shell.ran.size() == 2);
        assertThat(world.shell.ran.getFirst()).contains("swarm init");
    }

    @Test
    void aFaultCanBeTakenBack() {
        show(Scenes.manyTroubles());
        window.click("#back-fault-3");
        window.await("it is asked", () -> window.shows("#way"));
        assertThat(window.words("#way")).contains("before: worker1");
        window.click("#way-yes");
        window.await("it went there", () -> below.starts.size() == 1);
    }

    @Test
    void whatIsStillBrokenAMinuteAfterHealingIsSaid() {
        show(Scenes.workerKilled());
        show(Scenes.healedButNotWell(Duration.ZERO));
        show(Scenes.healedButNotWell(Duration.ofSeconds(61)));
        window.await("it is said", () -> window.shows(".notice"));
        assertThat(window.words(".notices"))
                .contains("Every fault is healed, and not all is well", "The node worker3 is down");
        show(Scenes.workerKilled());
        window.await("it is not true any more", () -> !window.shows(".notice"));
    }

    @Test
    void whatIsWellAfterAllIsNoLongerSaidToBeBroken() {
        show(Scenes.workerKilled());
        show(Scenes.healedButNotWell(Duration.ZERO));
        show(Scenes.healedButNotWell(Duration.ofSeconds(61)));
        window.await("it is said", () -> window.shows(".notice"));
        show(Scenes.healedButNotWell(Duration.ofSeconds(90)));
        assertThat(window.shows(".notice")).as("it is still true").isTrue();
        show(Scenes.platform().build());
        window.await("it is not true any more", () -> !window.shows(".notice"));
    }

    // ---- time that stands

    @Test
    void whoWaitsWhileTimeStandsIsToldSo() {
        world.shell.answer((script, shell) -> shell.waitForever());
        window.click("#pause");
        window.press(KeyCode.CONTROL, KeyCode.DIGIT2);
        window.write("fault heal fault-1");
        window.press(KeyCode.ENTER);
        window.await("it says that time stands", () -> window.shows("#paused-bar"));
        assertThat(window.words("#paused-bar")).contains("Time is paused").contains("fault heal fault-1");
        window.picture("paused");
        window.press(KeyCode.CONTROL, KeyCode.SPACE);
        window.await("time goes on", () -> world.clock.pace().equals(new Pace.Times(1)));
        assertThat(window.shows("#paused-bar")).isFalse();
        window.press(KeyCode.CONTROL, KeyCode.C);
    }

    @Test
    void spaceInAListDoesNotPause() {
        show(Scenes.threeMachines());
        world.shell.print("a line");
        window.await("it is printed", () -> window.words("#terminal-lines").contains("a line"));
        Pictures.onToolkit(() -> {
            window.find("#terminal-lines").orElseThrow().requestFocus();
            return true;
        });
        window.press(KeyCode.SPACE);
        assertThat(world.clock.pace()).isEqualTo(new Pace.Times(1));
        window.press(KeyCode.CONTROL, KeyCode.DIGIT5);
        window.press(KeyCode.SPACE);
        assertThat(world.clock.pace()).isEqualTo(new Pace.Paused());
    }

    // ---- keys

    @Test
    void runOnAStepThatIsDoneGoesOn() {
        show(Scenes.threeMachines());
        window.await("step 1 is done", () -> window.desk.guide.passed() == 1);
        look("machines");
        window.press(KeyCode.CONTROL, KeyCode.R);
        window.await("the next step is shown", () -> window.text("#step-title").equals("One swarm"));
        assertThat(world.shell.ran).isEmpty();
    }

    @Test
    void theNextStepIsReachedFromTheTerminal() {
        window.press(KeyCode.CONTROL, KeyCode.DIGIT2);
        window.press(KeyCode.CONTROL, KeyCode.RIGHT);
        assertThat(window.text("#step-title")).isEqualTo("One swarm");
        window.write("docker node ls");
        window.press(KeyCode.CONTROL, KeyCode.LEFT);
        assertThat(window.text("#step-title"))
                .as("words are walked through first")
                .isEqualTo("One swarm");
    }
}
