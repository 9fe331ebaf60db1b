package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.Asked;
import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.lab.Prediction;
import dev.clusterlab.lab.cli.DesktopLauncher;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.provisioning.UserFolders;
import dev.clusterlab.ui.model.GuideModel.BlockId;
import dev.clusterlab.ui.model.GuideModel.BlockState;
import dev.clusterlab.ui.model.PredictionsModel.State;
import dev.clusterlab.ui.model.Topology.View;
import dev.clusterlab.ui.place.DesktopEnvironment;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;

/** The whole lab as a learner does it: through the window, on the real embedded engine, by clicking Run. */
class WholeLabTest {
    /** As fast as the engine goes; the simulation keeps up with it on a slow computer by falling behind. */
    private static final double SPEED = 64;

    /** Its check asks who answered in the last ten seconds of engine time, which a busy computer could let pass unseen. */
    private static final String BRIEF = "first-request";

    private static final double SPEED_OF_BRIEF = 4;

    /** Steps that are best looked at from another side than the swarm's. */
    private static final Map<String, View> VIEWS = Map.of(
            "consul", View.CONSUL,
            "traefik", View.TRAFFIC,
            "first-request", View.TRAFFIC,
            "lose-worker", View.TRAFFIC,
            "single-point", View.CONSUL,
            "repair", View.CONSUL,
            "prove", View.TRAFFIC);

    private final CheckLanguage language = new CheckLanguage();

    private DesktopEnvironment environment() {
        return new DesktopEnvironment(
                new DesktopLauncher.Request(
                        options -> LabEnvironment.standard(options, language),
                        new LabEnvironment.Options("embedded", 1, false, SPEED),
                        LabLibrary.standard(List.of(), language),
                        "resilient-swarm"),
                language);
    }

    @Test
    void everyStepIsDoneByClickingRun() throws IOException {
        try (DesktopEnvironment environment = environment();
                TestWindow window = TestWindow.open(environment.open(), Windows.settings(true, Locale.ENGLISH, false));
                Latency latency = new Latency(Path.of("target", "responsiveness.txt"))) {
            int number = 0;
            for (Lab.Step step : window.desk.guide.lab().get().steps()) {
                number++;
                assertThat(window.text("#step-title")).isEqualTo(step.title());
                pace(window, step.id().equals(BRIEF) ? SPEED_OF_BRIEF : SPEED);
                predict(window, step);
                for (Lab.Block.Commands block : step.commands()) {
                    run(window, new BlockId(step.id(), block.index()));
                    gradedOfFaults(window, step, block.index());
                }
                window.await(
                        "step " + step.id() + " is passed; missing: " + window.words("#checks"),
                        () -> window.desk.guide.stateOf(step.id()) == StepState.PASSED);
                window.await(
                        "its number has a tick",
                        () -> window.text("#step-" + step.id()).equals("✓"));
                show(window, step, number);
                if (step.id().equals("scale")) {
                    sendTraffic(window);
                }
                if (window.desk.guide.hasNext()) {
                    window.click("#next-step");
                }
            }
            assertThat(window.desk.guide.finished()).isTrue();
            assertThat(window.words("#checks")).contains(window.desk.texts().get("guide.finished"));
            assertThat(window.text("#step-count")).isEqualTo("15 of 15 done");
            everyPredictionIsGraded(window);
            isTakenAlong(window);
            writeMemory();
        }
    }

    /** What was built goes along, from the window's menu. */
    private static void isTakenAlong(TestWindow window) throws IOException {
        Path exports = UserFolders.ofThisUser().data().resolve("exports");
        window.help("menu-export");
        window.await("it is said where it is", () -> window.words(".notices").contains("for a swarm elsewhere"));
        window.picture("taken-along");
        try (Stream<Path> folders = Files.list(exports)) {
            Path folder = folders.max(Comparator.naturalOrder()).orElseThrow();
            assertThat(folder.resolve("stack.yaml"))
                    .content()
                    .contains("consul-agents:")
                    .contains("replicas: 10");
            assertThat(folder.resolve("commands.sh")).content().contains("docker service scale web=10");
        }
    }

