package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.provisioning.EngineClock.Pace;
import dev.clusterlab.ui.model.Settings;
import java.util.Locale;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;

/** Ways through the lab in the window as the program opens it, on the embedded engine. */
class BroughtThereTest {
    @Test
    void whoIsBroughtToAStepGoesOnThereAndCanGoBackToBeforeAFault() {
        try (RealWindow real = RealWindow.open("embedded", Windows.settings(true, Locale.ENGLISH, false))) {
            TestWindow window = real.window;
            window.await("the lab is there", () -> window.desk != null);
            window.click("#all-steps");
            window.click("#bring-visualizer");
            window.await(
                    "step 4 is reached",
                    () -> window.desk.guide.progress().get().currentStepId().equals("visualizer"));
            assertThat(window.text("#step-title")).isEqualTo("See the swarm");
            assertThat(window.desk.guide.stateOf("network")).isEqualTo(StepState.PASSED);
            assertThat(window.desk.machines()).containsExactly("leader1", "worker1", "worker2");
            assertThat(window.desk.context.engine().clock().pace()).isEqualTo(new Pace.Times(1));

            Pictures.onToolkit(() -> {
                window.desk.terminals.open("worker1");
                return true;
            });
            window.press(KeyCode.ALT, KeyCode.DIGIT1);
            window.write("docker-machine kill worker2");
            window.press(KeyCode.ENTER);
            window.await("back is offered", () -> window.shows("#back-fault-1"));
            WindowModels broken = window.desk;
            window.click("#back-fault-1");
            window.await("it is asked", () -> window.shows("#way"));
            window.click("#way-yes");
            window.await("another cluster is there", () -> window.desk != broken);
            assertThat(window.desk.guide.progress().get().currentStepId()).isEqualTo("visualizer");
            assertThat(window.desk.terminals.logins().machines())
                    .as("who was logged in is so again")
                    .containsExactly("worker1");
            assertThat(window.desk.cluster.snapshot().get().faults()).isEmpty();
            window.await(
                    "the first cluster is gone",
                    () -> window.engines.tasks().running().isEmpty());
        }
    }

    @Test
    void aReadyClusterWithTrafficIsHadFromTheWelcome() {
        Settings settings = Windows.settings(true, Locale.ENGLISH, false);
        settings.newcomer().set(true);
        try (RealWindow real = RealWindow.open("embedded", settings)) {
            TestWindow window = real.window;
            window.await("the welcome is there", () -> window.shows("#welcome-break"));
            WindowModels before = window.desk;
            window.click("#welcome-break");
            window.await("the ready cluster is there", () -> window.desk != before);
            assertThat(window.desk.client().get()).isTrue();
            assertThat(window.desk.context.engine().clock().pace()).isEqualTo(new Pace.Times(1));
            assertThat(window.desk.machines()).hasSize(5);
            window.await("requests are answered", () -> window.answersOfTheLastMinute() > 10);
        }
    }
}
