package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.ui.code.TerminalText;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Scenes;
import dev.clusterlab.ui.model.TerminalModel;
import java.util.Locale;
import java.util.Optional;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.AccessibleAttribute;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person does in the terminal, by mouse and by keyboard. */
@SuppressWarnings("NullAway.Init")
class TerminalWindowTest {
    private final FakeWorld world = new FakeWorld();
    private TestWindow window;
    private TerminalText text;

    @BeforeEach
    void open() {
        window = TestWindow.open(Windows.context(world), Windows.settings(true, Locale.ENGLISH, false));
        window.press(KeyCode.CONTROL, KeyCode.DIGIT2);
        text = (TerminalText) window.find("#terminal-lines").orElseThrow();
    }

    @AfterEach
    void close() {
        window.close();
    }

    private void print(String... lines) {
        int before = window.desk.terminal.lines().size();
        for (String line : lines) {
            world.shell.print(line);
        }
        window.await("it is printed", () -> window.desk.terminal.lines().size() == before + lines.length);
        window.pulse();
        window.pulse();
    }

    private void run(String command) {
        window.write(command);
        window.press(KeyCode.ENTER);
        window.await(
                "it ran",
                () -> world.shell.ran.contains(command)
                        && !window.desk.terminal.running().get());
        window.pulse();
    }

    /** Where a character is on the screen. */
    private Point2D at(int line, int character) {
        Bounds bounds = Pictures.onToolkit(
                () -> text.getCharacterBoundsOnScreen(absolute(line, character), absolute(line, character) + 1)
                        .orElseThrow());
        return new Point2D(bounds.getCenterX(), bounds.getCenterY());
    }

    private int absolute(int line, int character) {
        return text.getAbsolutePosition(line, character);
    }

    private static String clipboard() {
        return Pictures.onToolkit(
                () -> String.valueOf(Clipboard.getSystemClipboard().getString()));
    }

    private static void clipboard(String content) {
        Pictures.onToolkit(() -> {
            ClipboardContent clip = new ClipboardContent();
            clip.putString(content);
            return Clipboard.getSystemClipboard().setContent(clip);
        });
    }

    private String selected() {
        return Pictures.onToolkit(text::getSelectedText);
    }

    // ---- reading

    @Test
    void aLineThatIsTooLongIsWrappedSoThatItsEndCanBeRead() {
        print("Error response from daemon: " + "and so on ".repeat(40) + "the end");
        int last = Pictures.onToolkit(() -> text.getText(0).length() - 1);
        Point2D end = at(0, last);
        Bounds room = Pictures.onToolkit(() -> text.localToScreen(text.getLayoutBounds()));
        assertThat(room.contains(end)).isTrue();
        assertThat(end.getY()).isGreaterThan(at(0, 0).getY());
    }

    @Test
    void standardErrorIsNotFailureAndAStatusIsSaidInWords() {
        world.shell.answer((script, shell) -> {
            shell.printError("latest: Pulling from clusterlab/hello");
            return script.startsWith("curl") ? 7 : 0;
        });
        run("docker pull clusterlab/hello");
        run("curl -s http://leader1/");
        window.await("the status is shown", () -> text.getText().contains("nobody listens on leader1:80"));
        assertThat(Pictures.onToolkit(() -> text.getText(4))).isEqualTo("status 7   nobody listens on leader1:80");
        assertThat(Pictures.onToolkit(
                        () -> text.getParagraph(1).getParagraphStyle().kind()))
                .isEqualTo(TerminalText.Kind.STDERR);
    }

    @Test
    void theStatusIsALinkToWhatItMeans() {
        world.shell.answer((script, shell) -> 7);
        run("curl -s http://leader1/");
        window.await("the status is shown", () -> text.getText().contains("status 7"));
        window.pulse();
        window.robot.clickOn(at(1, 9));
        window.pulse();
        assertThat(window.shows("#status")).isFalse();
        window.robot.clickOn(at(1, 3));
        window.await("it is explained", () -> window.shows("#status"));
        assertThat(window.words("#status"))
                .contains("curl ended with status 7")
                .contains("Nobody listens on leader1:80.")
                .contains("curl -s http://leader1/")
                .contains("docker service ls");
        window.picture("terminal-status-en");
        window.fire("#status-again");
        window.await(
                "it is written again", () -> window.input("#terminal-input").equals("curl -s http://leader1/"));
    }

