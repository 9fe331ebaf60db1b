package dev.clusterlab.lab.way;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.GuidedSession;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.LabSession.Progress;
import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.provisioning.EngineClock.Pace;
import dev.clusterlab.provisioning.LabException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** New clusters brought to points of the shipped lab, on the embedded engine. */
class RedoCommandsTest {
    private static final CheckLanguage LANGUAGE = new CheckLanguage();
    private static final Lab LAB = LabLibrary.standard(List.of(), LANGUAGE).read("resilient-swarm", Locale.ENGLISH);

    private static LabEnvironment environment() {
        return LabEnvironment.standard(new LabEnvironment.Options("embedded", 1, false, 1), LANGUAGE);
    }

    private static Progress bring(
            LabEnvironment environment, Lab lab, Destination to, Consumer<WayThere.Milestone> told)
            throws InterruptedException {
        try (var session = new GuidedSession(lab, LANGUAGE, environment.observer(), environment.shell())) {
            return new RedoCommands(session, environment.engine().clock(), environment.observer()).bring(to, told);
        }
    }

    @Test
    void aNewClusterIsWhereTheStepBeginsAndTimeHasItsPaceAgain() throws InterruptedException {
        var steps = new ArrayList<String>();
        try (LabEnvironment environment = environment()) {
            Progress progress = bring(
                    environment,
                    LAB,
                    Destination.before("network"),
                    milestone -> steps.add(milestone.number() + "/" + milestone.of() + " "
                            + milestone.step().id()));

            assertThat(progress.currentStepId()).isEqualTo("network");
            assertThat(progress.steps())
                    .containsEntry("swarm", StepState.PASSED)
                    .containsEntry("web", StepState.LOCKED);
            assertThat(progress.blocksRun()).containsEntry("swarm", List.of(0, 1));
            assertThat(environment.shell().isSet("token"))
                    .as("a variable of step 2")
                    .isTrue();
            assertThat(environment.engine().machines()).hasSize(3);
            assertThat(environment.engine().clock().pace()).isEqualTo(new Pace.Times(1));
        }
        assertThat(steps).containsExactly("1/2 machines", "2/2 swarm");
    }

    @Test
    void aPointInTheMiddleOfAStepIsReachedWithItsFirstBlocksOnly() throws InterruptedException {
        try (LabEnvironment environment = environment()) {
            Progress progress = bring(environment, LAB, new Destination("swarm", 1), milestone -> {});

            assertThat(progress.currentStepId()).isEqualTo("swarm");
            assertThat(progress.blocksRun()).containsEntry("swarm", List.of(0));
            assertThat(environment.shell().isSet("token")).isTrue();
        }
    }

    @Test
    void aStepThatDoesNotComeTrueIsSaid() {
        Lab.Step broken =
                new Lab.Step("broken", "Broken", List.of(new Lab.Block.Commands(0, "false")), List.of(), List.of(), "");
        Lab.Step next = new Lab.Step("next", "Next", List.of(), List.of(), List.of(), "");
        Lab lab = new Lab("x", "X", "", Locale.ENGLISH, List.of(Locale.ENGLISH), 1, List.of(broken, next));
        try (LabEnvironment environment = environment()) {
            assertThatThrownBy(() -> bring(environment, lab, Destination.before("next"), milestone -> {}))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("Broken")
                    .hasMessageContaining("status 1");
        }
    }

    @Test
    void theWayIsCancelledByAnInterrupt() {
        Lab.Step lasting = new Lab.Step(
                "lasting",
                "Lasting",
                List.of(new Lab.Block.Commands(0, "while true; do sleep 1000; done")),
                List.of(),
                List.of(),
                "");
        Lab.Step next = new Lab.Step("next", "Next", List.of(), List.of(), List.of(), "");
        Lab lab = new Lab("x", "X", "", Locale.ENGLISH, List.of(Locale.ENGLISH), 1, List.of(lasting, next));
        Thread traveller = Thread.currentThread();
        try (LabEnvironment environment = environment()) {
            assertThatThrownBy(() ->
                            bring(environment, lab, Destination.before("next"), milestone -> traveller.interrupt()))
                    .isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void aWholePlatformIsBuiltAgain() throws InterruptedException {
        try (LabEnvironment environment = environment()) {
            Progress progress = bring(environment, LAB, Destination.before("lose-worker"), milestone -> {});

            assertThat(progress.currentStepId()).isEqualTo("lose-worker");
            assertThat(environment.observer().observe().swarm().orElseThrow().tasksOf("web").stream()
                            .filter(task -> task.live())
                            .count())
                    .isEqualTo(10);
        }
    }
}
