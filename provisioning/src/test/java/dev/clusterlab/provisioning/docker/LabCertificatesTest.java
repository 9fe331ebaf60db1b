package dev.clusterlab.provisioning.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clusterlab.provisioning.LabException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class LabCertificatesTest {
    @TempDir
    private Path folder;

    private final SecureRandom random = new SecureRandom();

    private LabCertificates lab(String name) {
        return LabCertificates.create(name, folder.resolve(name), Instant.now(), random);
    }

    @Test
    void aDaemonAndTheLabRecogniseEachOther() throws Exception {
        LabCertificates lab = lab("one");
        assertThat(shakeHands(
                        lab.server("leader1", "192.168.99.100", Instant.now()),
                        lab.tls().context()))
                .isEqualTo("CN=client");
    }

    @Test
    void aLabTakenUpAgainStillSpeaksToItsDaemons() throws Exception {
        LabCertificates.Server before = lab("one").server("leader1", "192.168.99.100", Instant.now());
        LabCertificates after = LabCertificates.read(folder.resolve("one"), random);
        assertThat(shakeHands(before, after.tls().context())).isEqualTo("CN=client");
        assertThat(shakeHands(
                        after.server("worker1", "192.168.99.101", Instant.now()),
                        after.tls().context()))
                .isEqualTo("CN=client");
    }

    @Test
    void anotherLabIsNeitherBelievedNorLetIn() {
        LabCertificates lab = lab("one");
        LabCertificates other = lab("two");
        assertThatThrownBy(() -> shakeHands(
                        lab.server("leader1", "192.168.99.100", Instant.now()),
                        other.tls().context()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void keysAreForTheUserAlone() throws IOException {
        lab("one");
        try (Stream<Path> files = Files.list(folder.resolve("one"))) {
            assertThat(files)
                    .hasSize(4)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("one"))))
                .isEqualTo("rwx------");
    }

    @Test
    void nothingThatMayBeLoggedShowsAKey() {
        LabCertificates lab = lab("one");
        assertThat(lab.server("leader1", "192.168.99.100", Instant.now()).toString() + lab.tls())
                .doesNotContain("PRIVATE")
                .doesNotContain("BEGIN");
    }

    @Test
    void saysWhichFolderIsDamaged() throws IOException {
        lab("one");
        Files.writeString(folder.resolve("one").resolve("key.pem"), "nonsense");
        LabException refused =
                catchThrowableOfType(LabException.class, () -> LabCertificates.read(folder.resolve("one"), random));
        assertThat(refused).hasMessageContaining("key.pem");
        assertThat(refused.kind()).isEqualTo(LabException.Kind.ENVIRONMENT);
    }

    /** One TLS connection, the server wanting a certificate; gives the name that the server saw. */
    private static String shakeHands(LabCertificates.Server server, SSLContext client) throws Exception {
        SSLContext context = context(server);
        try (var listening = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listening.setNeedClientAuth(true);
            var seen = new java.util.concurrent.CompletableFuture<String>();
            Thread.ofVirtual().start(() -> {
                try (var accepted = (SSLSocket) listening.accept()) {
                    accepted.startHandshake();
                    accepted.getOutputStream().write(1);
                    seen.complete(accepted.getSession().getPeerPrincipal().getName());
                } catch (IOException e) {
                    seen.completeExceptionally(e);
                }
            });
            try (var socket = (SSLSocket) client.getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
                var parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                // In TLS 1.3 a client learns only by reading that it was refused.
                assertThat(socket.getInputStream().read()).isEqualTo(1);
            }
            return seen.get();
        }
    }

    /** What a daemon with that certificate shows to its clients. */
    public static SSLContext context(LabCertificates.Server server) {
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            var key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(decoded(server.key())));
            keys.setKeyEntry("server", key, new char[0], new Certificate[] {certificate(server.certificate())});
            keys.setCertificateEntry("authority", certificate(server.authority()));
            var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(keys, new char[0]);
            var trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trustManagers.init(keys);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Certificate certificate(String pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    private static byte[] decoded(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    }
}