    @Test
    void theStatusIsReachedByTheKeyboard() {
        world.shell.answer((script, shell) -> 127);
        run("dokcer ps");
        window.await("the status is shown", () -> text.getText().contains("status 127"));
        window.press(KeyCode.SHIFT, KeyCode.TAB);
        window.press(KeyCode.CONTROL, KeyCode.END);
        window.press(KeyCode.ENTER);
        window.await("it is explained", () -> window.words("#status").contains("dokcer ended with status 127"));
        window.press(KeyCode.ESCAPE);
        window.press(KeyCode.CONTROL, KeyCode.P);
        window.await("the commands are there", () -> window.shows("#palette"));
        window.write("last status");
        window.press(KeyCode.ENTER);
        window.await("it is explained again", () -> window.words("#status").contains("There is no command dokcer"));
    }

    @Test
    void whoReadsFurtherUpIsLeftThereAndToldWhatCame() {
        for (int i = 1; i <= 100; i++) {
            world.shell.print("line " + i);
        }
        window.await("it is printed", () -> text.getText().endsWith("line 100"));
        window.pulse();
        window.robot.moveTo(middle());
        window.robot.scroll(40, javafx.geometry.VerticalDirection.UP);
        window.pulse();
        window.await("it was scrolled", () -> text.firstVisibleParToAllParIndex() < 60);
        int top = Pictures.onToolkit(text::firstVisibleParToAllParIndex);
        print("more 1", "more 2", "more 3");
        assertThat(Pictures.onToolkit(text::firstVisibleParToAllParIndex)).isEqualTo(top);
        assertThat(window.text("#terminal-new-lines")).isEqualTo("3 new lines");
        window.click("#terminal-new-lines");
        window.await("the end is shown", text::atEnd);
        assertThat(window.shows("#terminal-new-lines")).isFalse();
    }

    @Test
    void enterGoesToTheEnd() {
        for (int i = 1; i <= 100; i++) {
            world.shell.print("line " + i);
        }
        window.await("it is printed", () -> text.getText().endsWith("line 100"));
        window.pulse();
        window.press(KeyCode.PAGE_UP);
        window.press(KeyCode.PAGE_UP);
        window.await("it was scrolled", () -> !text.atEnd());
        run("docker ps");
        window.await("the end is shown", text::atEnd);
    }

    private Point2D middle() {
        Bounds bounds = Pictures.onToolkit(() -> text.localToScreen(text.getLayoutBounds()));
        return new Point2D(bounds.getCenterX(), bounds.getCenterY());
    }

    @Test
    void twentyThousandLinesCanBeReadAndSayWhatWasDropped() {
        int lines = TerminalModel.SCROLLBACK + 500;
        for (int i = 1; i <= lines; i++) {
            world.shell.print("web.3 | INFO Request GET /hello answered 200 in 1.2 ms, number " + i);
        }
        window.await(
                "all of them came",
                () -> text.getText(text.getParagraphs().size() - 1).endsWith("number " + lines));
        assertThat(Pictures.onToolkit(text::lines)).isEqualTo(TerminalModel.SCROLLBACK);
        assertThat(window.text("#terminal-dropped")).isEqualTo("500 older lines were dropped: 20,000 are kept.");
        assertThat(Pictures.onToolkit(() -> text.lookupAll(".paragraph-box").size()))
                .as("only what is near the window has nodes")
                .isLessThan(80);
        window.await("the end is shown", text::atEnd);
    }

    // ---- selecting and copying

    @Test
    void aWordIsSelectedByTwoClicksALineByThreeAndCharactersByDragging() {
        print("tcp://192.168.99.100:2376 of leader1", "second line");
        select(at(0, 8), 2, "tcp://192.168.99.100:2376");
        select(at(1, 2), 3, "second line");
        window.robot.drag(at(0, 29), MouseButton.PRIMARY).dropTo(at(1, 6));
        assertThat(selected()).isEqualTo("leader1\nsecond");
        window.press(KeyCode.CONTROL, KeyCode.C);
        assertThat(clipboard()).isEqualTo("leader1\nsecond");
    }

    /**
     * Clicks some times in a row until that has selected what it should. A computer that is busy takes clicks for single ones; then they
     * are made again, after one somewhere else, so that they are not counted together.
     */
    private void select(Point2D place, int clicks, String wanted) {
        for (int tries = 0; tries < 20; tries++) {
            window.robot.moveTo(place);
            for (int i = 0; i < clicks; i++) {
                window.robot.press(MouseButton.PRIMARY).release(MouseButton.PRIMARY);
            }
            if (selected().equals(wanted)) {
                return;
            }
            window.robot.moveBy(0, 60).press(MouseButton.PRIMARY).release(MouseButton.PRIMARY);
        }
        assertThat(selected()).isEqualTo(wanted);
    }

