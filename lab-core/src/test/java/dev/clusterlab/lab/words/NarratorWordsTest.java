package dev.clusterlab.lab.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.Examples;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NarratorWordsTest {
    @ParameterizedTest
    @ValueSource(strings = {"en", "fr"})
    void everyStoryHasASentence(String language) {
        NarratorWords words = NarratorWords.of(Locale.of(language));
        for (Class<?> kind : Story.class.getPermittedSubclasses()) {
            for (Object story : Examples.of(kind)) {
                var telling = new Telling((Story) story, List.of(), List.of(), Duration.ZERO);
                assertReads(words.sentence(telling), story);
                assertThat(words.because(telling)).doesNotContain("{");
                assertThat(telling.severity()).isNotNull();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "fr"})
    void everyReasonHasWords(String language) {
        NarratorWords words = NarratorWords.of(Locale.of(language));
        for (Class<?> kind : Reason.class.getPermittedSubclasses()) {
            for (Object reason : Examples.of(kind)) {
                var telling = new Telling(new Story.QuorumBack(), List.of((Reason) reason), List.of(), Duration.ZERO);
                assertReads(words.because(telling), reason);
            }
        }
    }

    private static void assertReads(String words, Object of) {
        assertThat(words).as("%s", of).isNotBlank().doesNotContain("{", "}", "Optional", "[", "null");
    }

    /** What is written in the bundles and said by nobody would never be read by anybody either. */
    @ParameterizedTest
    @ValueSource(strings = {"en", "fr"})
    void bothLanguagesHaveTheSameSentences(String language) {
        assertThat(keys(Locale.of(language))).isEqualTo(keys(Locale.ENGLISH));
    }

    private static Set<String> keys(Locale locale) {
        return new TreeSet<>(ResourceBundle.getBundle(
                        "dev.clusterlab.lab.words.narrator",
                        locale,
                        ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES))
                .keySet());
    }
}
