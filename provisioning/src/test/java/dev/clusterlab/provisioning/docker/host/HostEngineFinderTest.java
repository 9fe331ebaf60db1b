package dev.clusterlab.provisioning.docker.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clusterlab.provisioning.FakeDaemon;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.LabCertificates;
import dev.clusterlab.provisioning.docker.LabCertificatesTest;
import dev.clusterlab.provisioning.docker.host.HostEngine.Skipped;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostEngineFinderTest {
    @TempDir
    private Path home;

    private final Map<String, String> environment = new HashMap<>();
    /** What an engine at an endpoint says; where nothing is said it will do. */
    private final Map<String, String> answers = new HashMap<>();

    private HostEngineFinder finder() {
        return new HostEngineFinder(
                environment,
                home,
                "Linux",
                candidate ->
                        Optional.ofNullable(answers.get(candidate.endpoint().toString())));
    }

    private LabException refused() {
        return catchThrowableOfType(LabException.class, () -> finder().find());
    }

    private Path file(String place) throws IOException {
        Path file = home.resolve(place);
        Files.createDirectories(file.getParent());
        return Files.createFile(file);
    }

    private String address(Path socket) {
        return "unix://" + socket;
    }

    @Test
    void takesWhatDockerHostNames() throws IOException {
        Path socket = file("mine.sock");
        environment.put("DOCKER_HOST", address(socket));
        HostEngine found = finder().find();
        assertThat(found.endpoint()).isEqualTo(URI.create(address(socket)));
        assertThat(found.source()).isEqualTo("DOCKER_HOST");
        assertThat(found.skipped()).isEmpty();
    }

    @Test
    void itsOwnVariableGoesBeforeDockerHost() throws IOException {
        environment.put("CLUSTERLAB_DOCKER_HOST", address(file("lab.sock")));
        environment.put("DOCKER_HOST", address(file("mine.sock")));
        assertThat(finder().find().source()).isEqualTo("CLUSTERLAB_DOCKER_HOST");
    }

    @Test
    void doesNotLookElsewhereWhenWhatIsNamedDoesNotAnswer() throws IOException {
        environment.put("DOCKER_HOST", address(home.resolve("absent.sock")));
        file(".colima/default/docker.sock");
        LabException refused = refused();
        assertThat(refused).hasMessageContaining("DOCKER_HOST").hasMessageContaining("no such socket");
        assertThat(refused.kind()).isEqualTo(LabException.Kind.ENVIRONMENT);
        assertThat(refused.advice()).contains("--engine embedded");
    }

    @Test
    void followsTheCurrentDockerContext() throws IOException {
        Path socket = file("context.sock");
        Files.writeString(file(".docker/config.json"), "{\"currentContext\": \"mine\"}");
        // The folder is the SHA-256 of the name.
        Files.writeString(
                file(".docker/contexts/meta/" + sha256("mine") + "/meta.json"),
                "{\"Name\": \"mine\", \"Endpoints\": {\"docker\": {\"Host\": \"" + address(socket) + "\"}}}");
        HostEngine found = finder().find();
        assertThat(found.source()).isEqualTo("docker context mine");
        assertThat(found.endpoint()).isEqualTo(URI.create(address(socket)));
    }

    private static String sha256(String text) {
        try {
            return java.util.HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance("SHA-256").digest(text.getBytes()));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void saysWhyEachPlaceBeforeWasSkipped() throws IOException {
        Path desktop = file(".docker/desktop/docker.sock");
        Path colima = file(".colima/default/docker.sock");
        answers.put("unix:///var/run/docker.sock", "it is only for this test");
        answers.put(address(desktop), HostEngineFinder.NOBODY_ANSWERS + ": Connection refused");
        HostEngine found = finder().find();
        assertThat(found.source()).isEqualTo("Colima");
        assertThat(found.endpoint()).isEqualTo(URI.create(address(colima)));
        assertThat(found.skipped())
                .contains(new Skipped("Docker Desktop", address(desktop), "nobody answers there: Connection refused"))
                .anySatisfy(skipped -> assertThat(skipped.source()).isEqualTo("Docker Engine"));
    }

    @Test
    void findsEveryColimaProfile() throws IOException {
        answers.put("unix:///var/run/docker.sock", "it is only for this test");
        Path socket = file(".colima/work/docker.sock");
        assertThat(finder().find().endpoint()).isEqualTo(URI.create(address(socket)));
    }

    @Test
    void listsEveryPlaceWhereThereIsNone() {
        answers.put("unix:///var/run/docker.sock", HostEngineFinder.NOBODY_ANSWERS);
        LabException refused = refused();
        assertThat(refused)
                .hasMessageContaining("Docker Desktop")
                .hasMessageContaining("Colima")
                .hasMessageContaining("Rancher Desktop");
        assertThat(refused.advice()).contains("--engine embedded");
    }

    @Test
    void tellsAnEngineThatIsTooOldWhatToDo() throws IOException {
        Path socket = file("old.sock");
        environment.put("DOCKER_HOST", address(socket));
        answers.put(address(socket), HostEngineFinder.TOO_OLD + ": it speaks API version 1.39");
        assertThat(refused().advice()).contains("20.10");
    }

    @Test
    void refusesEnginesOnOtherComputers() {
        environment.put("DOCKER_HOST", "tcp://192.0.2.1:2376");
        assertThat(refused()).hasMessageContaining("another computer");
        environment.put("DOCKER_HOST", "ssh://somebody@192.0.2.1");
        assertThat(refused()).hasMessageContaining("ssh");
    }

    @Test
    void saysWhichCertificatesCannotBeUsed() {
        environment.put("DOCKER_HOST", "tcp://127.0.0.1:2376");
        environment.put("DOCKER_TLS_VERIFY", "1");
        environment.put("DOCKER_CERT_PATH", home.resolve("none").toString());
        LabException refused = refused();
        assertThat(refused).hasMessageContaining("certificates").hasMessageContaining("none");
        assertThat(refused.advice()).contains("ca.pem");
    }

    @Test
    void noticesASocketOnWhichNobodyListens() throws IOException {
        // Sockets have short names, and temporary folders may have long ones.
        Path folder = Files.createTempDirectory("lab");
        Path socket = folder.resolve("s");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
        }
        environment.put("DOCKER_HOST", "unix://" + socket);
        var finder = new HostEngineFinder(environment, home, "Linux", HostProbe::whyNot);
        LabException refused = catchThrowableOfType(LabException.class, finder::find);
        assertThat(refused).hasMessageContaining(HostEngineFinder.NOBODY_ANSWERS);
        Files.deleteIfExists(socket);
        Files.deleteIfExists(folder);
    }

    @Test
    void noticesAnEngineThatIsTooOld() {
        try (var old = new FakeDaemon()) {
            old.apiVersion("1.39");
            environment.put("DOCKER_HOST", "tcp://" + old.hostAndPort());
            var finder = new HostEngineFinder(environment, home, "Linux", HostProbe::whyNot);
            LabException refused = catchThrowableOfType(LabException.class, finder::find);
            assertThat(refused).hasMessageContaining("1.39").hasMessageContaining("1.41");
        }
    }

    @Test
    void saysHowToGetPermission() throws IOException {
        Path socket = file("mine.sock");
        environment.put("DOCKER_HOST", address(socket));
        answers.put(address(socket), HostEngineFinder.NO_PERMISSION);
        assertThat(refused().advice()).contains("usermod -aG docker").contains("rootless");
        // As the system words it for a socket that is another user's.
        var denied = new LabException(
                LabException.Kind.REFUSED, "Cannot connect", "", new java.net.SocketException("Permission denied"));
        assertThat(HostProbe.reason(denied)).isEqualTo(HostEngineFinder.NO_PERMISSION);
    }

    @Test
    void noticesAnEngineOfAnotherAuthority() throws Exception {
        var random = new SecureRandom();
        LabCertificates engines = LabCertificates.create("engine", home.resolve("engine"), Instant.now(), random);
        LabCertificates others = LabCertificates.create("other", home.resolve("other"), Instant.now(), random);
        LabCertificates.Server server = engines.server("engine", "127.0.0.1", Instant.now());
        try (var daemon = new FakeDaemon(LabCertificatesTest.context(server))) {
            daemon.reply("/info", "{}");
            environment.put("DOCKER_HOST", "tcp://127.0.0.1:" + daemon.port());
            environment.put("DOCKER_TLS_VERIFY", "1");
            environment.put("DOCKER_CERT_PATH", engines.tls().folder().toString());
            var finder = new HostEngineFinder(environment, home, "Linux", HostProbe::whyNot);
            assertThat(finder.find().source()).isEqualTo("DOCKER_HOST");
            environment.put("DOCKER_CERT_PATH", others.tls().folder().toString());
            LabException refused = catchThrowableOfType(
                    LabException.class,
                    () -> new HostEngineFinder(environment, home, "Linux", HostProbe::whyNot).find());
            assertThat(refused).hasMessageContaining(HostEngineFinder.BAD_TLS);
            assertThat(refused.advice()).contains("DOCKER_CERT_PATH").contains("ca.pem");
        }
    }

    @Test
    void noticesAnEngineThatWantsTls() {
        try (var daemon = new FakeDaemon()) {
            daemon.refuse("/_ping", 400, "Client sent an HTTP request to an HTTPS server.");
            environment.put("DOCKER_HOST", "tcp://" + daemon.hostAndPort());
            var finder = new HostEngineFinder(environment, home, "Linux", HostProbe::whyNot);
            LabException refused = catchThrowableOfType(LabException.class, finder::find);
            assertThat(refused).hasMessageContaining("wants TLS");
            assertThat(refused.advice()).contains("DOCKER_TLS_VERIFY=1");
        }
    }
}