    @Test
    void whatIsCopiedHasNoPrompt() {
        world.shell.answer((script, shell) -> {
            shell.print("ID HOSTNAME");
            return 0;
        });
        run("docker node ls");
        window.await("it printed", () -> text.lines() == 2);
        assertThat(window.words("#terminal-lines")).contains("leader1 $ ");
        window.press(KeyCode.SHIFT, KeyCode.TAB);
        window.press(KeyCode.CONTROL, KeyCode.A);
        window.press(KeyCode.CONTROL, KeyCode.C);
        assertThat(clipboard()).isEqualTo("docker node ls\nID HOSTNAME");
    }

    @Test
    void theMenuCopiesPastesAndClears() {
        print("leader1 is ready");
        select(at(0, 2), 2, "leader1");
        window.robot.clickOn(at(0, 3), MouseButton.SECONDARY);
        window.choose("Copy");
        assertThat(clipboard()).isEqualTo("leader1");
        clipboard("docker ps\r\n");
        window.robot.clickOn(at(0, 2), MouseButton.SECONDARY);
        window.choose("Paste");
        assertThat(window.input("#terminal-input")).isEqualTo("docker ps");
        window.robot.clickOn(at(0, 2), MouseButton.SECONDARY);
        window.choose("Select all");
        assertThat(selected()).isEqualTo("leader1 is ready");
        window.robot.clickOn(at(0, 2), MouseButton.SECONDARY);
        window.choose("Clear");
        assertThat(window.desk.terminal.lines()).isEmpty();
    }

    @Test
    void theMenuOffersTheCommandOfALineOnceMore() {
        world.shell.answer((script, shell) -> {
            shell.print("ID HOSTNAME");
            return 0;
        });
        run("docker node ls");
        window.await("it printed", () -> text.lines() == 2);
        window.pulse();
        window.robot.clickOn(at(1, 2), MouseButton.SECONDARY);
        window.choose("Once more: docker node ls");
        assertThat(window.input("#terminal-input")).isEqualTo("docker node ls");
        assertThat(world.shell.ran).containsExactly("docker node ls");
    }

    @Test
    void severalLinesThatArePastedAreSeenBeforeTheyRun() {
        clipboard("for i in 1 2; do\n  echo $i\ndone\n");
        double before =
                window.find("#terminal-input").orElseThrow().getLayoutBounds().getHeight();
        window.press(KeyCode.CONTROL, KeyCode.V);
        Node input = window.find("#terminal-input").orElseThrow();
        window.await("all of it can be seen", () -> input.getLayoutBounds().getHeight() > before * 1.8);
        assertThat(world.shell.ran).isEmpty();
        window.press(KeyCode.ENTER);
        window.await("it ran", () -> world.shell.ran.contains("for i in 1 2; do\n  echo $i\ndone"));
    }

    // ---- typing

    @Test
    void whatIsTypedAheadIsShownAndRunsNext() {
        window.write("wait");
        window.press(KeyCode.ENTER);
        window.await("it runs", () -> world.shell.ran.contains("wait"));
        window.write("docker node ls");
        window.press(KeyCode.ENTER);
        assertThat(window.words(".terminal-queue")).isEqualTo("next: | docker node ls");
        world.shell.letGo();
        window.await("the next one ran", () -> world.shell.ran.contains("docker node ls"));
        window.await("nothing is queued", () -> !window.shows(".terminal-under-way"));
    }

    @Test
    void timeThatIsPausedSaysSoWhereACommandWaits() {
        window.write("wait");
        window.press(KeyCode.ENTER);
        window.await("it runs", () -> window.words(".terminal-since").equals("runs, 0 s"));
        Pictures.onToolkit(() -> {
            window.desk.time.toggle();
            return true;
        });
        assertThat(window.text(".terminal-since")).isEqualTo("Time is paused: this waits.");
    }

    @Test
    void whatIsWrittenChoosesAmongEarlierCommands() {
        run("docker service scale web=10");
        run("docker node ls");
        window.write("scale");
        window.press(KeyCode.UP);
        assertThat(window.input("#terminal-input")).isEqualTo("docker service scale web=10");
        window.press(KeyCode.DOWN);
        assertThat(window.input("#terminal-input")).isEqualTo("scale");
    }

