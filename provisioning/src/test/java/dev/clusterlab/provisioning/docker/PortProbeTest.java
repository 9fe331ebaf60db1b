package dev.clusterlab.provisioning.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class PortProbeTest {
    /** A busy computer closes a connection late. */
    private static final int PATIENCE_MILLIS = 30_000;

    @Test
    void tellsWhoListensFromAnEngineThatOnlyForwards() throws IOException {
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            // Nobody accepts, but the system has connected: as a daemon that waits for its client to speak.
            assertThat(PortProbe.opens(server.getLocalPort(), PortProbe.LISTEN_MILLIS))
                    .isTrue();
        }
        try (var forwards = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket accepted = forwards.accept()) {
                    assertThat(accepted.isConnected()).isTrue();
                } catch (IOException e) {
                    // The test has ended.
                    return;
                }
            });
            assertThat(PortProbe.opens(forwards.getLocalPort(), PATIENCE_MILLIS))
                    .isFalse();
        }
    }

    @Test
    void aClosedPortDoesNotOpen() throws IOException {
        int port;
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }
        assertThat(PortProbe.opens(port, PATIENCE_MILLIS)).isFalse();
    }
}