    /** Guesses something for every question of a step that has something to guess, as one who does not know. */
    private static void predict(TestWindow window, Lab.Step step) {
        for (Asked asked : Asked.of(step)) {
            String id = step.id() + "-" + asked.number();
            if (asked.prediction().options().isEmpty()) {
                window.click("#guess-number-" + id);
                window.write("12");
            } else {
                window.click("#guess-" + id + "-1");
            }
            window.click("#guess-" + id);
            assertThat(window.text("#guess-said-" + id)).contains("Your guess is locked in");
        }
    }

    /** Waits until those about the block that was run are graded: the page moves a little then, and no click must miss. */
    private static void gradedOfFaults(TestWindow window, Lab.Step step, int block) {
        List<Asked> about = Asked.of(step).stream()
                .filter(asked -> asked.before().equals(OptionalInt.of(block))
                        && asked.prediction().measure() instanceof Prediction.Measure.OfFault)
                .toList();
        window.await(
                "the guesses about a fault are graded",
                () -> about.stream().allMatch(asked -> window.desk.predictions.of(asked) instanceof State.Graded));
    }

    /** By what really happened; which values that were is written down for those who write questions. */
    private static void everyPredictionIsGraded(TestWindow window) throws IOException {
        List<Asked> all = window.desk.guide.lab().get().steps().stream()
                .flatMap(step -> Asked.of(step).stream())
                .toList();
        window.await("every prediction is graded", () -> {
            window.desk.predictions.refresh();
            return all.stream().allMatch(asked -> window.desk.predictions.of(asked) instanceof State.Graded);
        });
        assertThat(all).hasSizeGreaterThanOrEqualTo(12);
        List<String> lines = new ArrayList<>();
        for (Asked asked : all) {
            if (window.desk.predictions.of(asked) instanceof State.Graded graded) {
                lines.add(asked.step() + " " + asked.number() + ": " + graded.measured()
                        + (graded.right() ? ", guessed" : ""));
            }
        }
        Files.write(Path.of("target", "predictions.txt"), lines);
        assertThat(lines).as("Traefik knows both by then").contains("traefik 1: 2.0");
        assertThat(window.desk.predictions.score().graded()).isEqualTo(all.size());
    }

    /** Written down, not judged: this process holds the test's tools and pictures as well. */
    private static void writeMemory() throws IOException {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
        Path smaps = Path.of("/proc/self/smaps_rollup");
        String resident = Files.isReadable(smaps)
                ? Files.readAllLines(smaps).stream()
                        .filter(line -> line.startsWith("Rss:"))
                        .findFirst()
                        .orElse("")
                : "resident memory is known on Linux only";
        Files.writeString(
                Path.of("target", "memory.txt"),
                "at the end of the lab: " + heap + " MB of heap in use after a collection; " + resident + "\n");
    }

    private static void run(TestWindow window, BlockId block) {
        window.click("#run-" + block.stepId() + "-" + block.index());
        window.await(
                "block " + block + " has ended",
                () -> window.desk.guide.blocks().get(block) instanceof BlockState.Ended);
        assertThat(window.desk.guide.blocks().get(block))
                .as(block + ": " + window.words(".commands-reason"))
                .isInstanceOfSatisfying(
                        BlockState.Ended.class,
                        ended -> assertThat(ended.status()).isZero());
    }

    /** Switches the client on for a minute of the engine's time; its picture is that of the user guide. */
    private static void sendTraffic(TestWindow window) {
        window.click("#speed-4");
        window.click("#client");
        window.click("#view-traffic");
        window.click("#machine-worker1 .machine-name");
        window.press(KeyCode.CONTROL, KeyCode.DIGIT4);
        window.await("a minute of answers has come", () -> window.answersOfTheLastMinute() > 250);
        window.picture("desktop");
        assertThat(window.words(".meter")).contains("answered well");
        window.click("#client");
        window.click("#close-inspector");
        window.press(KeyCode.CONTROL, KeyCode.DIGIT2);
    }

    private static void pace(TestWindow window, double factor) {
        Pictures.onToolkit(() -> {
            window.desk.time.faster(factor);
            return true;
        });
    }

    private static void show(TestWindow window, Lab.Step step, int number) {
        window.view(VIEWS.getOrDefault(step.id(), View.SWARM));
        String name = String.format(Locale.ROOT, "lab-%02d-%s", number, step.id());
        window.picture(name + "-dark");
        window.click("#theme");
        window.picture(name + "-light");
        window.click("#theme");
    }
}
