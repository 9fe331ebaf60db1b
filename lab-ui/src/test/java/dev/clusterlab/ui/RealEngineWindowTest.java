package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.docker.DockerLabs;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The window on real Docker: it comes to it, works on it, takes up what a killed program left, and leaves nothing. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RealEngineWindowTest {
    @BeforeAll
    static void needsAnEngine() {
        RealWindow.requireDocker();
    }

    private static List<String> labs() {
        return RealWindow.onTheEngine().stream().map(DockerLabs.Lab::id).toList();
    }

    @Test
    void machinesOfTheFirstStepAreMadeOnDockerAndGoWithTheChangeBack() {
        List<String> before = labs();
        try (RealWindow real = RealWindow.open("embedded", Windows.settings(true, Locale.ENGLISH, false))) {
            TestWindow window = real.window;
            real.awaitOn("embedded");
            real.chooseInMenu("Docker engine: real machines on this computer");
            real.awaitOn("docker");
            String lab = real.lab();
            assertThat(window.find("#pause").orElseThrow().isDisabled()).isTrue();
            window.click("#run-machines-0");
            window.await(
                    "it is seen being made",
                    () -> window.words("#machine-leader1").contains("being made"));
            window.await("the first step is passed", () -> window.desk.guide.stateOf("machines") == StepState.PASSED);
            window.press(KeyCode.CONTROL, KeyCode.I);
            window.await(
                    "what the host can do is said",
                    () -> window.words("#inspector").contains("Isolation"));
            assertThat(window.text("#engine-menu")).matches("Docker engine \\d+\\..*");
            assertThat(RealWindow.onTheEngine())
                    .filteredOn(each -> each.id().equals(lab))
                    .singleElement()
                    .satisfies(each -> assertThat(each.machines()).containsExactly("leader1", "worker1", "worker2"));
            real.chooseInMenu("Embedded engine: simulated machines, no Docker");
            window.await("it asks", () -> window.words("#engine-change").contains("leader1, worker1, worker2"));
            window.press(KeyCode.ENTER);
            real.awaitOn("embedded");
            assertThat(window.desk.machines()).isEmpty();
            window.await(
                    "the machines are removed",
                    () -> window.engines.tasks().running().isEmpty());
            assertThat(labs()).isEqualTo(before);
        }
    }

    @Test
    void oneIsBroughtToAStepOnDockerAndHasShellsAndLeasesThere() {
        List<String> before = labs();
        try (RealWindow real = RealWindow.open("docker", Windows.settings(true, Locale.ENGLISH, false))) {
            TestWindow window = real.window;
            real.awaitOn("docker");
            String first = real.lab();
            window.click("#all-steps");
            window.click("#bring-network");
            window.await("another lab is there", () -> !real.lab().equals(first));
            real.awaitOn("docker");
            assertThat(window.desk.guide.stateOf("swarm")).isEqualTo(StepState.PASSED);
            assertThat(window.desk.machines()).containsExactly("leader1", "worker1", "worker2");

            Pictures.onToolkit(() -> {
                window.desk.terminals.open("worker1");
                window.desk
                        .terminals
                        .on("worker1")
                        .orElseThrow()
                        .terminal()
                        .enter("docker info --format 'this is {{.Name}}'");
                window.desk.terminal.enter("fault network.partition leader1,worker1 worker2 --for 2m");
                return true;
            });
            window.await(
                    "the machine's own daemon answers",
                    () -> window.words("#terminal-lines").contains("this is worker1"));
            window.await("the cut ends by itself", () -> window.shows("#extend-fault-1"));
            Instant end = end(window);
            window.click("#extend-fault-1");
            window.await("it ends a minute later", () -> end(window).equals(end.plusSeconds(60)));
            window.click("#heal-fault-1");
            window.await("it is healed", () -> !window.shows("#heal-fault-1"));
            window.await(
                    "the lab that was left is removed",
                    () -> window.engines.tasks().running().isEmpty());
            assertThat(labs()).doesNotContain(first);
        }
        assertThat(labs()).isEqualTo(before);
    }

    /** When the only fault ends by itself. */
    private static Instant end(TestWindow window) {
        return window.desk.cluster.snapshot().get().faults().getFirst().until().orElseThrow();
    }

    @Test
    void aLabThatAKilledProgramLeftIsTakenUpAndThenRemovedInTheWindow() throws Exception {
        List<String> before = labs();
        RealWindow.killedAfterMaking("leader1");
        String left =
                labs().stream().filter(id -> !before.contains(id)).findFirst().orElseThrow();
        try (RealWindow real = RealWindow.open("docker", Windows.settings(true, Locale.ENGLISH, false))) {
            TestWindow window = real.window;
            window.await("it asks", () -> window.words("#left-over").contains(left));
            assertThat(window.words("#left-over")).contains("leader1", "one machine, one network");
            window.picture("docker-left-over");
            window.press(KeyCode.ENTER);
            real.awaitOn("docker");
            assertThat(real.lab()).isEqualTo(left);
            window.await(
                    "its machine is there",
                    () -> window.desk
                            .cluster
                            .snapshot()
                            .get()
                            .machine("leader1")
                            .filter(m -> m.answering() && m.machine().state() == Machine.State.RUNNING)
                            .isPresent());
            real.chooseInMenu("Remove everything of this lab…");
            window.await("it asks", () -> window.words("#remove-everything").contains(left));
            window.press(KeyCode.ENTER);
            window.await("it is said", () -> window.words(".notices").contains("Everything of the lab was removed"));
            assertThat(window.words(".notices")).contains("one machine, one network, one disk");
            assertThat(labs()).doesNotContain(left);
            assertThat(window.desk.machines()).isEmpty();
        }
        assertThat(labs()).isEqualTo(before);
    }
}
