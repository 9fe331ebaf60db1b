package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.EngineClock.Pace;
import dev.clusterlab.ui.model.Selection;
import java.util.Locale;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;

/** Shells on machines in the window as the program opens it, on the embedded engine. */
class ShellsOnMachinesTest {
    private static void enter(TestWindow window, String command) {
        // Written all at once: letter by letter takes long while something turns in the window.
        Pictures.onToolkit(() -> {
            window.desk.terminals.selected().get().terminal().draft().set(command);
            return true;
        });
        window.press(KeyCode.ENTER);
    }

    private static void prints(TestWindow window, String text) {
        window.await(text + " is printed", () -> window.words("#terminal-lines").contains(text));
    }

    @Test
    void eachMachineHasItsOwnDockerAndComesBackAfterAPowerCut() {
        try (RealWindow real = RealWindow.open("embedded", Windows.settings(true, Locale.ENGLISH, false))) {
            TestWindow window = real.window;
            window.await("the lab is there", () -> window.desk != null);
            window.desk.context.engine().clock().setPace(new Pace.Times(16));
            window.press(KeyCode.CONTROL, KeyCode.DIGIT2);
            enter(window, "docker-machine create leader1 worker1");
            window.await("the machines are there", () -> window.desk.machines().size() == 2);
            enter(window, "sleep 36000");
            window.select(new Selection.OfMachine("worker1"));
            window.press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.T);
            window.await("the shell is there", () -> window.shows("#terminal-tab-worker1"));
            enter(window, "colour=green; docker info --format 'this is {{.Name}}'");
            prints(window, "this is worker1");
            assertThat(window.desk.terminal.running().get())
                    .as("the lab's shell still sleeps")
                    .isTrue();

            enter(window, "fault machine.kill worker1");
            window.await("it says so", () -> window.words(".terminal-away").contains("worker1 has no power"));
            window.click("#terminal-mend");
            window.await("it is back", () -> window.shows("#terminal-input"));
            prints(window, "The machine is back.");
            enter(window, "docker info --format \"[$colour] {{.Name}}\"");
            prints(window, "[] worker1");
            window.press(KeyCode.ALT, KeyCode.DIGIT1);
            window.press(KeyCode.CONTROL, KeyCode.C);
            window.await(
                    "the lab's shell is free",
                    () -> !window.desk.terminal.running().get());
            assertThat(window.words("#terminal-lines")).doesNotContain("this is worker1");
        }
    }
}
