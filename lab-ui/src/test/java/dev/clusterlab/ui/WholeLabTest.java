package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabEnvironment;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.lab.cli.DesktopLauncher;
import dev.clusterlab.ui.model.GuideModel.BlockId;
import dev.clusterlab.ui.model.GuideModel.BlockState;
import dev.clusterlab.ui.model.Topology.View;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The whole lab as a learner does it: through the window, on the real embedded engine, by clicking Run. */
class WholeLabTest {
    /** As fast as the engine goes; the simulation keeps up with it on a slow computer by falling behind. */
    private static final double SPEED = 64;

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
    void everyStepIsDoneByClickingRun() {
        try (DesktopEnvironment environment = environment();
                TestWindow window = TestWindow.open(environment.open(), Windows.settings(true, Locale.ENGLISH, false));
                Latency latency = new Latency(Path.of("target", "responsiveness.txt"))) {
            int number = 0;
            for (Lab.Step step : window.desk.guide.lab().get().steps()) {
                number++;
                assertThat(window.text("#step-title")).isEqualTo(step.title());
                for (Lab.Block.Commands block : step.commands()) {
                    run(window, new BlockId(step.id(), block.index()));
                }
                window.await(
                        "step " + step.id() + " is passed; missing: " + window.words("#checks"),
                        () -> window.desk.guide.stateOf(step.id()) == StepState.PASSED);
                window.await(
                        "its number has a tick",
                        () -> window.text("#step-" + step.id()).equals("✓"));
                show(window, step, number);
                if (window.desk.guide.hasNext()) {
                    window.click("#next-step");
                }
            }
            assertThat(window.desk.guide.finished()).isTrue();
            assertThat(window.words("#checks")).contains(window.desk.texts().get("guide.finished"));
            assertThat(window.text("#step-count")).isEqualTo("15 of 15 done");
        }
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

    private static void show(TestWindow window, Lab.Step step, int number) {
        Pictures.onToolkit(() -> {
            window.desk.cluster.view().set(VIEWS.getOrDefault(step.id(), View.SWARM));
            return true;
        });
        String name = String.format(Locale.ROOT, "lab-%02d-%s", number, step.id());
        window.picture(name + "-dark");
        window.click("#theme");
        window.picture(name + "-light");
        window.click("#theme");
    }
}
