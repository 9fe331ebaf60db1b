package dev.clusterlab.ui.model.kept;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptFileTest {
    @TempDir
    private Path folder;

    private static Properties of(String value) {
        Properties kept = new Properties();
        kept.setProperty("name", value);
        return kept;
    }

    @Test
    void comesBackAndLeavesNothingBeside() throws IOException {
        var file = new KeptFile(folder.resolve("deep/kept.properties"), "progress");
        file.write(of("one"));
        file.write(of("deux, été"));
        assertThat(file.read()).isEqualTo(of("deux, été"));
        try (var beside = Files.list(folder.resolve("deep"))) {
            assertThat(beside).hasSize(1);
        }
    }

    @Test
    void whatCannotBeWrittenLeavesWhatWasThere() throws IOException {
        Path path = folder.resolve("kept.properties");
        var file = new KeptFile(path, "progress");
        file.write(of("one"));
        // Nothing can be written where a folder stands.
        Files.createDirectory(folder.resolve("kept.properties.new"));
        file.write(of("two"));
        assertThat(file.read()).isEqualTo(of("one"));
    }

    @Test
    void whatIsNoSuchFileIsIgnored() throws IOException {
        Path damaged = Files.writeString(folder.resolve("damaged"), "name=\\u12\n");
        assertThat(new KeptFile(damaged, "settings").read()).isEmpty();
        assertThat(new KeptFile(folder.resolve("absent"), "settings").read()).isEmpty();
    }
}
