package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.images.LabImages;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ImagesTest {
    private static final List<String> ALL = List.of(
            "docker:dind",
            "dockersamples/visualizer:latest",
            "hashicorp/consul:1.20",
            "clusterlab/hello:latest",
            "traefik:v3",
            "busybox:latest");

    @TempDir
    private Path folder;

    private final FakeDocker docker = new FakeDocker();

    @AfterEach
    void close() {
        docker.close();
    }

    private CliTrial.Outcome images(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var command = new Images(
                () -> LabImages.of(docker.engine(), Map.of()), () -> Instant.parse("2026-01-11T00:00:00Z"), false);
        int status = new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    err.append(e.getMessage()).append(e instanceof LabException known ? "\n" + known.advice() : "");
                    return e instanceof LabException known ? ExitCodes.of(known) : ExitCodes.FAILED;
                })
                .execute(arguments);
        return new CliTrial.Outcome(status, out.toString(), err.toString());
    }

    @Test
    void listsWhatIsThereAndWhatIsMissing() {
        docker.has("traefik:v3");
        CliTrial.Outcome outcome = images("list");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out())
                .containsPattern("✔ traefik +traefik:v3 +42 MB  0123456789ab  made 10 days ago")
                .contains("CLUSTERLAB_IMAGE_TRAEFIK")
                .containsPattern("✘ consul +hashicorp/consul:1.20 +missing")
                .contains("Missing: node, visualizer, consul", "clusterlab images pull");
        ALL.forEach(docker::has);
        assertThat(images("list").out())
                .contains("Nothing is missing.")
                .containsPattern("– jre +eclipse-temurin:25-jre +not here; only for building");
    }

    @Test
    void pullingWhatIsThereAsksForNothing() {
        ALL.forEach(docker::has);
        CliTrial.Outcome outcome = images("pull");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out()).contains("There already: docker:dind");
    }

    @Test
    void aPullThatFailsSaysWhyAndEndsWithAFailure() {
        CliTrial.Outcome outcome = images("pull", "consul");
        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.out()).contains("hashicorp/consul:1.20: failed");
        assertThat(outcome.err()).contains("hashicorp/consul:1.20 is not on this computer", "CLUSTERLAB_IMAGE_CONSUL");
    }

    @Test
    void savingWantsAllAndNeverReplacesAFileUnasked() throws IOException {
        Path file = folder.resolve("images.tar");
        assertThat(images("save", file.toString()).err()).contains("missing", "images pull");
        ALL.forEach(docker::has);
        Files.writeString(file, "dear");
        CliTrial.Outcome outcome = images("save", file.toString());
        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.err()).contains("is there already", "--force");
        assertThat(file).hasContent("dear");
    }

    @Test
    void loadingAnotherKindOfFileIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("notes.txt"), "no archive");
        CliTrial.Outcome outcome = images("load", file.toString());
        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.err()).contains("is not a file of images", "images save");
        assertThat(images("load", folder.resolve("absent").toString()).err()).contains("There is no file");
    }
}
