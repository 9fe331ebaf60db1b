package dev.clusterlab.provisioning.docker.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clusterlab.provisioning.FakeDaemon;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabImagesTest {
    private static final List<String> SOURCES = List.of(
            "docker:dind",
            "dockersamples/visualizer:latest",
            "hashicorp/consul:1.20",
            "clusterlab/hello:latest",
            "traefik:v3",
            "busybox:latest");

    @TempDir
    private Path folder;

    private final FakeDaemon daemon = new FakeDaemon();
    private final LabImages images = new LabImages(
            new HostDocker(new HostEngine(daemon.endpoint(), "test", Optional.empty(), List.of())),
            ImageReferences.of(Map.of()),
            () -> {
                throw new LabException(Kind.ENVIRONMENT, "No files here.", "");
            });

    @AfterEach
    void close() {
        images.close();
        daemon.close();
    }

    private void all() {
        SOURCES.forEach(this::there);
    }

    private void there(String source) {
        daemon.reply("/images/" + source + "/json", """
                {"Id": "sha256:12", "Size": 42000000, "Created": "2026-01-01T00:00:00Z", "RepoDigests": ["x@sha256:34"]}""");
    }

    private void absent(String source) {
        daemon.refuse("/images/" + source + "/json", 404, "No such image");
    }

    private LabException saving(Path file, boolean force) {
        return catchThrowableOfType(LabException.class, () -> images.save(file, force, told -> {}));
    }

    @Test
    void listsTheCatalogueWithWhatTheEngineHas() {
        there("traefik:v3");
        List<LabImages.Entry> entries = images.list();
        assertThat(entries).extracting(LabImages.Entry::name).startsWith("node").contains("consul", "hello", "jre");
        assertThat(entries)
                .filteredOn(entry -> entry.name().equals("traefik"))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.setting()).isEqualTo("CLUSTERLAB_IMAGE_TRAEFIK");
                    assertThat(entry.missing()).isFalse();
                    assertThat(entry.there())
                            .contains(new LabImages.OnEngine(
                                    "sha256:12", "sha256:34", 42_000_000, Instant.parse("2026-01-01T00:00:00Z")));
                });
        assertThat(entries).filteredOn(LabImages.Entry::missing).hasSize(entries.size() - 1);
    }

    @Test
    void theJavaRuntimeIsNeededOnlyForBuilding() {
        all();
        assertThat(images.list()).noneMatch(LabImages.Entry::missing);
    }

    @Test
    void pullsOnlyWhatIsMissingUnlessAskedAgain() {
        all();
        assertThat(images.pull(List.of(), false, told -> {}).present()).containsExactlyElementsOf(SOURCES);
        assertThat(daemon.requests()).noneMatch(request -> request.startsWith("POST"));
        daemon.reply("/images/create", "{\"status\": \"Image is up to date\"}");
        assertThat(images.pull(List.of("traefik", "hashicorp/consul"), true, told -> {})
                        .fetched())
                .containsExactly("hashicorp/consul:1.20", "traefik:v3");
    }

    @Test
    void oneThatCannotBeHadDoesNotKeepTheOthersAway() {
        all();
        absent("docker:dind");
        absent("traefik:v3");
        daemon.reply("/images/create", "{\"status\": \"x\"}").when("/images/create", () -> there("traefik:v3"));
        LabImages.Pulled pulled = images.pull(List.of(), false, told -> {});
        assertThat(pulled.fetched()).containsExactly("traefik:v3");
        assertThat(pulled.failed()).containsOnlyKeys("docker:dind");
    }

    @Test
    void anImageThatNoLabUsesIsNotPulled() {
        LabException refused =
                catchThrowableOfType(LabException.class, () -> images.pull(List.of("nginx"), false, told -> {}));
        assertThat(refused).hasMessageContaining("nginx");
        assertThat(refused.advice()).contains("node, visualizer, consul");
    }

    @Test
    void savesNothingWhileAnImageIsMissing() {
        there("traefik:v3");
        Path file = folder.resolve("images.tar");
        LabException refused = saving(file, false);
        assertThat(refused)
                .hasMessageContaining("node, visualizer, consul")
                .hasMessageContaining("Nothing was written");
        assertThat(refused.advice()).contains("images pull");
        assertThat(file).doesNotExist();
    }

    @Test
    void replacesAFileOnlyWhenToldTo() throws IOException {
        all();
        daemon.reply("/images/get", "something");
        Path file = Files.writeString(folder.resolve("images.tar"), "dear");
        LabException refused = saving(file, false);
        assertThat(refused.kind()).isEqualTo(Kind.CONFLICT);
        assertThat(refused.advice()).contains("--force");
        assertThat(file).hasContent("dear");
        assertThat(saving(folder, true)).hasMessageContaining("is a folder");
        assertThat(saving(folder.resolve("no/such/file"), true)).hasMessageContaining("Cannot write");
    }

    @Test
    void anEngineThatStopsWhileSavingLeavesTheOldFile() throws IOException {
        all();
        daemon.cutOff("/images/get", "begin");
        Path file = Files.writeString(folder.resolve("images.tar"), "dear");
        assertThat(saving(file, true)).hasMessageContaining("does not answer");
        assertThat(file).hasContent("dear");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void looksAtAFileBeforeItIsLoaded() throws IOException {
        Path file = Files.writeString(folder.resolve("notes.txt"), "dear diary ".repeat(100));
        assertThat(catchThrowableOfType(LabException.class, () -> images.load(file, told -> {})))
                .hasMessageContaining("is not a file of images");
        assertThat(daemon.requests()).noneMatch(request -> request.startsWith("POST"));
    }

    @Test
    void saysWhatAFileBroughtAndWhatIsStillMissing() throws IOException {
        all();
        absent("docker:dind");
        daemon.reply("/images/load", "{\"stream\": \"Loaded image: traefik:v3\"}");
        Path file = Files.write(folder.resolve("f.tar"), ImageArchiveTest.archive("traefik:v3", "mine:1"));
        LabImages.Loaded loaded = images.load(file, told -> {});
        assertThat(loaded.brought()).containsExactly("traefik:v3");
        assertThat(loaded.others()).containsExactly("mine:1");
        assertThat(loaded.missing()).containsExactly("docker:dind");
    }

    @Test
    void aFullDiskIsNoticedAlsoWhereTheEngineTellsItLate() throws IOException {
        daemon.reply("/images/load", """
                {"stream": "Loading layer"}
                {"error": "Error processing tar file: write /x: no space left on device"}
                """);
        Path file = Files.write(folder.resolve("f.tar"), ImageArchiveTest.archive("traefik:v3"));
        LabException refused = catchThrowableOfType(LabException.class, () -> images.load(file, told -> {}));
        assertThat(refused.kind()).isEqualTo(Kind.ENVIRONMENT);
        assertThat(refused).hasMessageContaining("disk of the Docker Engine is full");
    }
}
