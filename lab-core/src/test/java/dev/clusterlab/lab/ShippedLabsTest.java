package dev.clusterlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
            }
        }
    }
}
