package dev.clusterlab.provisioning.docker.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.EngineProgress.Stage;
import dev.clusterlab.provisioning.FakeDaemon;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostEngine;
import dev.clusterlab.provisioning.docker.images.ImageReferences.Image;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens between the user's engine, the cache and a machine's daemon. */
class MachineImagesTest {
    @TempDir
    private Path cache;

    private final FakeDaemon engine = new FakeDaemon();
    private final FakeDaemon machine = new FakeDaemon();
    private final HostDocker host =
            new HostDocker(new HostEngine(engine.endpoint(), "test", Optional.empty(), List.of()));
    private final DockerConnection daemon =
            DockerConnection.open("leader1", machine.endpoint(), Optional.empty(), Duration.ofSeconds(5));
    private final ImageReferences references = ImageReferences.of(Map.of());
    private final Image traefik = references.known("traefik:v3").orElseThrow();
    private final List<EngineProgress> told = new CopyOnWriteArrayList<>();

    @BeforeEach
    void theEngineHasIt() throws IOException {
        engine.reply("/images/traefik:v3/json", "{\"Id\": \"sha256:12\"}");
        engine.reply(
                "/images/traefik:v3/get",
                new String(ImageArchiveTest.archive("traefik:v3"), StandardCharsets.US_ASCII));
        machine.reply("/images/load", "{\"stream\": \"Loaded image: traefik:v3\"}");
        machine.reply("/images/traefik:v3/tag", "");
    }

    @AfterEach
    void close() {
        daemon.close();
        host.close();
        machine.close();
        engine.close();
    }

    private void provide(Path folder) {
        new MachineImages(host, references, folder, told::add).provide(traefik, List.of(daemon));
    }

    private LabException refused(Path folder) {
        return catchThrowableOfType(LabException.class, () -> provide(folder));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(cache)) {
            return all.toList();
        }
    }

    @Test
    void aMachineGetsAnImageUnderEveryNameAndTheArchiveStays() throws IOException {
        provide(cache);
        assertThat(machine.requests())
                .anyMatch(request -> request.contains("/images/load"))
                .anyMatch(request -> request.contains("/tag") && request.contains("tag=latest"));
        assertThat(files()).hasSize(1);
        provide(cache);
        assertThat(engine.requests())
                .filteredOn(request -> request.contains("/get"))
                .hasSize(1);
        assertThat(told.getLast().stage()).isEqualTo(Stage.DONE);
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.createFile(cache.resolve("file"));
        LabException refused = refused(file.resolve("images"));
        assertThat(refused.kind()).isEqualTo(Kind.ENVIRONMENT);
        assertThat(refused).hasMessageContaining("Cannot write").hasMessageContaining(file.toString());
        assertThat(told.getLast().stage()).isEqualTo(Stage.FAILED);
    }

    @Test
    void anArchiveThatWasCutOffIsNotKept() throws IOException {
        engine.cutOff("/images/traefik:v3/get", "begin");
        assertThat(refused(cache)).hasMessageContaining("does not answer");
        assertThat(files()).isEmpty();
    }

    @Test
    void aMachineWhoseDiskIsFullSaysSo() {
        machine.reply("/images/load", """
                {"stream": "Loading layer"}
                {"error": "Error processing tar file(exit status 1): write /x: no space left on device"}
                """);
        LabException refused = refused(cache);
        assertThat(refused.kind()).isEqualTo(Kind.ENVIRONMENT);
        assertThat(refused)
                .hasMessageContaining("Cannot load traefik:v3 into leader1")
                .hasMessageContaining("disk of the Docker Engine is full");
    }

    @Test
    void aMachineThatStopsWhileAnImageIsLoadedIsNotTakenForTheEngine() {
        machine.cutOff("/images/load", "{\"stream\": \"Loading");
        LabException refused = refused(cache);
        assertThat(refused)
                .hasMessageContaining("into leader1: its Docker daemon does not answer")
                .hasMessageNotContaining("of this computer");
        assertThat(refused.advice()).contains("docker-machine ls");
    }
}
