package dev.clusterlab.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class LabReaderTest {
    private static final String STEP = """
            ---
            title: Machines
            look: The topology.
            ---
            Some *prose*.

            ```shell
            docker-machine create leader1
            ```

            ```text
            a fence that is not run
            ```

            ```check
            title: One machine runs
            expect: machines() == 1
            missing: "${1 - machines()} is missing"
            ```

            ```hint
            when: machines() == 0
            text: Press Run.
            ```

            ```question
            question: Why?
            answer: Because.
            ```
            """;

    @TempDir
    Path folder;

    private final LabReader reader = new LabReader(new CheckLanguage());

    @BeforeEach
    void writeLab() throws IOException {
        Files.createDirectories(folder.resolve("en"));
        Files.writeString(folder.resolve("en/lab.md"), "---\ntitle: A lab\nsummary: Short.\nminutes: 5\n---\n");
    }

    private Lab read(String step) throws IOException {
        Files.writeString(folder.resolve("en/01-machines.md"), step);
        return reader.read(folder, Locale.ENGLISH);
    }

    @Test
    void readsProseCommandsChecksHintsAndQuestions() throws IOException {
        Lab lab = read(STEP);
        Lab.Step step = lab.steps().get(0);
        assertThat(lab.title()).isEqualTo("A lab");
        assertThat(step.id()).isEqualTo("machines");
        assertThat(step.look()).isEqualTo("The topology.");
        assertThat(step.commands().get(0).script()).isEqualTo("docker-machine create leader1");
        assertThat(step.checks().get(0).id()).isEqualTo("machines/1");
        assertThat(step.hints()).hasSize(1);
        assertThat(step.blocks()).last().isEqualTo(new Lab.Block.Question("Why?", "Because."));
        assertThat(step.blocks().get(2).toString()).contains("```text").contains("not run");
    }

    @Test
    void fallsBackToEnglishForALanguageThatTheLabDoesNotHave() throws IOException {
        read(STEP);
        assertThat(reader.read(folder, Locale.FRENCH).language()).isEqualTo(Locale.ENGLISH);
    }

    @Test
    void namesFileLineAndExpectationOfAMalformedBlock() {
        assertThatThrownBy(() -> read(STEP.replace("expect: machines", "expct: machines")))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("01-machines.md, line 17")
                .hasMessageContaining("unknown key \"expct\"")
                .extracting(e -> ((LabException) e).advice())
                .asString()
                .contains("title, expect, missing");
    }

    @Test
    void namesTheBlockOfAnExpressionThatDoesNotParse() {
        assertThatThrownBy(() -> read(STEP.replace("machines() == 1", "machines( == 1")))
                .hasMessageContaining("01-machines.md, line 16")
                .hasMessageContaining("machines( == 1");
    }

    @Test
    void asksForFrontMatterWhereItIsMissing() {
        assertThatThrownBy(() -> read("No front matter")).hasMessageContaining("line 1: the front matter is missing");
    }

    @Test
    void refusesAFileNameThatIsNotAStep() throws IOException {
        read(STEP);
        Files.writeString(folder.resolve("en/notes.md"), STEP);
        assertThatThrownBy(() -> reader.read(folder, Locale.ENGLISH)).hasMessageContaining("notes.md");
    }

    @Test
    void saysThatALabIsUnknown() {
        var library = new LabLibrary(List.of(folder), new CheckLanguage());
        assertThatThrownBy(() -> library.read("nope", Locale.ENGLISH))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("no lab named \"nope\"");
    }
}
