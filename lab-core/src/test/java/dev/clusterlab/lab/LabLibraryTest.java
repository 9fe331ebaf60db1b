package dev.clusterlab.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void readsThePagesOfTheFolderThatTheLauncherNamesAsTheyAreNow(@TempDir Path labs) throws IOException {
        Path lab = Files.createDirectories(labs.resolve("mine/en"));
        Files.writeString(lab.resolve("lab.md"), "---\ntitle: First\nsummary: One step.\nminutes: 1\n---\n");
        Files.writeString(lab.resolve("01-step.md"), "---\ntitle: A step\n---\n");
        System.setProperty("clusterlab.labs", labs.toString());
        try {
            LabLibrary named = LabLibrary.standard(List.of(), new CheckLanguage());
            assertThat(named.names()).containsExactly("mine");
            assertThat(named.read("mine", Locale.ENGLISH).title()).isEqualTo("First");
            Files.writeString(lab.resolve("lab.md"), "---\ntitle: Second\nsummary: One step.\nminutes: 1\n---\n");
            assertThat(named.read("mine", Locale.ENGLISH).title()).isEqualTo("Second");
        } finally {
            System.clearProperty("clusterlab.labs");
        }
    }

    @Test
    void aLabThatIsNotThereIsAnsweredWithThoseThatAre() {
        assertThatThrownBy(() -> library.read("resilient-swam", Locale.ENGLISH))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("resilient-swam");
    }
}
