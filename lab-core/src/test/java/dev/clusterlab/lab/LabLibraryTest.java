package dev.clusterlab.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.LabException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class LabLibraryTest {
    private final LabLibrary library = LabLibrary.standard(List.of(), new CheckLanguage());

    @Test
    void whoIsInterruptedStillReadsAndSpoilsNothingForOthers() {
        Thread.currentThread().interrupt();
        Lab read = library.read("resilient-swarm", Locale.FRENCH);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(read.steps()).isNotEmpty();
        assertThat(library.read("resilient-swarm", Locale.ENGLISH).steps()).hasSameSizeAs(read.steps());
    }

    @Test
    void aLabThatIsNotThereIsAnsweredWithThoseThatAre() {
        assertThatThrownBy(() -> library.read("resilient-swam", Locale.ENGLISH))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("resilient-swam");
    }
}
