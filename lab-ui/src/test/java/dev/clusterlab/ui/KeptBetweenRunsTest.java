package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.kept.KeptFiles;
import java.nio.file.Path;
import java.util.Locale;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person wrote is there again when the window is opened the next time. */
@SuppressWarnings("NullAway.Init")
class KeptBetweenRunsTest {
    @TempDir
    Path folder;

    private TestWindow open(Locale language) {
        Settings settings = Windows.settings(true, language, false);
        var world = new FakeWorld();
        TestWindow window = TestWindow.open(
                Windows.engines(world, settings).model("embedded", settings.language()::get, FxThread.EXECUTOR),
                settings,
                KeptFiles.in(folder.resolve("settings"), folder.resolve("data")));
        window.await("the lab is there", () -> window.desk != null);
        return window;
    }

    private static void toTheQuestion(TestWindow window) {
        Pictures.onToolkit(() -> {
            window.desk.guide.shownStep().set("swarm");
            return true;
        });
        window.await("the question is there", () -> window.shows("#question-swarm-1"));
    }

    private static void write(TestWindow window, String selector, String text) {
        Pictures.onToolkit(() -> {
            ((TextInputControl) window.find(selector).orElseThrow()).setText(text);
            return true;
        });
    }

    @Test
    void answersToQuestionsAreThereAgainInBothLanguages() {
        try (TestWindow window = open(Locale.ENGLISH)) {
            toTheQuestion(window);
            assertThat(window.shows("#answer-swarm-1")).isFalse();
            window.fire("#question-swarm-1");
            write(window, "#answer-swarm-1", "It says which role it may have.");
            assertThat(window.words(".question-answer")).isEmpty();
            window.fire("#show-answer-swarm-1");
            window.reveal("#show-answer-swarm-1");
            window.picture("question-en");
            // Another language, in the same window.
            window.press(KeyCode.CONTROL, KeyCode.E);
            window.await("it is French", () -> window.words(".question").contains("jeton"));
            assertThat(window.input("#answer-swarm-1")).isEqualTo("It says which role it may have.");
        }
        for (Locale language : new Locale[] {Locale.FRENCH, Locale.ENGLISH}) {
            try (TestWindow window = open(language)) {
                window.press(KeyCode.ESCAPE);
                toTheQuestion(window);
                assertThat(window.input("#answer-swarm-1")).isEqualTo("It says which role it may have.");
                assertThat(window.words(".question-answer")).isNotEmpty();
                window.reveal("#show-answer-swarm-1");
                window.picture("question-again-" + language.getLanguage());
            }
        }
    }

    @Test
    void aLabBegunAnewHasNoAnswers() {
        try (TestWindow window = open(Locale.ENGLISH)) {
            toTheQuestion(window);
            window.fire("#question-swarm-1");
            write(window, "#answer-swarm-1", "It says which role it may have.");
        }
        try (TestWindow window = open(Locale.ENGLISH)) {
            Pictures.onToolkit(() -> {
                window.desk.ways.beginAnew();
                return true;
            });
        }
        try (TestWindow window = open(Locale.ENGLISH)) {
            toTheQuestion(window);
            assertThat(window.shows("#answer-swarm-1")).isFalse();
        }
    }

    @Test
    void whatWasEnteredInTheTerminalIsHadByArrowUpAndSecretsAreNot() {
        try (TestWindow window = open(Locale.ENGLISH)) {
            for (String command :
                    new String[] {"docker node ls", "docker swarm join --token SWMTKN-1-2-3 leader1:2377"}) {
                write(window, "#terminal-input", command);
                Pictures.onToolkit(() -> {
                    window.find("#terminal-input").orElseThrow().requestFocus();
                    return true;
                });
                window.press(KeyCode.ENTER);
                window.await("it has run", () -> !window.desk.terminal.running().get());
            }
            window.press(KeyCode.UP);
            assertThat(window.input("#terminal-input")).contains("SWMTKN");
        }
        try (TestWindow window = open(Locale.ENGLISH)) {
            Pictures.onToolkit(() -> {
                window.find("#terminal-input").orElseThrow().requestFocus();
                return true;
            });
            window.press(KeyCode.UP);
            assertThat(window.input("#terminal-input")).isEqualTo("docker node ls");
            window.press(KeyCode.UP);
            assertThat(window.input("#terminal-input")).isEqualTo("docker node ls");
        }
    }
}
