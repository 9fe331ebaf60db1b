package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.ui.code.CommandCode;
import dev.clusterlab.ui.model.FakeWorld;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.stage.Popup;
import javafx.stage.Window;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Blocks of commands in the guide: words that explain themselves, and commands that go into the terminal. */
@SuppressWarnings("NullAway.Init")
class CommandBlockTest {
    private final FakeWorld world = new FakeWorld();
    private TestWindow window;
    private CommandCode code;

    @BeforeEach
    void open() {
        window = TestWindow.open(Windows.context(world), Windows.settings(true, Locale.ENGLISH, false));
        Pictures.onToolkit(() -> {
            window.desk.guide.shownStep().set("consul");
            return true;
        });
        window.await("the page is shown", () -> window.shows("#code-consul-1"));
        window.reveal("#code-consul-1");
        window.pulse();
        code = (CommandCode) window.find("#code-consul-1").orElseThrow();
    }

    @AfterEach
    void close() {
        window.close();
    }

    private Bounds word(String title) {
        return Pictures.onToolkit(() -> code.localToScreen(code.boundsOf(title).orElseThrow()));
    }

    private static Optional<Popup> help() {
        return Pictures.onToolkit(() -> Window.getWindows().stream()
                .filter(Popup.class::isInstance)
                .map(Popup.class::cast)
                .filter(popup -> popup.isShowing()
                        && popup.getContent().stream().anyMatch(n -> "command-help".equals(n.getId())))
                .findFirst());
    }

    private String helpWords() {
        return help().map(popup -> Pictures.onToolkit(
                        () -> window.wordsOf(popup.getContent().getFirst())))
                .orElse("");
    }

    private void hover(String title) {
        Bounds at = word(title);
        window.robot.moveTo(at.getCenterX(), at.getCenterY());
        window.pulse();
    }

    @Test
    void aWordUnderTheMouseExplainsItselfBesideNeverOverIt() {
        hover("--mode global");
        window.await("it is explained", () -> help().isPresent());
        assertThat(helpWords()).contains("--mode global").contains("One task on every machine, present or to come.");
        Bounds word = word("--mode global");
        Bounds card = Pictures.onToolkit(() -> {
            Node shown = help().orElseThrow().getContent().getFirst();
            return shown.localToScreen(shown.getLayoutBounds());
        });
        assertThat(card.intersects(word)).as("%s over %s", card, word).isFalse();
        window.robot.moveTo("#tab-events");
        window.await("it is gone", () -> help().isEmpty());
    }

    @Test
    void theArrowKeysGoFromWordToWord() {
        Pictures.onToolkit(() -> {
            code.requestFocus();
            return true;
        });
        window.press(KeyCode.RIGHT);
        assertThat(helpWords()).contains("Tells the swarm what to run");
        window.press(KeyCode.RIGHT);
        assertThat(helpWords()).contains("The service is called consul-nodes");
        assertThat(Pictures.onToolkit(code::getAccessibleText)).contains("The service is called consul-nodes");
        window.press(KeyCode.LEFT);
        assertThat(helpWords()).contains("Tells the swarm what to run");
        window.press(KeyCode.ENTER);
        assertThat(window.input("#terminal-input")).startsWith("docker service create --name consul-nodes");
        assertThat(window.focused().map(Node::getId)).contains("terminal-input");
        assertThat(help()).isEmpty();
    }

    @Test
    void aClickPutsTheCommandIntoTheTerminalAndDoesNotRunIt() {
        window.press(KeyCode.CONTROL, KeyCode.DIGIT3);
        Bounds at = word("--mode global");
        window.robot.clickOn(at.getCenterX(), at.getCenterY());
        window.await("it is in the terminal", () -> window.shows("#terminal-input"));
        assertThat(window.input("#terminal-input"))
                .contains("--mode global")
                .contains("\\\n")
                .endsWith("'");
        assertThat(world.shell.ran).isEmpty();
        window.press(KeyCode.ENTER);
        window.await("Enter runs it", () -> !world.shell.ran.isEmpty());
    }

    @Test
    void theButtonCopiesTheCommandsAsTheyAre() {
        window.click("#copy-consul-1");
        String copied = Pictures.onToolkit(() -> Clipboard.getSystemClipboard().getString());
        assertThat(copied)
                .startsWith("docker service create --name consul-nodes")
                .contains(" \\\n  --hostname");
    }

    @Test
    void wordsHaveTheColoursOfWhatTheyAre() {
        List<String> styles = Pictures.onToolkit(() -> code.lookupAll(".code-piece").stream()
                .flatMap(node -> node.getStyleClass().stream())
                .distinct()
                .toList());
        assertThat(styles)
                .contains("code-program", "code-option", "code-value", "code-pair", "code-image", "code-goes-on");
    }
}
