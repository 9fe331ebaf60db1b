package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.provisioning.ClusterEvent;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.ui.model.GuideModel.BlockId;
import dev.clusterlab.ui.model.GuideModel.BlockState;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Topology.View;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Takes pictures of the window with real Docker at work, in {@code target/pictures/docker-*.png}, for people to look at. It
 * does the first ten steps of the lab and takes minutes: no test, and run by {@code bench/docker-pictures} only.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class DockerPictures {
    /** Step after which all of the platform is there, with two managers. */
    private static final String COMPLETE = "scale";

    private static final long PATIENCE_MINUTES = 5;

    @Test
    void takeThem() throws InterruptedException {
        RealWindow.requireDocker();
        try (RealWindow real = RealWindow.open("docker", Windows.settings(true, Locale.ENGLISH, false))) {
            TestWindow window = real.window;
            real.awaitOn("docker");
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
                    break;
                }
                window.click("#next-step");
            }
            platform(window);
            breakIt(window);
            question(real);
        }
    }

    /** Of the machines while they are made. */
    private static void run(TestWindow window, BlockId block) throws InterruptedException {
        window.click("#run-" + block.stepId() + "-" + block.index());
        if (block.stepId().equals("machines")) {
            window.await(
                    "machines wait for their daemons",
                    () -> window.words("#progress").contains("waiting for its Docker daemon"));
            window.picture("docker-machines-made");
        }
        if (block.stepId().equals("consul") || block.stepId().equals("web")) {
            window.await(
                    "an image is on its way, or all is done",
                    () -> window.shows("#progress .progress-row")
                            || window.desk.guide.blocks().get(block) instanceof BlockState.Ended);
            window.picture("docker-images-" + block.stepId());
        }
        await(
                window,
                "block " + block + " ends",
                () -> window.desk.guide.blocks().get(block) instanceof BlockState.Ended);
        assertThat(window.desk.guide.blocks().get(block))
                .as(window.words(".commands-reason"))
                .isInstanceOfSatisfying(
                        BlockState.Ended.class,
                        ended -> assertThat(ended.status()).isZero());
    }

    private static void platform(TestWindow window) throws InterruptedException {
        window.click("#client");
        view(window, View.TRAFFIC);
        window.press(KeyCode.CONTROL, KeyCode.DIGIT4);
        // The overview shows where the engine of this computer answers, which is no one else's business.
        select(window, new Selection.OfMachine("worker1"));
        TimeUnit.SECONDS.sleep(60);
        window.picture("docker-platform");
        select(window, Selection.NOTHING);
        window.click("#theme");
        window.picture("docker-platform-light");
        window.press(KeyCode.CONTROL, KeyCode.E);
        window.await("it is in French", () -> window.words("#engine-menu").startsWith("moteur"));
        await(window, "so is the lab", () -> window.words("#step-title").startsWith("Passer"));
        view(window, View.CONSUL);
        window.picture("docker-platform-fr");
        window.press(KeyCode.CONTROL, KeyCode.E);
        window.click("#theme");
        await(window, "English again", () -> window.words("#step-title").startsWith("Scale"));
    }

    private static void breakIt(TestWindow window) throws InterruptedException {
        view(window, View.SWARM);
        kill(window, "worker3");
        await(
                window,
                "Swarm calls it down and its tasks run elsewhere",
                () -> window.desk.cluster.events().stream()
                                .anyMatch(e -> e.kind() == ClusterEvent.Kind.NODE
                                        && e.subject().equals("worker3")
                                        && e.severity() == ClusterEvent.Severity.BAD)
                        && window.words("#machine-worker3").contains("lost"));
        window.press(KeyCode.CONTROL, KeyCode.DIGIT3);
        window.picture("docker-worker-killed");
        kill(window, "leader2");
        await(window, "the quorum is lost", () -> window.words(".headline").contains("no leader"));
        TimeUnit.SECONDS.sleep(5);
        select(window, new Selection.OfMachine("leader1"));
        window.picture("docker-quorum-lost");
    }

    private static void kill(TestWindow window, String machine) throws InterruptedException {
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

    private static void question(RealWindow real) {
        TestWindow window = real.window;
        real.chooseInMenu("Labs on this engine…");
        window.await("they are listed", () -> window.shows("#lab-" + real.lab()));
        window.picture("docker-labs");
        window.press(KeyCode.ESCAPE);
        real.chooseInMenu("Embedded engine: simulated machines, no Docker");
        window.await("it asks", () -> window.shows("#engine-change"));
        window.picture("docker-change");
        window.press(KeyCode.ENTER);
        window.await("machines are removed", () -> window.words(".busy").contains("Removing"));
        window.picture("docker-removing");
        real.awaitOn("embedded");
    }

    private static void select(TestWindow window, Selection selection) {
        Pictures.onToolkit(() -> {
            window.desk.cluster.selection().set(selection);
            return true;
        });
    }

    private static void view(TestWindow window, View view) {
        Pictures.onToolkit(() -> {
            window.desk.cluster.view().set(view);
            return true;
        });
    }

    /** With more patience than a test has. */
    private static void await(TestWindow window, String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(PATIENCE_MINUTES);
        while (!Pictures.onToolkit(condition::getAsBoolean)) {
            if (System.nanoTime() > end) {
                window.picture("docker-failure");
                throw new AssertionError("waited " + PATIENCE_MINUTES + " minutes in vain until " + what);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }
}
