package dev.clusterlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.words.CommandWords;
import dev.clusterlab.lab.words.ReadCommand;
import dev.clusterlab.lab.words.ReadCommand.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShippedLabsTest {
    private static final LabLibrary LIBRARY = LabLibrary.standard(List.of(), new CheckLanguage());

    static Stream<String> labs() {
        return LIBRARY.names().stream();
    }

    @ParameterizedTest
    @MethodSource("labs")
    void everyLanguageRunsTheSameCommandsAndChecks(String name) {
        Lab english = LIBRARY.read(name, Locale.ENGLISH);
        assertThat(english.steps())
                .isNotEmpty()
                .allSatisfy(step -> assertThat(step.checks()).isNotEmpty());
        for (Locale language : english.languages()) {
            Lab translated = LIBRARY.read(name, language);
            assertThat(translated.steps())
                    .extracting(Lab.Step::id)
                    .isEqualTo(english.steps().stream().map(Lab.Step::id).toList());
            for (int i = 0; i < english.steps().size(); i++) {
                assertThat(translated.steps().get(i).commands())
                        .as("commands of %s in %s", english.steps().get(i).id(), language)
                        .isEqualTo(english.steps().get(i).commands());
                assertThat(translated.steps().get(i).checks())
                        .extracting(Lab.Check::expression)
                        .as("checks of %s in %s", english.steps().get(i).id(), language)
                        .isEqualTo(english.steps().get(i).checks().stream()
                                .map(Lab.Check::expression)
                                .toList());
                assertThat(measures(translated.steps().get(i)))
                        .as(
                                "what is guessed in %s in %s",
                                english.steps().get(i).id(), language)
                        .isEqualTo(measures(english.steps().get(i)));
            }
        }
    }

    /** What is measured, how exact a number must be, and the limits of the options. */
    private static List<Object> measures(Lab.Step step) {
        return step.blocks().stream()
                .filter(Lab.Block.Question.class::isInstance)
                .map(block -> ((Lab.Block.Question) block).prediction())
                .<Object>map(each -> each.map(prediction -> List.of(
                                prediction.measure(),
                                prediction.within(),
                                prediction.options().stream()
                                        .map(Prediction.Option::below)
                                        .toList()))
                        .orElse(List.of()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("labs")
    void everyOptionOfEveryCommandIsExplainedInEachLanguage(String name) {
        for (Locale language : LIBRARY.read(name, Locale.ENGLISH).languages()) {
            for (Lab.Step step : LIBRARY.read(name, language).steps()) {
                step.commands()
                        .forEach(block -> assertThat(unexplained(language, block.script()))
                                .as("words without an explanation in %s", step.id())
                                .isEmpty());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "fr"})
    void everyOptionOfTheClassicScriptIsExplained(String language) throws IOException {
        Path script = Path.of(System.getProperty("clusterlab.labs", "../labs")).resolve("classic-2017.sh");
        assertThat(unexplained(Locale.of(language), Files.readString(script))).isEmpty();
    }

    private static List<String> unexplained(Locale language, String script) {
        return CommandWords.of(language).read(script).stream()
                .flatMap(command -> command.lines().stream())
                .flatMap(line -> line.pieces().stream())
                .filter(piece -> piece.kind() == Kind.OPTION || piece.kind() == Kind.IMAGE)
                .filter(piece -> piece.help().isEmpty())
                .map(ReadCommand.Piece::title)
                .toList();
    }
}
