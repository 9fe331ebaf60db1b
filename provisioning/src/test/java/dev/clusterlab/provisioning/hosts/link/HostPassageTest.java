package dev.clusterlab.provisioning.hosts.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostPassageTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    /** Answers by what was asked first, or not at all; keeps the heads. */
    private static final class Daemon implements AutoCloseable {
        final List<String> heads = new CopyOnWriteArrayList<>();
        private final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);

        Daemon(Path socket) throws IOException {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofVirtual().start(() -> {
                while (server.isOpen()) {
                    try {
                        SocketChannel client = server.accept();
                        Thread.ofVirtual().start(() -> serve(client));
                    } catch (IOException e) {
                        return;
                    }
                }
            });
        }

        private void serve(SocketChannel client) {
            try (client) {
                var input = new java.io.BufferedInputStream(Channels.newInputStream(client));
                while (true) {
                    var head = new StringBuilder();
                    for (int read = input.read(); read >= 0; read = input.read()) {
                        head.append((char) read);
                        if (head.toString().endsWith("\r\n\r\n")) {
                            break;
                        }
                    }
                    if (head.isEmpty()) {
                        return;
                    }
                    heads.add(head.toString().lines().findFirst().orElse(""));
                    boolean first = heads.stream()
                                    .filter(line -> line.contains("breaking=once"))
                                    .count()
                            == 1;
                    if (head.toString().startsWith("POST /v1.41/services/create")
                            || (first && head.toString().contains("breaking=once"))) {
                        // The connection breaks after the request, and before the answer.
                        return;
                    }
                    Channels.newOutputStream(client)
                            .write("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\n{}"
                                    .getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                // The client has gone.
                return;
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    @Test
    void letsRequestsThatChangeSomethingPass() throws IOException {
        try (var daemon = new Daemon(folder.resolve("docker.sock"));
                HostPassages passages = open("unix://" + folder.resolve("docker.sock"));
                DockerConnection connection = connect(passages)) {
            connection.post("/swarm/leave?force=true");
            connection.delete("/networks/x");
            assertThat(daemon.heads)
                    .contains("POST /v1.41/swarm/leave?force=true HTTP/1.1", "DELETE /v1.41/networks/x HTTP/1.1");
        }
    }

    @Test
    void knocksAtOnceAndHearsWhetherSomebodyIsThere() throws IOException {
        try (HostPassages passages = open("unix://" + folder.resolve("docker.sock"))) {
            HostPassage passage = passages.all().getFirst();
            assertThat(passage.knock(LIMIT)).as("there is no socket").isFalse();
            try (var daemon = new Daemon(folder.resolve("docker.sock"))) {
                assertThat(passage.knock(LIMIT)).isTrue();
                assertThat(daemon.heads).containsExactly("GET /_ping HTTP/1.1");
            }
        }
        try (ServerSocketChannel mute = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                HostPassages passages = open("unix://" + folder.resolve("mute.sock"))) {
            mute.bind(UnixDomainSocketAddress.of(folder.resolve("mute.sock")));
            assertThat(passages.all().getFirst().knock(Duration.ofMillis(50)))
                    .as("somebody who says nothing")
                    .isFalse();
        }
    }

    @Test
    void aRequestWhoseConnectionBreaksIsMadeOnce() throws IOException {
        try (var daemon = new Daemon(folder.resolve("docker.sock"));
                HostPassages passages = open("unix://" + folder.resolve("docker.sock"));
                DockerConnection connection = connect(passages)) {
            assertThatThrownBy(() -> connection.postJson("/services/create", LoopbackHttp.JSON.createObjectNode()))
                    .isInstanceOf(LabException.class);
            assertThat(daemon.heads)
                    .filteredOn(head -> head.contains("/services/create"))
                    .hasSize(1);
            assertThat(connection.getJson("/info")).isNotNull();
        }
    }

    @Test
    void aReadingRequestWhoseConnectionBreaksIsMadeAnew() throws IOException {
        try (var daemon = new Daemon(folder.resolve("docker.sock"));
                HostPassages passages = open("unix://" + folder.resolve("docker.sock"));
                DockerConnection connection = connect(passages)) {
            assertThat(connection.getJson("/services?breaking=once")).isNotNull();
            assertThat(daemon.heads)
                    .filteredOn(head -> head.contains("breaking=once"))
                    .hasSize(2);
        }
    }

    @Test
    void saysWhyTheHostIsNotReached() {
        try (HostPassages passages = open("unix://" + folder.resolve("none.sock"))) {
            assertThatThrownBy(() -> connect(passages)).hasMessageContaining("daemon of the host does not run");
            // At once, too, while it is waited.
            assertThatThrownBy(() -> connect(passages)).hasMessageContaining("daemon of the host does not run");
        }
    }

    @Test
    void aPublishedPortAnswersOnLoopback() throws IOException {
        try (var server = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
                HostPassages passages = HostPassages.open(
                        List.of(new Host(
                                "h1",
                                HostAddress.parse("unix:///none", Optional.empty()),
                                Map.of(8080, "127.0.0.1:" + server.getLocalPort()))),
                        Map.of(),
                        "Linux")) {
            Thread.ofVirtual().start(() -> {
                try (Socket client = server.accept()) {
                    client.getOutputStream().write(client.getInputStream().readAllBytes());
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            String at = passages.all().getFirst().port(8080);
            int port = Integer.parseInt(at.substring(at.indexOf(':') + 1));
            try (var socket = new Socket("127.0.0.1", port)) {
                socket.getOutputStream().write("said".getBytes(StandardCharsets.US_ASCII));
                socket.shutdownOutput();
                assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("said");
            }
        }
    }

    private static HostPassages open(String url) {
        return HostPassages.open(List.of(new Host("h1", HostAddress.parse(url, Optional.empty()))), Map.of(), "Linux");
    }

    private static DockerConnection connect(HostPassages passages) {
        return DockerConnection.open("h1", passages.all().getFirst().docker(), Optional.empty(), LIMIT);
    }
}
