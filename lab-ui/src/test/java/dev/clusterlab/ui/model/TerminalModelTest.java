package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.Shell;
import dev.clusterlab.ui.model.TerminalModel.Entry;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TerminalModelTest {
    private final FakeWorld world = new FakeWorld();
    private final UiQueue ui = new UiQueue();
    private final TaskRunner tasks = new TaskRunner(ui);
    private final TerminalModel terminal = new TerminalModel(world.shell, tasks, ui);

    @AfterEach
    void close() {
        terminal.close();
        tasks.close();
    }

    @Test
    void showsCommandsWithTheirPromptAndWhatTheyPrint() throws InterruptedException {
        world.shell.answer((script, shell) -> {
            shell.print("one\ntwo\n");
            shell.printError("oh");
            return 0;
        });
        terminal.enter("docker ps");
        ui.until(() -> terminal.lines().size() == 4);
        assertThat(terminal.lines())
                .containsExactly(
                        new Entry(Shell.Line.Kind.COMMAND, "leader1 $ ", "docker ps"),
                        new Entry(Shell.Line.Kind.STDOUT, "", "one"),
                        new Entry(Shell.Line.Kind.STDOUT, "", "two"),
                        new Entry(Shell.Line.Kind.STDERR, "", "oh"));
    }

    @Test
    void waitsForTheRestOfACommand() throws InterruptedException {
        terminal.enter("docker \\");
        assertThat(terminal.prompt().get()).isEqualTo("> ");
        assertThat(world.shell.ran).isEmpty();
        terminal.enter("ps");
        ui.until(() -> !world.shell.ran.isEmpty());
        assertThat(world.shell.ran).containsExactly("docker \\\nps");
    }

    @Test
    void ctrlCCallsOffWhatRuns() throws InterruptedException {
        terminal.enter("wait");
        ui.until(() -> terminal.running().get() && !terminal.lines().isEmpty());
        terminal.interrupt();
        ui.until(() -> !terminal.running().get());
        terminal.enter("next");
        ui.until(() -> world.shell.ran.contains("next"));
    }

    @Test
    void ctrlCForgetsAHalfEnteredCommand() {
        terminal.enter("docker \\");
        terminal.interrupt();
        assertThat(terminal.prompt().get()).isEqualTo("leader1 $ ");
        assertThat(world.shell.ran).isEmpty();
    }

    @Test
    void rememberedCommandsComeBackAndTheDraftIsKept() throws InterruptedException {
        for (String line : List.of("a", "b", "a")) {
            terminal.enter(line);
            ui.until(() -> !terminal.running().get());
        }
        assertThat(terminal.older("draft")).isEqualTo("a");
        assertThat(terminal.older("a")).isEqualTo("b");
        assertThat(terminal.older("b")).isEqualTo("b");
        assertThat(terminal.newer("b")).isEqualTo("a");
        assertThat(terminal.newer("a")).isEqualTo("draft");
    }

    @Test
    void completesAsFarAsTheCandidatesAgree() {
        world.shell.candidates.addAll(List.of("leader1", "leader2"));
        assertThat(terminal.complete("docker-machine ip l").line()).isEqualTo("docker-machine ip leader");
        world.shell.candidates.remove("leader2");
        assertThat(terminal.complete("docker-machine ip l").line()).isEqualTo("docker-machine ip leader1 ");
    }

    @Test
    void forgetsTheOldestOfVeryManyLines() throws InterruptedException {
        for (int i = 0; i < TerminalModel.SCROLLBACK + 10; i++) {
            world.shell.print("line " + i);
        }
        String last = "line " + (TerminalModel.SCROLLBACK + 9);
        ui.until(() ->
                !terminal.lines().isEmpty() && terminal.lines().getLast().text().equals(last));
        assertThat(terminal.lines()).hasSize(TerminalModel.SCROLLBACK);
    }
}
