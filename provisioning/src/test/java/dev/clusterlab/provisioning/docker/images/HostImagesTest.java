package dev.clusterlab.provisioning.docker.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.EngineProgress.Stage;
import dev.clusterlab.provisioning.FakeDaemon;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How images come to the user's engine, and what is said when they do not. */
class HostImagesTest {
    private static final String DOWNLOADING = """
            {"status": "Downloading", "id": "l1", "progressDetail": {"current": 40000000, "total": 52000000}}
            """;

    private final FakeDaemon daemon = new FakeDaemon();
    private final HostDocker host =
            new HostDocker(new HostEngine(daemon.endpoint(), "test", Optional.empty(), List.of()));
    private final List<EngineProgress> told = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        host.close();
        daemon.close();
    }

    private HostImages images(ImageReferences references) {
        return new HostImages(host, references, this::hello, told::add);
    }

    private HelloFiles hello() {
        Path jar = folder.resolve("helidon-hello.jar");
        try {
            Files.writeString(jar, "hello");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new HelloFiles(jar, List.of());
    }

    private void obtainTraefik() {
        var references = ImageReferences.of(Map.of());
        images(references).obtain(references.known("traefik:v3").orElseThrow());
    }

    private LabException refused() {
        return catchThrowableOfType(LabException.class, this::obtainTraefik);
    }

    @Test
    void asksForNothingThatIsThere() {
        daemon.reply("/images/traefik:v3/json", "{}");
        obtainTraefik();
        assertThat(told).isEmpty();
        assertThat(daemon.requests()).noneMatch(request -> request.startsWith("POST"));
    }

    @Test
    void pullsWhatIsMissingAndTellsHowFarItIs() {
        daemon.reply("/images/create", DOWNLOADING + "{\"status\": \"Pull complete\", \"id\": \"l1\"}")
                .when("/images/create", () -> daemon.reply("/images/traefik:v3/json", "{}"));
        obtainTraefik();
        assertThat(told)
                .extracting(EngineProgress::detail)
                .contains("40 of 52 MB")
                .contains("52 of 52 MB");
        assertThat(told.getLast().stage()).isEqualTo(Stage.DONE);
    }

    @Test
    void aPullThatEndsWithAnErrorSaysHowMuchHadCome() {
        daemon.reply("/images/create", DOWNLOADING + "{\"errorDetail\": {\"message\": \"EOF\"}, \"error\": \"EOF\"}");
        LabException refused = refused();
        assertThat(refused)
                .hasMessageContaining("traefik:v3")
                .hasMessageContaining("cannot be reached")
                .hasMessageContaining("40 of 52 MB had come");
        assertThat(refused.advice())
                .contains("Try again")
                .contains("images load")
                .contains("CLUSTERLAB_IMAGE_TRAEFIK");
        assertThat(told.getLast().stage()).isEqualTo(Stage.FAILED);
    }

    @Test
    void aPullWhoseConnectionBreaksSaysHowMuchHadComeAndGoesWellNextTime() {
        daemon.cutOff("/images/create", DOWNLOADING);
        LabException refused = refused();
        assertThat(refused).hasMessageContaining("does not answer").hasMessageContaining("40 of 52 MB had come");
        assertThat(refused.advice()).contains("Try again");
        assertThat(refused.kind()).isEqualTo(Kind.ENVIRONMENT);
        daemon.reply("/images/create", DOWNLOADING)
                .when("/images/create", () -> daemon.reply("/images/traefik:v3/json", "{}"));
        obtainTraefik();
    }

    @Test
    void aPullThatIsCalledOffEndsAtTheEngineToo() throws InterruptedException {
        var left = new CountDownLatch(1);
        daemon.stall("/images/create", DOWNLOADING).when("/images/create left", left::countDown);
        var thrown = new AtomicReference<LabException>();
        Thread pulling = Thread.ofPlatform().start(() -> thrown.set(refused()));
        while (pulling.isAlive()
                && told.stream().noneMatch(progress -> progress.detail().equals("40 of 52 MB"))) {
            Thread.onSpinWait();
        }
        pulling.interrupt();
        pulling.join();
        assertThat(thrown.get().kind()).isEqualTo(Kind.CANCELLED);
        assertThat(thrown.get()).hasMessageContaining("cancelled. 40 of 52 MB had come");
        assertThat(left.await(20, TimeUnit.SECONDS))
                .as("the engine sees that nobody listens")
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    dial tcp: lookup registry-1.docker.io: no such host | cannot be reached | images load
                    read tcp 127.0.0.1:41880->127.0.0.1:41877: read: connection reset by peer | cannot be reached | images load
                    net/http: TLS handshake timeout | cannot be reached | proxy
                    toomanyrequests: You have reached your pull rate limit | no more images for now | docker login
                    pull access denied for traefik, repository does not exist | does not give it | name is right
                    manifest for traefik:v3 not found: manifest unknown | does not give it | CLUSTERLAB_IMAGE_TRAEFIK
                    """)
    void saysWhatStandsBetweenTheEngineAndTheRegistry(String said, String message, String advice) {
        daemon.refuse("/images/create", 500, said);
        LabException refused = refused();
        assertThat(refused.kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(refused).hasMessageContaining("is not on this computer").hasMessageContaining(message);
        assertThat(refused.advice()).contains(advice);
    }

    @Test
    void aFullDiskOfTheEngineIsNotANetworkProblem() {
        daemon.reply("/images/create", DOWNLOADING + """
                {"errorDetail": {"message": "write /x: no space left on device"}, "error": "write /x"}""");
        LabException refused = refused();
        assertThat(refused.kind()).isEqualTo(Kind.ENVIRONMENT);
        assertThat(refused).hasMessageContaining("the disk of the Docker Engine is full");
        assertThat(refused.advice()).contains("docker system df");
    }

    @Test
    void theHelloServiceIsBuiltOnItsJavaRuntime() {
        daemon.reply("/images/create", DOWNLOADING)
                .when("/images/create", () -> daemon.reply("/images/eclipse-temurin:25-jre/json", "{}"))
                .reply("/build", "{\"stream\": \"Successfully built 0123\"}")
                .when("/build", () -> daemon.reply("/images/clusterlab/hello:latest/json", "{}"));
        var references = ImageReferences.of(Map.of());
        images(references).obtain(references.hello());
        assertThat(daemon.requests())
                .anyMatch(request -> request.contains("/images/create") && request.contains("eclipse-temurin"))
                .anyMatch(request -> request.contains("/build") && request.contains("clusterlab%2Fhello%3Alatest"))
                .noneMatch(request -> request.contains("/images/create") && request.contains("hello"));
        assertThat(told).extracting(EngineProgress::stage).contains(Stage.BUILDING_IMAGE);
        assertThat(told.getLast().stage()).isEqualTo(Stage.DONE);
    }

    @Test
    void aHelloImageThatWasNamedIsPulledAndNotBuilt() {
        var references = ImageReferences.of(Map.of("CLUSTERLAB_IMAGE_HELLO", "mirror.example:5000/hello"));
        LabException refused = catchThrowableOfType(
                LabException.class, () -> images(references).obtain(references.hello()));
        assertThat(refused.advice()).contains("CLUSTERLAB_IMAGE_HELLO");
        assertThat(daemon.requests()).noneMatch(request -> request.contains("/build"));
    }

    @Test
    void aBuildThatFailsSaysWhy() {
        daemon.reply("/images/eclipse-temurin:25-jre/json", "{}").reply("/build", """
                {"stream": "Step 1"}
                {"error": "COPY failed: no space left on device"}
                """);
        var references = ImageReferences.of(Map.of());
        LabException refused = catchThrowableOfType(
                LabException.class, () -> images(references).obtain(references.hello()));
        assertThat(refused)
                .hasMessageContaining("Cannot build the image clusterlab/hello:latest")
                .hasMessageContaining("full");
    }
}
