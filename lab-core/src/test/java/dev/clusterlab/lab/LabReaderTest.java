package dev.clusterlab.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.anatomy.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    private static final String PREDICT = """
            question: How long?
            measure:
              fault: machine.kill
              target: worker3
              what: swarm-notices
            options:
              - {text: at once, below: 1}
              - {text: seconds, below: 60}
              - {text: longer}
            answer: Because.
            """;

    private Lab predict(String yaml) throws IOException {
        return read(STEP.replace("question: Why?\nanswer: Because.\n", yaml));
    }

    @Test
    void aQuestionCanAskForAGuessThatIsMeasured() throws IOException {
        Lab.Block last = predict(PREDICT).steps().getFirst().blocks().getLast();
        assertThat(last).isInstanceOfSatisfying(Lab.Block.Question.class, question -> {
            Prediction prediction = question.prediction().orElseThrow();
            assertThat(prediction.measure())
                    .isEqualTo(new Prediction.Measure.OfFault(
                            FaultKind.MACHINE_KILL, "worker3", new Prediction.Quantity.Reached(Stage.SWARM_NOTICES)));
            assertThat(prediction.rightOption(0.9)).hasValue(0);
            assertThat(prediction.right(new Prediction.Guess.Choice(1), 1)).isTrue();
            assertThat(prediction.right(new Prediction.Guess.Choice(1), 60)).isFalse();
        });
        Lab.Block number = predict(
                        "question: How many?\nmeasure:\n  expect: machines()\nwithin: 1\nanswer: As many as there are.\n")
                .steps()
                .getFirst()
                .blocks()
                .getLast();
        assertThat(number).isInstanceOfSatisfying(Lab.Block.Question.class, question -> {
            Prediction prediction = question.prediction().orElseThrow();
            assertThat(prediction.right(new Prediction.Guess.Number(4), 3)).isTrue();
            assertThat(prediction.right(new Prediction.Guess.Number(5), 3)).isFalse();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            machine.kill      | machin.kill      | there is no fault on a machine "machin.kill"
            swarm-notices     | swarm-notice     | nothing is measured as "swarm-notice"
            what:             | wat:             | unknown key "wat"
            target: worker3   | expect: nodes()  | two measures in one
            , below: 60       | , below: 1       | the limit of option 2 is not above the one before
            text: longer      | text: longer, below: 99 | the last option has a limit
            , below: 1}       | }                | option 1 has no limit
            """)
    void aGuessThatCannotBeGradedIsAMistakeOfTheLab(String part, String instead, String message) {
        assertThatThrownBy(() -> predict(PREDICT.replace(part, instead)))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("01-machines.md, line ")
                .hasMessageContaining(message);
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
