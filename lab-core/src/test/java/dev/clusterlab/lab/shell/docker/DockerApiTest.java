package dev.clusterlab.lab.shell.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.transport.DockerHttpClient;
import dev.clusterlab.lab.shell.ShellFailure;
import dev.clusterlab.provisioning.client.DockerRefusedException;
import dev.clusterlab.provisioning.client.DockerTransport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What of a request that goes wrong is whose fault. */
class DockerApiTest {
    /** A daemon that answers the same always. */
    private static DockerApi daemon(Supplier<DockerHttpClient.Response> answer) {
        return new DockerApi(
                new DockerTransport(new DockerHttpClient() {
                    @Override
                    public Response execute(Request request) {
                        return answer.get();
                    }

                    @Override
                    public void close() {}
                }),
                "tcp://10.1.0.1:2376",
                System::nanoTime,
                Duration.ZERO);
    }

    static DockerHttpClient.Response answer(int status, InputStream body) {
        return new DockerHttpClient.Response() {
            @Override
            public int getStatusCode() {
                return status;
            }

            @Override
            public Map<String, List<String>> getHeaders() {
                return Map.of();
            }

            @Override
            public @Nullable String getHeader(String name) {
                return null;
            }

            @Override
            public InputStream getBody() {
                return body;
            }

            @Override
            public void close() {}
        };
    }

    static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aDaemonThatIsNotThereIsSaidToBeUnreachable() {
        DockerApi api = daemon(() -> {
            throw new RuntimeException(new ConnectException("Connection refused"));
        });
        assertThatThrownBy(() -> api.get("/info"))
                .isInstanceOf(ShellFailure.class)
                .hasMessage(
                        "Cannot connect to the Docker daemon at tcp://10.1.0.1:2376. Is the docker daemon running?");
    }

    @Test
    void anAnswerThatBreaksOffIsSaidToBeUnreachable() {
        DockerApi api = daemon(() -> answer(200, new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Connection reset");
            }
        }));
        assertThatThrownBy(() -> api.get("/info"))
                .isInstanceOf(ShellFailure.class)
                .hasMessageStartingWith("Cannot connect");
    }

    @Test
    void aRefusalIsTheDaemonsOwnWords() {
        DockerApi api = daemon(() -> answer(404, text("{\"message\":\"no such thing\"}")));
        assertThatThrownBy(() -> api.get("/things/x")).isInstanceOfSatisfying(DockerRefusedException.class, refused -> {
            assertThat(refused.status()).isEqualTo(404);
            assertThat(refused.text()).isEqualTo("no such thing");
        });
    }

    @Test
    void anAnswerThatIsNoJsonIsSaidToBeNone() {
        DockerApi api = daemon(() -> answer(200, text("<html>")));
        assertThatThrownBy(() -> api.get("/info"))
                .isInstanceOf(ShellFailure.class)
                .hasMessageContaining("answered /info with no JSON");
    }

    @Test
    void ourOwnMistakesComeOutAsWhatTheyAre() {
        DockerApi reading = daemon(() -> answer(200, text("{}")));
        assertThatThrownBy(() -> reading.stream("GET", "/info", null, body -> {
                    throw new IllegalStateException("a bug in the reader");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a bug in the reader");
        DockerApi sending = daemon(() -> {
            throw new NullPointerException("a bug in the transport");
        });
        assertThatThrownBy(() -> sending.get("/info"))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("a bug in the transport");
    }
}
