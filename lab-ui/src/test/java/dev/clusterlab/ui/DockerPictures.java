package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.docker.DockerLabs;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.NodeState;
import dev.clusterlab.ui.model.GuideModel.BlockId;
import dev.clusterlab.ui.model.GuideModel.BlockState;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology.View;
import dev.clusterlab.ui.model.TrafficSeries;
import dev.clusterlab.ui.model.TrafficSeries.Column;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Takes pictures of the window with real Docker at work, in {@code target/pictures/docker-*.png}, for people to look at. It
 * does the first ten steps of the lab and breaks what they made, which takes minutes: run by {@code bench/docker-pictures}
 * only.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class DockerPictures {
    /** Step after which all of the platform is there, with two managers. */
    private static final String COMPLETE = "scale";

    /** Wall-clock time, for what real machines do. */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    /** Answers in the last minute that make a chart worth looking at; the client asks three hundred times. */
    private static final int ANSWERS = 240;

    private static final int CALM_SECONDS = 8;

    @BeforeAll
    static void needsAnEngine() {
        RealWindow.requireDocker();
    }

    @Test
    void thePlatformOnRealMachinesAndWhatBreaksIt() {
        try (RealWindow real = RealWindow.open("docker", Windows.settings(true, Locale.ENGLISH, false))) {
            TestWindow window = real.window;
            real.awaitOn("docker");
            doTheLab(window);
            platform(window);
            loseAWorker(window);
            loseTheQuorum(window);
            removeEverything(real);
        }
    }

    @ParameterizedTest
    @CsvSource({"dark, en", "light, fr"})
    void theWayToDockerAndBack(String theme, Locale language) throws Exception {
        List<String> before = labs();
        RealWindow.killedAfterMaking("leader1", "worker1");
        String left =
                labs().stream().filter(id -> !before.contains(id)).findFirst().orElseThrow();
        String name = "docker-" + theme + "-" + language + "-";
        Texts texts = Texts.of(language);
        try (RealWindow real = RealWindow.open("embedded", Windows.settings(theme.equals("dark"), language, false))) {
            TestWindow window = real.window;
            real.awaitOn("embedded");
            window.click("#run-machines-0");
            await(
                    window,
                    "machines are there to be lost",
                    () -> window.desk.machines().size() == 3);
            real.chooseInMenu(texts.get("menu.engine.docker"));
            window.await("it asks", () -> window.shows("#engine-change"));
            window.picture(name + "1-change");
            window.press(KeyCode.ENTER);
            window.await(
                    "it asks for the other", () -> window.words("#left-over").contains(left));
            window.picture(name + "2-left-over");
            window.click("#left-over-no");
            real.awaitOn("docker");
            window.click("#run-machines-0");
            await(
                    window,
                    "machines wait",
                    () -> window.words("#topology").contains(texts.get("progress.starting_daemon")));
            window.picture(name + "3-machines-made");
            await(window, "the first step is passed", () -> window.desk.guide.stateOf("machines") == StepState.PASSED);
            real.chooseInMenu(texts.get("menu.labs"));
            window.await(
                    "they are listed", () -> window.shows("#remove-lab-" + left) && window.shows("#lab-" + real.lab()));
            window.picture(name + "4-labs");
            window.click("#remove-lab-" + left);
            window.click("#remove-labs-yes");
            window.await("it is removed", () -> window.shows("#labs .notice-good") && !window.shows("#lab-" + left));
            window.picture(name + "5-labs-removed");
            window.press(KeyCode.ESCAPE);
            real.chooseInMenu(texts.get("menu.remove"));
            window.await("it asks", () -> window.shows("#remove-everything"));
            window.picture(name + "6-remove-everything");
            window.press(KeyCode.ENTER);
            await(window, "it is said", () -> window.shows(".notices .notice-good"));
            window.picture(name + "7-everything-removed");
        }
        assertThat(labs()).isEqualTo(before);
    }

    private static List<String> labs() {
        return RealWindow.onTheEngine().stream().map(DockerLabs.Lab::id).toList();
    }

    // ---- the lab

    private static void doTheLab(TestWindow window) {
        for (Lab.Step step : window.desk.guide.lab().get().steps()) {
            for (Lab.Block.Commands block : step.commands()) {
                run(window, new BlockId(step.id(), block.index()));
            }
            await(
                    window,
                    "step " + step.id() + " is passed",
                    () -> window.desk.guide.stateOf(step.id()) == StepState.PASSED);
            if (step.id().equals("swarm")) {
                window.picture("docker-overview");
            }
            if (step.id().equals(COMPLETE)) {
                return;
            }
            window.click("#next-step");
        }
    }

    private static void run(TestWindow window, BlockId block) {
        window.click("#run-" + block.stepId() + "-" + block.index());
        switch (block.stepId()) {
            case "machines" -> {
                window.await(
                        "machines wait for their daemons",
                        () -> window.words("#topology").contains("waiting for its Docker daemon"));
                window.picture("docker-machines-made");
            }
            case "consul", "web" -> {
                window.await(
                        "an image is on its way, or all is done",
                        () -> window.shows("#progress .progress-row") || ended(window, block));
                window.picture("docker-images-" + block.stepId());
            }
            default -> {}
        }
        await(window, "block " + block + " ends", () -> ended(window, block));
        assertThat(window.desk.guide.blocks().get(block))
                .as(window.words(".commands-reason"))
                .isInstanceOfSatisfying(
                        BlockState.Ended.class,
                        ended -> assertThat(ended.status()).isZero());
    }

    private static boolean ended(TestWindow window, BlockId block) {
        return window.desk.guide.blocks().get(block) instanceof BlockState.Ended;
    }

    private static void platform(TestWindow window) {
        window.click("#client");
        window.view(View.TRAFFIC);
        window.press(KeyCode.CONTROL, KeyCode.DIGIT4);
        // The overview shows where the engine of this computer answers, which is no one else's business.
        window.select(new Selection.OfMachine("worker1"));
        await(window, "most of a minute is answered", () -> window.answersOfTheLastMinute() > ANSWERS);
        window.picture("docker-platform");
        window.click("#theme");
        window.picture("docker-platform-light");
        window.press(KeyCode.CONTROL, KeyCode.E);
        window.await("it is in French", () -> window.words("#engine-menu").startsWith("moteur"));
        await(window, "so is the lab", () -> window.words("#step-title").startsWith("Passer"));
        window.view(View.CONSUL);
        window.picture("docker-platform-fr");
        window.press(KeyCode.CONTROL, KeyCode.E);
        window.click("#theme");
        await(window, "English again", () -> window.words("#step-title").startsWith("Scale"));
    }

    // ---- what is lost

    private static void loseAWorker(TestWindow window) {
        window.view(View.SWARM);
        kill(window, "worker3");
        await(
                window,
                "Swarm calls it down and its tasks run elsewhere",
                () -> window.desk.cluster.events().stream()
                                .anyMatch(e -> e instanceof ClusterEvent.NodeStateChanged changed
                                        && changed.node().name().equals("worker3")
                                        && changed.after() == NodeState.DOWN)
                        && window.words("#machine-worker3").contains("lost"));
        window.press(KeyCode.CONTROL, KeyCode.DIGIT3);
        window.picture("docker-worker-killed");
        window.click(".fault-row .button");
        await(window, "it is back", () -> window.words("#machine-worker3").contains("ready"));
    }

    private static void loseTheQuorum(TestWindow window) {
        window.press(KeyCode.CONTROL, KeyCode.DIGIT2);
        window.write("docker node promote worker1");
        window.press(KeyCode.ENTER);
        await(
                window,
                "three managers can be reached",
                () -> window.words("#headline").contains("3 of 3"));
        kill(window, "leader2");
        kill(window, "worker1");
        await(window, "the quorum is lost", () -> window.words("#headline").contains("no leader"));
        await(window, "clients get answers again, without a quorum", () -> answered(window));
        window.select(new Selection.OfMachine("leader1"));
        window.press(KeyCode.CONTROL, KeyCode.DIGIT4);
        window.picture("docker-quorum-lost");
        window.view(View.TRAFFIC);
        window.picture("docker-quorum-lost-traffic");
        window.click("#theme");
        window.press(KeyCode.CONTROL, KeyCode.E);
        await(window, "the lab is in French", () -> window.words("#step-title").startsWith("Passer"));
        window.view(View.SWARM);
        window.picture("docker-quorum-lost-light-fr");
        window.press(KeyCode.CONTROL, KeyCode.E);
        window.click("#theme");
        await(window, "English again", () -> window.words("#step-title").startsWith("Scale"));
    }

    /** Whether no request of the last seconds was lost. */
    private static boolean answered(TestWindow window) {
        ClusterSnapshot snapshot = window.desk.cluster.snapshot().get();
        List<Column> columns = TrafficSeries.of(snapshot, List.of(), Sentences.of(Locale.ENGLISH))
                .columns();
        return columns.subList(columns.size() - CALM_SECONDS, columns.size()).stream()
                .allMatch(column -> column.good() == column.total());
    }

    private static void kill(TestWindow window, String machine) {
        window.click("#machine-" + machine + " .machine-name");
        window.click("#action-kill");
        window.press(KeyCode.ENTER);
        await(
                window,
                machine + " is killed",
                () -> window.desk
                        .cluster
                        .snapshot()
                        .get()
                        .machine(machine)
                        .filter(m -> m.machine().state() == Machine.State.KILLED)
                        .isPresent());
    }

    private static void removeEverything(RealWindow real) {
        TestWindow window = real.window;
        String lab = real.lab();
        real.chooseInMenu("Remove everything of this lab…");
        window.await("it asks", () -> window.shows("#remove-everything"));
        window.picture("docker-remove-everything");
        window.press(KeyCode.ESCAPE);
        real.chooseInMenu("Embedded engine: simulated machines, no Docker");
        window.await("it asks", () -> window.shows("#engine-change"));
        window.picture("docker-change");
        window.press(KeyCode.ENTER);
        window.await("machines are removed", () -> window.words(".busy").contains("Removing"));
        window.picture("docker-removing");
        real.awaitOn("embedded");
        await(window, "nothing of it is left", () -> !labs().contains(lab));
    }

    private static void await(TestWindow window, String what, BooleanSupplier condition) {
        window.await(what, TIMEOUT, condition);
    }
}
