package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.ui.code.CommandCode;
import dev.clusterlab.ui.code.TerminalText;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Scenes;
import dev.clusterlab.ui.model.Selection;
import java.util.Locale;
import java.util.stream.Stream;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures of the terminal and of blocks of commands, for people to look at. */
class TerminalGalleryTest {
    static Stream<Arguments> looks() {
        return Stream.of(
                Arguments.of("dark-en", true, Locale.ENGLISH, 1280.0, 800.0),
                Arguments.of("light-fr", false, Locale.FRENCH, 1400.0, 900.0));
    }

    @ParameterizedTest
    @MethodSource("looks")
    void theTerminalCanBeSeen(String look, boolean dark, Locale language, double width, double height) {
        FakeWorld world = new FakeWorld();
        world.observer.show(Scenes.platform().build());
        try (TestWindow window =
                TestWindow.open(Windows.context(world), Windows.settings(dark, language, false), width, height)) {
            world.shell.answer((script, shell) -> answer(script, shell));
            window.press(KeyCode.CONTROL, KeyCode.DIGIT2);
            for (String command : new String[] {
                "docker swarm join-token worker", "docker pull clusterlab/hello", "curl -s http://leader1/", "wait"
            }) {
                window.write(command);
                window.press(KeyCode.ENTER);
                window.await("it is under way", () -> world.shell.ran.contains(command));
            }
            window.write("docker node ls");
            window.press(KeyCode.ENTER);
            window.write("docker service sc");
            window.await(
                    "the status is shown", () -> window.desk.terminal.lines().size() == 10);
            window.picture(look + "-50-terminal");
            TerminalText text = (TerminalText) window.find("#terminal-lines").orElseThrow();
            Pictures.onToolkit(() -> {
                text.selectRange(4, 4, 5, 20);
                return true;
            });
            window.press(KeyCode.CONTROL, KeyCode.F);
            window.write("clusterlab");
            var picture = window.picture(look + "-51-find");
            assertThat(Pictures.colours(picture)).isGreaterThan(12);
            world.shell.letGo();
        }
    }

    @ParameterizedTest
    @MethodSource("looks")
    void shellsOnMachinesCanBeSeen(String look, boolean dark, Locale language, double width, double height) {
        FakeWorld world = new FakeWorld();
        world.observer.show(Scenes.workerKilled());
        try (TestWindow window =
                TestWindow.open(Windows.context(world), Windows.settings(dark, language, false), width, height)) {
            window.await("the machines are known", () -> window.desk.machines().size() > 3);
            for (String machine : new String[] {"worker1", "worker3", "leader1"}) {
                Pictures.onToolkit(() -> {
                    window.desk.terminals.open(machine);
                    return true;
                });
            }
            FakeWorld.Login leader = world.logins.getLast();
            leader.answer((script, shell) -> {
                shell.print("CONTAINER ID   IMAGE                     COMMAND       STATUS          NAMES");
                shell.print("3f1b0c2d9a77   clusterlab/hello:latest   \"/hello\"      Up 12 minutes   web.3");
                return 0;
            });
            leader.takeTurnsWith(world.shell);
            window.write("docker ps");
            window.press(KeyCode.ENTER);
            window.await("it printed", () -> leader.ran.contains("docker ps"));
            Pictures.onToolkit(() -> {
                window.desk.terminal.enter("wait");
                return true;
            });
            window.await("it runs", () -> world.shell.ran.contains("wait"));
            Pictures.onToolkit(() -> {
                window.desk.terminals.selected().get().terminal().enter("curl -s localhost:8500/v1/status/leader");
                window.desk.terminals.selected().get().terminal().draft().set("docker node ls");
                return true;
            });
            window.await("it waits", () -> window.words(".terminal-queue").contains("curl"));
            window.picture(look + "-55-shell");
            window.press(KeyCode.CONTROL, KeyCode.PAGE_UP);
            window.picture(look + "-56-away");
            Pictures.onToolkit(() -> {
                window.desk.cluster.selection().set(Selection.NOTHING);
                return true;
            });
            window.press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.T);
            window.picture(look + "-57-machines-behind");
            window.menuPicture(look + "-57-machines");
            world.shell.letGo();
        }
    }

    private static int answer(String script, FakeWorld.Terminal shell) {
        if (script.startsWith("docker swarm")) {
            shell.print("To add a worker to this swarm, run the following command:\n\n    docker swarm join --token"
                    + " SWMTKN-1-49nj1cmql0jkz5s954yi3oex3nedyz0fb0xx14ie39trti4wxv-8vxv8rssmk743ojnwacrr2e7c"
                    + " 192.168.99.100:2377 and so that this line is long enough to be wrapped in any window at all,"
                    + " here are some more words of it");
        } else if (script.startsWith("docker pull")) {
            shell.printError("latest: Pulling from clusterlab/hello");
            shell.printError("Status: Image is up to date");
        }
        return script.startsWith("curl") ? 7 : 0;
    }

    @ParameterizedTest
    @MethodSource("looks")
    void commandsCanBeSeen(String look, boolean dark, Locale language, double width, double height) {
        FakeWorld world = new FakeWorld();
        world.observer.show(Scenes.platform().build());
        try (TestWindow window =
                TestWindow.open(Windows.context(world), Windows.settings(dark, language, false), width, height)) {
            for (String step : new String[] {"consul", "swarm", "traefik", "single-point", "repair"}) {
                Pictures.onToolkit(() -> {
                    window.desk.guide.shownStep().set(step);
                    return true;
                });
                window.await("the page is shown", () -> window.shows("#code-" + step + "-0"));
                window.picture(look + "-52-" + step);
            }
            CommandCode code = (CommandCode) window.find("#code-repair-1").orElseThrow();
            Pictures.onToolkit(() -> {
                code.requestFocus();
                return true;
            });
            window.reveal("#code-repair-1");
            window.press(KeyCode.RIGHT);
            window.press(KeyCode.RIGHT);
            window.press(KeyCode.RIGHT);
            window.press(KeyCode.RIGHT);
            window.picture(look + "-53-explained");
            window.helpPicture(look + "-54-explanation");
        }
    }
}
