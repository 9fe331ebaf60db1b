package dev.clusterlab.provisioning.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clusterlab.provisioning.FakeDaemon;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostEngine;
import dev.clusterlab.provisioning.docker.images.ImageReferences;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine that cannot be made leaves nothing behind. */
class NodeContainersTest {
    @TempDir
    private Path folder;

    private final FakeDaemon engine = new FakeDaemon();
    private final HostDocker host =
            new HostDocker(new HostEngine(engine.endpoint(), "test", Optional.empty(), List.of()));

    @AfterEach
    void close() {
        host.close();
        engine.close();
    }

    private LabException refused() {
        LabCertificates.Server certificate = LabCertificates.create("lab", folder, Instant.now(), new SecureRandom())
                .server("leader1", "192.168.99.100", Instant.now());
        var containers = new NodeContainers(host, "0123abcd", ImageReferences.of(Map.of()), List.of(80));
        return catchThrowableOfType(
                LabException.class,
                () -> containers.create("leader1", 0, "lab", "192.168.99.100", NodeIsolation.PRIVILEGED, certificate));
    }

    private void created() {
        engine.reply("/containers/create", "{\"Id\": \"c1\"}")
                .reply("/containers/c1/archive", "")
                .reply("/containers/c1/json", "{\"Id\": \"c1\", \"State\": {\"Status\": \"created\"}}")
                .reply("/containers/c1", "");
    }

    private void assertRemoved() {
        assertThat(engine.requests())
                .anyMatch(request ->
                        request.startsWith("DELETE") && request.contains("/containers/c1?force=true&v=true"));
    }

    @Test
    void aPortThatIsTakenIsToldAndTheContainerRemoved() {
        created();
        engine.refuse(
                "/containers/c1/start",
                500,
                "driver failed programming external connectivity: Bind for 127.0.0.1:32768 failed: port is already allocated");
        LabException refused = refused();
        assertThat(refused.kind()).isEqualTo(Kind.CONFLICT);
        assertThat(refused)
                .hasMessageContaining("Cannot create leader1: a port is taken")
                .hasMessageContaining("32768");
        assertThat(refused.advice()).contains("End the program that has the port");
        assertThat(engine.requests().stream().filter(request -> request.contains("/containers/c1/start")))
                .as("other ports are tried before it gives up")
                .hasSize(8);
        assertRemoved();
    }

    @Test
    void aDiskThatFillsWhileAMachineStartsIsToldAndTheContainerRemoved() {
        created();
        engine.refuse("/containers/c1/start", 500, "mkdir /var/lib/docker/x: no space left on device");
        LabException refused = refused();
        assertThat(refused.kind()).isEqualTo(Kind.ENVIRONMENT);
        assertThat(refused).hasMessageContaining("disk of the Docker Engine is full");
        assertRemoved();
    }

    @Test
    void aNodeImageThatIsGoneIsTold() {
        engine.refuse("/containers/create", 404, "No such image: docker:dind");
        assertThat(refused()).hasMessageContaining("docker:dind");
        assertThat(engine.requests()).noneMatch(request -> request.startsWith("DELETE"));
    }
}
