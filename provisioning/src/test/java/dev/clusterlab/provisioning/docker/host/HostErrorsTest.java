package dev.clusterlab.provisioning.docker.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clusterlab.provisioning.FakeDaemon;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an engine refuses, as it words it, becomes a message that says what to do. */
class HostErrorsTest {
    private static LabException refused(int status, String message) {
        try (var daemon = new FakeDaemon()) {
            daemon.refuse("/containers/create", status, message);
            var found = new HostEngine(daemon.endpoint(), "test", Optional.empty(), java.util.List.of());
            try (var host = new HostDocker(found)) {
                return catchThrowableOfType(
                        LabException.class,
                        () -> host.post("create leader1", "/containers/create", LoopbackHttp.JSON.createObjectNode()));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    500 | write /var/lib/docker/x: no space left on device | ENVIRONMENT | disk | docker system df
                    500 | driver failed: Bind for 127.0.0.1:80 failed: port is already allocated | CONFLICT | port | End the program
                    403 | Pool overlaps with other one on this address space | CONFLICT | address range | docker network ls
                    404 | No such image: docker:dind | NOT_FOUND | docker:dind | docker pull
                    500 | fork/exec: cannot allocate memory | ENVIRONMENT | memory | fewer machines
                    """)
    void saysWhatToDo(int status, String said, LabException.Kind kind, String told, String advice) {
        LabException refused = refused(status, said);
        assertThat(refused.kind()).isEqualTo(kind);
        assertThat(refused).hasMessageContaining("Cannot create leader1").hasMessageContaining(told);
        assertThat(refused.advice()).contains(advice);
    }

    @Test
    void passesOnWhatItDoesNotKnow() {
        LabException refused = refused(500, "something new");
        assertThat(refused.kind()).isEqualTo(LabException.Kind.REFUSED);
        assertThat(refused).hasMessage("Cannot create leader1: something new");
    }

    @Test
    void noticesAnEngineThatWentAway() {
        var daemon = new FakeDaemon();
        var found = new HostEngine(daemon.endpoint(), "test", Optional.empty(), java.util.List.of());
        try (var host = new HostDocker(found)) {
            daemon.close();
            LabException refused =
                    catchThrowableOfType(LabException.class, () -> host.get("list the machines", "/containers/json"));
            assertThat(refused.kind()).isEqualTo(LabException.Kind.ENVIRONMENT);
            assertThat(refused).hasMessageContaining("does not answer");
        }
    }

    @Test
    void goesOnWhenTheEngineIsBack() {
        var daemon = new FakeDaemon();
        daemon.reply("/containers/json", "[]");
        var found = new HostEngine(daemon.endpoint(), "test", Optional.empty(), java.util.List.of());
        try (var host = new HostDocker(found)) {
            host.get("list the machines", "/containers/json");
            daemon.close();
            LabException refused =
                    catchThrowableOfType(LabException.class, () -> host.get("list the machines", "/containers/json"));
            assertThat(refused.advice()).contains("See that Docker runs").contains("docker-machine start");
            try (var back = new FakeDaemon(daemon.port())) {
                back.reply("/containers/json", "[]");
                assertThat(host.get("list the machines", "/containers/json").isArray())
                        .isTrue();
            }
        }
    }
}
