package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.ui.model.TerminalEntry.Failed;
import dev.clusterlab.ui.model.TerminalEntry.Printed;
import dev.clusterlab.ui.model.TerminalEntry.Source;
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

    private void enterAndWait(String line) throws InterruptedException {
        terminal.enter(line);
        ui.until(() -> !terminal.running().get());
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
                        new Printed(Source.COMMAND, "leader1 $ ", "docker ps"),
                        new Printed(Source.STDOUT, "", "one"),
                        new Printed(Source.STDOUT, "", "two"),
                        new Printed(Source.STDERR, "", "oh"));
    }

    @Test
    void onlyAStatusOtherThanZeroIsAFailure() throws InterruptedException {
        world.shell.answer((script, shell) -> {
            shell.printError("latest: Pulling from clusterlab/hello");
            return script.startsWith("curl") ? 7 : 0;
        });
        enterAndWait("docker pull clusterlab/hello");
        enterAndWait("curl -s http://leader1/");
        ui.until(() -> terminal.lines().size() == 5);
        assertThat(terminal.lines().get(4)).isEqualTo(new Failed(7, "curl -s http://leader1/"));
        assertThat(terminal.lines().subList(0, 4)).noneMatch(Failed.class::isInstance);
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
    void whatIsTypedWhileACommandRunsIsKeptAndRunsAfterIt() throws InterruptedException {
        terminal.enter("wait");
        ui.until(() -> world.shell.ran.contains("wait"));
        terminal.enter("docker node ls");
        terminal.enter("docker \\");
        terminal.enter("ps");
        assertThat(terminal.queued()).containsExactly("docker node ls", "docker \\\nps");
        world.shell.letGo();
        ui.until(() -> !terminal.running().get());
        assertThat(world.shell.ran).containsExactly("wait", "docker node ls", "docker \\\nps");
        assertThat(terminal.queued()).isEmpty();
    }

    @Test
    void ctrlCCallsOffWhatRunsAndForgetsWhatIsQueued() throws InterruptedException {
        terminal.enter("wait");
        ui.until(() -> terminal.running().get() && !terminal.lines().isEmpty());
        terminal.enter("never");
        terminal.interrupt();
        ui.until(() -> !terminal.running().get());
        assertThat(world.shell.ran).containsExactly("wait");
        assertThat(terminal.older("")).as("it can still be found").isEqualTo("never");
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
            enterAndWait(line);
        }
        assertThat(terminal.older("")).isEqualTo("a");
        assertThat(terminal.older("a")).isEqualTo("b");
        assertThat(terminal.older("b")).isEqualTo("b");
        assertThat(terminal.newer("b")).isEqualTo("a");
        assertThat(terminal.newer("a")).isEmpty();
    }

    @Test
    void whatIsAlreadyWrittenChoosesAmongRememberedCommands() throws InterruptedException {
        for (String line :
                List.of("docker service scale web=10", "docker node ls", "docker service scale web=2", "ls")) {
            enterAndWait(line);
        }
        assertThat(terminal.older("scale")).isEqualTo("docker service scale web=2");
        assertThat(terminal.older("docker service scale web=2")).isEqualTo("docker service scale web=10");
        assertThat(terminal.older("docker service scale web=10")).isEqualTo("docker service scale web=10");
        assertThat(terminal.newer("docker service scale web=10")).isEqualTo("docker service scale web=2");
        assertThat(terminal.newer("docker service scale web=2")).isEqualTo("scale");
    }

    @Test
    void aCommandThatIsOfferedIsNotRunAndWhatStoodThereIsRemembered() {
        terminal.draft().set("docker nod");
        long before = terminal.offers().get();
        terminal.offer("docker node ls");
        assertThat(terminal.draft().get()).isEqualTo("docker node ls");
        assertThat(terminal.offers().get()).isNotEqualTo(before);
        assertThat(world.shell.ran).isEmpty();
        assertThat(terminal.older("docker nod")).isEqualTo("docker nod");
    }

    @Test
    void completesAsFarAsTheCandidatesAgree() {
        world.shell.candidates.addAll(List.of("leader1", "leader2"));
        assertThat(terminal.complete("docker-machine ip l").line()).isEqualTo("docker-machine ip leader");
        world.shell.candidates.remove("leader2");
        assertThat(terminal.complete("docker-machine ip l").line()).isEqualTo("docker-machine ip leader1 ");
    }

    @Test
    void dropsTheOldestOfVeryManyLinesAndSaysHowMany() throws InterruptedException {
        for (int i = 0; i < TerminalModel.SCROLLBACK + 10; i++) {
            world.shell.print("line " + i);
        }
        ui.until(() -> lastIs("line " + (TerminalModel.SCROLLBACK + 9)));
        assertThat(terminal.lines()).hasSize(TerminalModel.SCROLLBACK);
        assertThat(terminal.dropped().get()).isEqualTo(10);
        terminal.clear();
        assertThat(terminal.dropped().get()).isZero();
    }

    @Test
    void aFloodOfLinesIsHandedOverInParts() throws InterruptedException {
        int[] largest = {0};
        terminal.lines().subscribe(() -> largest[0]++);
        world.shell.print("x\n".repeat(5 * TerminalModel.SCROLLBACK) + "last");
        ui.until(() -> lastIs("last"));
        assertThat(largest[0]).as("turns of the window").isGreaterThan(10);
        assertThat(terminal.lines()).hasSize(TerminalModel.SCROLLBACK);
        assertThat(terminal.dropped().get()).isEqualTo(4L * TerminalModel.SCROLLBACK + 1);
    }

    @Test
    void aLineThatIsTooLongGoesOnOnTheNext() throws InterruptedException {
        world.shell.print("x".repeat(TerminalModel.LINE_LENGTH_MAX) + "end");
        ui.until(() -> lastIs("end"));
        assertThat(terminal.lines()).hasSize(2);
    }

    @Test
    void veryLongLinesAreKeptOnlyAsFarAsThereIsRoom() throws InterruptedException {
        int lines = TerminalModel.CHARACTERS_MAX / TerminalModel.LINE_LENGTH_MAX + 20;
        for (int i = 0; i < lines; i++) {
            world.shell.print("x".repeat(TerminalModel.LINE_LENGTH_MAX));
        }
        world.shell.print("end");
        ui.until(() -> lastIs("end"));
        assertThat(terminal.dropped().get()).isBetween(20L, 30L);
    }

    private boolean lastIs(String text) {
        return !terminal.lines().isEmpty()
                && terminal.lines().getLast() instanceof Printed printed
                && printed.text().equals(text);
    }
}
