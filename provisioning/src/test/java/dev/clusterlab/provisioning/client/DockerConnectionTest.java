package dev.clusterlab.provisioning.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.FakeDaemon;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.LabCertificates;
import dev.clusterlab.provisioning.docker.LabCertificatesTest;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerConnectionTest {
    /** After so long a connection is looked at before it is used again. */
    private static final Duration IDLE = Duration.ofMillis(2500);

    @TempDir
    private Path folder;

    @Test
    void aDaemonMayTakeLongAlsoOnAConnectionThatWasIdle() throws Exception {
        var lab = LabCertificates.create("12ab34cd", folder, Instant.now(), new SecureRandom());
        var server = lab.server("leader1", "127.0.0.1", Instant.now());
        try (var daemon = new FakeDaemon(LabCertificatesTest.context(server));
                var connection = DockerConnection.open(
                        "leader1", daemon.endpoint(), Optional.of(lab.tls()), Duration.ofSeconds(5))) {
            answers(connection);
            var ended = new CompletableFuture<Boolean>();
            daemon.hang("/images/load").reply("/images/load", "{}");
            // What is shown is that time passes without an end: only time shows it.
            Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(IDLE);
                    connection.upload("/images/load", new ByteArrayInputStream(new byte[1000]), message -> {});
                    ended.complete(true);
                } catch (InterruptedException | RuntimeException e) {
                    ended.completeExceptionally(e);
                }
            });
            Duration longer = IDLE.plus(DockerTransport.CONNECT_LIMIT).plusSeconds(2);
            assertThat(ended.copy().completeOnTimeout(false, longer.toMillis(), TimeUnit.MILLISECONDS))
                    .succeedsWithin(longer.multipliedBy(2))
                    .isEqualTo(false);
            daemon.answerAgain("/images/load");
            assertThat(ended).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(true);
        }
    }

    /** A handshake may take longer than its limit where many tests run beside each other. */
    private static void answers(DockerConnection connection) {
        for (int left = 5; left > 0; left--) {
            try {
                connection.call(client -> client.pingCmd().exec());
                return;
            } catch (LabException e) {
                assertThat(left).as("tries left: %s", e).isGreaterThan(1);
            }
        }
    }
}