    @Test
    void typingInTheTextGoesToTheCommand() {
        print("leader1 is ready");
        window.robot.clickOn(at(0, 2));
        assertThat(window.focused().map(Node::getId)).contains("terminal-lines");
        window.write("docker ps");
        assertThat(window.input("#terminal-input")).isEqualTo("docker ps");
        assertThat(window.desk.time.paused()).as("a blank is a blank").isFalse();
    }

    @Test
    void whatIsSelectedIsCopiedFirstAndThenTheCommandStopped() {
        print("leader1 is ready");
        window.write("wait");
        window.press(KeyCode.ENTER);
        window.await("it runs", () -> world.shell.ran.contains("wait"));
        select(at(0, 2), 2, "leader1");
        window.press(KeyCode.TAB);
        window.press(KeyCode.CONTROL, KeyCode.C);
        assertThat(clipboard()).isEqualTo("leader1");
        assertThat(window.desk.terminal.running().get()).isTrue();
        window.press(KeyCode.CONTROL, KeyCode.C);
        window.await("it is stopped", () -> !window.desk.terminal.running().get());
    }

    @Test
    void thePromptChoosesTheMachineThatDockerTalksTo() {
        world.observer.show(Scenes.threeMachines());
        window.await("the machines are known", () -> window.desk.machines().size() == 3);
        window.click("#terminal-prompt");
        window.choose("worker1");
        window.await("it is entered", () -> world.shell.ran.contains("eval \"$(docker-machine env worker1)\""));
        assertThat(window.focused().map(Node::getId)).contains("terminal-input");
    }

    // ---- finding

    @Test
    void findsTextAndGoesFromPlaceToPlaceByKeys() {
        for (int i = 1; i <= 60; i++) {
            world.shell.print(i % 20 == 0 ? "web.3 answered " + i : "line " + i);
        }
        window.await("it is printed", () -> text.getText().endsWith("answered 60"));
        window.press(KeyCode.CONTROL, KeyCode.F);
        window.write("WEB.3");
        window.await("it is found", () -> window.text("#terminal-find-count").equals("3 of 3"));
        assertThat(selected()).isEqualTo("web.3");
        window.press(KeyCode.ENTER);
        assertThat(window.text("#terminal-find-count")).isEqualTo("2 of 3");
        assertThat(Pictures.onToolkit(text::getCurrentParagraph)).isEqualTo(39);
        window.press(KeyCode.SHIFT, KeyCode.ENTER);
        window.press(KeyCode.SHIFT, KeyCode.ENTER);
        assertThat(window.text("#terminal-find-count")).isEqualTo("1 of 3");
        window.press(KeyCode.ESCAPE);
        assertThat(window.shows("#terminal-find")).isFalse();
        assertThat(window.focused().map(Node::getId)).contains("terminal-input");
    }

    @Test
    void findsTextByMouse() {
        print("web.1", "web.2", "web.3");
        window.robot.clickOn(at(0, 2), MouseButton.SECONDARY);
        window.choose("Find…");
        window.write("web");
        window.click("#terminal-find-previous");
        assertThat(window.text("#terminal-find-count")).isEqualTo("2 of 3");
        window.click("#terminal-find-next");
        assertThat(window.text("#terminal-find-count")).isEqualTo("3 of 3");
        window.click("#terminal-find-close");
        assertThat(window.shows("#terminal-find")).isFalse();
    }

    // ---- for those who do not see it

    @Test
    void aScreenReaderIsToldTextAndSelection() {
        print("leader1 is ready", "worker1 too");
        Pictures.onToolkit(() -> {
            text.selectRange(0, 7);
            return true;
        });
        assertThat(text.getAccessibleRole()).isEqualTo(AccessibleRole.TEXT_AREA);
        assertThat(ask(AccessibleAttribute.TEXT)).isEqualTo("leader1 is ready\nworker1 too");
        assertThat(ask(AccessibleAttribute.SELECTION_START)).isEqualTo(0);
        assertThat(ask(AccessibleAttribute.SELECTION_END)).isEqualTo(7);
        assertThat(ask(AccessibleAttribute.LINE_FOR_OFFSET, 20)).isEqualTo(1);
        assertThat(ask(AccessibleAttribute.LINE_START, 1)).isEqualTo(17);
    }

    private Object ask(AccessibleAttribute attribute, Object... parameters) {
        return Optional.ofNullable(Pictures.onToolkit(() -> text.queryAccessibleAttribute(attribute, parameters)))
                .orElseThrow();
    }
}
