package dev.clusterlab.simulator.programs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.programs.ProgramLab.Container;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NginxProgramTest {
    private final ProgramLab lab = new ProgramLab(1);
    private final Container nginx = lab.container("web").start(NginxProgram::new);

    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html"})
    void welcomesOnPort80(String path) {
        Response page = nginx.get(80, path);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("content-type")).startsWith("text/html");
        assertThat(page.header("server")).startsWith("nginx/");
        assertThat(page.text()).contains("<h1>Welcome to nginx!</h1>");
    }

    @Test
    void hasNothingElse() {
        Response page = nginx.get(80, "/missing");
        assertThat(page.status()).isEqualTo(404);
        assertThat(page.text()).contains("<h1>404 Not Found</h1>");
    }

    @Test
    void writesALineForEachRequest() {
        nginx.get(80, "/missing");
        assertThat(nginx.output.getLast())
                .startsWith("- - - [01/Jan/2026:00:00:00 +0000] \"GET /missing HTTP/1.1\" 404 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIGTERM", "SIGQUIT", "SIGINT"})
    void endsOnASignalToStop(String signal) {
        nginx.signal("SIGHUP");
        assertThat(nginx.exitStatus()).isNull();
        nginx.signal(signal);
        assertThat(nginx.exitStatus()).isZero();
    }
}
