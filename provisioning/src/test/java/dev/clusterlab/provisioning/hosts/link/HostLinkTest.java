package dev.clusterlab.provisioning.hosts.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostLinkTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @Test
    void asksADaemonThroughItsDoorAndLetsNothingElseOut() throws IOException {
        try (var daemon = new UnixDaemon(folder.resolve("docker.sock"));
                HostLinks links = open(host("unix://" + folder.resolve("docker.sock")), "ssh");
                DockerConnection connection = connect(links)) {
            assertThat(connection.getJson("/info").path("Name").asText()).isEqualTo("daemon");
            assertThatThrownBy(() -> connection.post("/swarm/leave?force=true"))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("only watched")
                    .hasMessageContaining("may change something");
            assertThatThrownBy(() -> connection.delete("/services/web")).hasMessageContaining("only watched");
            assertThat(connection.getJson("/info").path("Name").asText()).isEqualTo("daemon");
            assertThat(daemon.heads).isNotEmpty().allMatch(head -> head.startsWith("GET "));
        }
    }

    @Test
    void saysThatASilentDaemonIsSilentWhenWhoeverAsksHasWaitedLongEnough() throws IOException {
        try (var daemon = new UnixDaemon(folder.resolve("docker.sock"));
                HostLinks links = open(host("unix://" + folder.resolve("docker.sock")), "ssh");
                DockerConnection connection = connect(links)) {
            daemon.silent = true;
            assertThatThrownBy(() -> connection.getJson("/info", Duration.ofSeconds(1)))
                    .extracting(thrown -> ((LabException) thrown).kind())
                    .isEqualTo(LabException.Kind.TIMEOUT);
        }
    }

    @Test
    void goesThroughTheSshProgramAndTellsItsErrors() throws IOException {
        Path ssh = program("echo 'lab@h: Permission denied (publickey).' >&2; exit 255");
        try (HostLinks links = open(host("ssh://lab@h"), ssh.toString())) {
            assertThatThrownBy(() -> connect(links))
                    .hasMessageContaining("none of the keys")
                    .hasMessageContaining("Permission denied (publickey)");
            assertThat(links.all().getFirst().trouble().orElseThrow().kind()).isEqualTo(HostTrouble.Kind.KEY_REFUSED);
        }
    }

    @Test
    void doesNotKnockAgainAtOnceAfterAFailure() throws IOException {
        Path ssh = program(
                "echo x >> " + folder.resolve("calls") + "; echo 'Permission denied (publickey).' >&2; exit 255");
        try (HostLinks links = open(host("ssh://lab@h"), ssh.toString())) {
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> connect(links)).hasMessageContaining("none of the keys");
            }
            assertThat(Files.readAllLines(folder.resolve("calls")).stream().filter("x"::equals))
                    .hasSizeLessThan(10);
        }
    }

    @Test
    void saysThatThereIsNoSshProgram() {
        try (HostLinks links = open(host("ssh://lab@h"), folder.resolve("none").toString())) {
            assertThatThrownBy(() -> connect(links)).hasMessageContaining("no ssh program");
        }
    }

    @Test
    void givesTheProgramNothingThatItCouldTakeForAnOption() {
        var dialer = new SshDialer(
                host("ssh://lab@h:2222"),
                (HostAddress.Ssh) HostAddress.parse("ssh://lab@h:2222", Optional.empty()),
                List.of("ssh"),
                Optional.of(folder.resolve("s0")));
        assertThat(dialer.command(Optional.empty(), List.of("-T"), List.of("docker", "system", "dial-stdio")))
                .containsSubsequence("-o", "BatchMode=yes")
                .containsSequence("-l", "lab", "-p", "2222", "--", "h", "docker", "system", "dial-stdio")
                .doesNotContain("StrictHostKeyChecking=no");
    }

    @Test
    void saysWhyASocketCannotBeUsed() {
        try (HostLinks links = open(host("unix://" + folder.resolve("none.sock")), "ssh")) {
            assertThatThrownBy(() -> connect(links)).hasMessageContaining("daemon of the host does not run");
        }
    }

    @Test
    void keepsItsSocketsInAFolderOfThisUserAndTakesThemAway() throws IOException {
        Path door;
        try (HostLinks links = open(host("unix:///none"), "ssh")) {
            door = Path.of(links.all().getFirst().docker().getPath());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(door.getParent())))
                    .isEqualTo("rwx------");
        }
        assertThat(door.getParent()).doesNotExist();
    }

    private static Host host(String url) {
        return new Host("h1", HostAddress.parse(url, Optional.empty()));
    }

    private static HostLinks open(Host host, String ssh) {
        return HostLinks.open(List.of(host), Map.of(HostLinks.SSH, ssh), "Linux");
    }

    private static DockerConnection connect(HostLinks links) {
        HostLink link = links.all().getFirst();
        return DockerConnection.open(link.host().name(), link.docker(), Optional.empty(), LIMIT);
    }

    private Path program(String script) throws IOException {
        Path file = folder.resolve("ssh");
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }

    /** Answers every request with the same, and keeps the heads. */
    private static final class UnixDaemon implements AutoCloseable {
        private static final String BODY = "{\"Name\": \"daemon\"}";
        final List<String> heads = new CopyOnWriteArrayList<>();
        volatile boolean silent;
        private final ServerSocketChannel server;

        UnixDaemon(Path socket) throws IOException {
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofVirtual().start(this::accept);
        }

        private void accept() {
            try {
                while (true) {
                    SocketChannel client = server.accept();
                    Thread.ofVirtual().start(() -> serve(client));
                }
            } catch (IOException e) {
                // closed
            }
        }

        private void serve(SocketChannel client) {
            try (client) {
                var input = Channels.newInputStream(client);
                var head = new StringBuilder();
                for (int read = input.read(); read >= 0; read = input.read()) {
                    head.append((char) read);
                    if (head.toString().endsWith("\r\n\r\n")) {
                        heads.add(head.toString());
                        head.setLength(0);
                        if (!silent) {
                            client.write(ByteBuffer.wrap(("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: "
                                            + BODY.length() + "\r\n\r\n" + BODY)
                                    .getBytes(StandardCharsets.UTF_8)));
                        }
                    }
                }
            } catch (IOException e) {
                // The client is gone.
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
