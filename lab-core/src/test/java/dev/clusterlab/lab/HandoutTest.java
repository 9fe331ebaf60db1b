package dev.clusterlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.cli.Cli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandoutTest {
    private static final Lab LAB =
            LabLibrary.standard(List.of(), new CheckLanguage()).read("resilient-swarm", Locale.ENGLISH);

    @TempDir
    private Path folder;

    @Test
    void aLearnerGetsWhatIsToBeReadAndTypedButNoAnswers() {
        String page = Handout.html(LAB, Handout.Reader.LEARNER);
        assertThat(page)
                .contains(
                        "Step 1 of 15",
                        "docker-machine create leader1 worker1 worker2",
                        "leader1, worker1 and worker2 run")
                .contains("Why does a worker need a token", "class=\"line\"")
                .doesNotContain("Reaching port 2377 proves nothing", "What to look at");
    }

    @Test
    void aTeacherGetsAnswersHintsAndNotes() {
        Lab.Step step =
                new Lab.Step("a", "A", List.of(), List.of(), List.of(), "Look *there*.", "Ask them <b>first</b>.");
        Lab lab = new Lab("x", "X", "", Locale.ENGLISH, List.of(Locale.ENGLISH), 5, List.of(step));
        assertThat(Handout.html(lab, Handout.Reader.TEACHER))
                .contains("Look <em>there</em>.", "Ask them &lt;b&gt;first&lt;/b&gt;.");
        assertThat(Handout.html(LAB, Handout.Reader.TEACHER))
                .contains("Reaching port 2377 proves nothing", "What to look at", "Press Run on the block above");
    }

    @Test
    void theCommandWritesItInTheLanguageThatWasAskedFor() throws IOException {
        Path page = folder.resolve("deep/page.html");
        var out = new StringWriter();
        int status = new Cli(
                        options -> {
                            throw new AssertionError("a hand-out needs no engine");
                        },
                        null)
                .commandLine()
                .setOut(new PrintWriter(out))
                .execute("handout", "resilient-swarm", page.toString(), "--teacher", "--language", "fr");
        assertThat(status).isZero();
        assertThat(out).hasToString("Wrote " + page + "." + System.lineSeparator());
        assertThat(Files.readString(page)).contains("Étape 1 sur 15", "lang=\"fr\"", "Ce qu’il faut regarder");
    }
}
