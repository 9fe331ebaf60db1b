package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.cli.DesktopLauncher;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.ui.place.DesktopEnvironment;
import java.util.List;
import java.util.Locale;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;

/** The window on the real embedded engine. */
class EngineWindowTest {
    private final CheckLanguage language = new CheckLanguage();

    private DesktopEnvironment environment() {
        return new DesktopEnvironment(
                new DesktopLauncher.Request(
                        options -> LabEnvironment.standard(options, language),
                        new LabEnvironment.Options("embedded", 1, false, 16),
                        LabLibrary.standard(List.of(), language),
                        "resilient-swarm"),
                language);
    }

    private static boolean is(TestWindow window, String machine, Machine.State state) {
        return window.desk
                .cluster
                .snapshot()
                .get()
                .machine(machine)
                .filter(m -> m.machine().state() == state)
                .isPresent();
    }

    @Test
    void aMachineIsKilledFromItsMenuAndHealedFromTheBar() {
        try (DesktopEnvironment environment = environment();
                TestWindow window =
                        TestWindow.open(environment.open(), Windows.settings(true, Locale.ENGLISH, false))) {
            window.press(KeyCode.CONTROL, KeyCode.DIGIT2);
            window.write("docker-machine create a && docker-machine create b");
            window.press(KeyCode.ENTER);
            window.await("b runs", () -> is(window, "b", Machine.State.RUNNING));
            window.contextMenu("#machine-a");
            window.choose("Kill");
            window.await("a is killed", () -> is(window, "a", Machine.State.KILLED));
            window.await("the fault is in force", () -> window.shows(".fault-row"));
            assertThat(window.words("#faults")).contains("Power cut").contains("a");
            window.click(".fault-row .button");
            window.await("a runs again", () -> is(window, "a", Machine.State.RUNNING));
            window.await("no fault is left", () -> !window.shows(".fault-row"));
            window.contextMenu("#machine-a");
            window.choose("Cut off");
            window.await(
                    "both sides are marked",
                    () -> window.words(".island-letter").contains("A")
                            && window.words(".island-letter").contains("B"));
            window.click(".fault-row .button");
            window.await("the network is whole", () -> !window.shows(".fault-row"));
        }
    }

    @Test
    void aWindowThatIsClosedWhileTheEngineStartsLeavesNothingBehind() {
        DesktopEnvironment environment = environment();
        environment.close();
        assertThat(org.assertj.core.api.Assertions.catchThrowable(environment::open))
                .isInstanceOf(dev.clusterlab.provisioning.LabException.class);
    }
}
