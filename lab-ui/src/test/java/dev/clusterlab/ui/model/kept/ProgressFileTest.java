package dev.clusterlab.ui.model.kept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.way.Destination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class ProgressFileTest {
    private static final KeptProgress PROGRESS =
            new KeptProgress(new Destination("swarm", 1), Set.of("machines"), Instant.parse("2026-03-01T18:40:00Z"));

    @TempDir
    Path folder;

    @Test
    void keepsHowFarOneCameInEachLab() {
        var file = new ProgressFile(folder.resolve("deep/progress.properties"));
        file.write("one", PROGRESS);
        file.write("two", new KeptProgress(Destination.before("x"), Set.of(), PROGRESS.when()));
        assertThat(file.read("one")).contains(PROGRESS);
        file.forget("one");
        assertThat(file.read("one")).isEmpty();
        assertThat(file.read("two").orElseThrow().reached()).isEqualTo(Destination.before("x"));
    }

    @Test
    void aDamagedFileIsNoReasonToStop() throws IOException {
        Path damaged = Files.writeString(folder.resolve("damaged"), "one.step=x\none.blocks=many\ntwo.step=\\u00zz\n");
        assertThat(new ProgressFile(damaged).read("one")).isEmpty();
        Path undated = Files.writeString(folder.resolve("undated"), "one.step=x\none.blocks=1\n");
        assertThat(new ProgressFile(undated).read("one")).isEmpty();
    }
}
