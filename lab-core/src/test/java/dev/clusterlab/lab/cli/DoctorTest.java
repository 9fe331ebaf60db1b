package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.UserFolders;
import dev.clusterlab.provisioning.docker.DockerLabs;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import picocli.CommandLine;

@ResourceLock(DoctorTest.ENGINE_LOCK)
class DoctorTest {
    /** Of the Docker Engine for tests: those that make hosts or a lab on it take turns, so that none waits long for the others. */
    static final String ENGINE_LOCK = "Docker Engine";

    private static final LabEnvironment.Factory EMBEDDED =
            options -> LabEnvironment.standard(options, new CheckLanguage());

    @TempDir
    private Path home;

    private final Map<String, String> variables = new HashMap<>();
    private int javaFeature = 25;
    private boolean deep;

    private CliTrial.Outcome examine(LabEnvironment.Factory environments) {
        variables.putIfAbsent("DOCKER_HOST", "unix://" + home.resolve("no.sock"));
        var computer = new Surroundings(
                "Linux",
                variables,
                home,
                javaFeature,
                Path.of("jdk"),
                List.of(home.resolve("lib")),
                8L << 30,
                2L << 30,
                new UserFolders("linux", variables, home));
        var out = new StringWriter();
        var context = new CliContext(
                environments, new CheckLanguage(), new CommandInput(InputStream.nullInputStream(), false));
        int status = new CommandLine(new Doctor(context, () -> computer))
                .setOut(new PrintWriter(out, true))
                .execute(deep ? new String[] {"--deep"} : new String[0]);
        return new CliTrial.Outcome(status, out.toString(), "");
    }

    private CliTrial.Outcome examine() {
        return examine(EMBEDDED);
    }

    @Test
    void labsRunWithoutAWindowAndWithoutDocker() {
        CliTrial.Outcome outcome = examine();
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out())
                .contains("✔ Java")
                .contains("– Display", "DISPLAY is not set", "→ For the window log in to a desktop")
                .contains("– GTK", "apt install libgtk-3-0")
                .contains("✔ Loopback", "✔ Memory", "✔ Disk", "✔ Folder for data")
                .contains("✔ Engine", "embedded: a machine answered after")
                .contains("– Docker", "there is no such socket", "--engine embedded needs no Docker")
                .endsWith("Labs run here.\n");
    }

    @Test
    void seesADisplayAndGtk() throws IOException {
        Files.createDirectories(home.resolve("lib"));
        Files.createFile(home.resolve("lib/libgtk-3.so.0"));
        variables.put("DISPLAY", ":0");
        assertThat(examine().out()).contains("✔ Display", "DISPLAY is :0", "✔ GTK");
    }

    @Test
    void namesWaylandWithoutX() {
        variables.put("WAYLAND_DISPLAY", "wayland-0");
        assertThat(examine().out()).contains("Wayland only", "install it, then log in again");
    }

    @Test
    void anOldJavaIsNotEnough() {
        javaFeature = 21;
        CliTrial.Outcome outcome = examine();
        assertThat(outcome.status()).isEqualTo(4);
        assertThat(outcome.out()).contains("✘ Java", "Java 21 in jdk", "→ Install a JDK 25 or newer");
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        Files.createDirectories(home.resolve(".local"));
        Files.writeString(home.resolve(".local/share"), "a file where a folder should be");
        CliTrial.Outcome outcome = examine();
        assertThat(outcome.status()).isEqualTo(4);
        assertThat(outcome.out())
                .contains("✘ Folder for data", "is a file", "→ Move it away, or set CLUSTERLAB_HOME to a folder.")
                .contains("✔ Folder for settings");
    }

    @Test
    void anEngineThatDoesNotStartIsNamedWithItsReason() {
        CliTrial.Outcome outcome = examine(options -> {
            throw new LabException(LabException.Kind.ENVIRONMENT, "No loopback here.", "Switch it on.");
        });
        assertThat(outcome.status()).isEqualTo(4);
        assertThat(outcome.out()).contains("✘ Engine", "No loopback here.", "→ Switch it on.");
    }

    @Test
    void tellsWhichDockerEngineIsTakenAndWhatItHas() {
        try (var docker = new FakeDocker()) {
            docker.has("traefik:v3");
            variables.put("DOCKER_HOST", docker.endpoint().toString());
            assertThat(examine().out())
                    .contains("✔ Docker", "engine 27.1 answers at " + docker.endpoint() + " (DOCKER_HOST), API 1.44")
                    .contains("Debian, kernel 6.1; control groups of version 2; 4 processors; 8.0 GB of memory")
                    .contains("– Docker images", "missing: node, visualizer, consul", "there: traefik")
                    .contains("→ clusterlab images pull")
                    .contains("Labs run here.");
        }
    }

    @Test
    void saysWhyADockerEngineIsNotTaken() throws IOException {
        assertThat(dockerThatSays("SSH-2.0-OpenSSH\r\n")).contains("– Docker", "DOCKER_HOST names cannot be used");
        variables.put("DOCKER_HOST", "tcp://127.0.0.1:1");
        assertThat(examine().out()).contains("– Docker", "nobody answers there", "→ Start Docker");
        variables.put("DOCKER_HOST", "nonsense");
        assertThat(examine().out()).contains("it is not a unix, npipe or tcp address");
        try (var old = new FakeDocker()) {
            old.speaks("1.39");
            variables.put("DOCKER_HOST", old.endpoint().toString());
            assertThat(examine().out()).contains("the engine is too old", "→ Update Docker to 20.10 or newer.");
        }
    }

    @Test
    void aMachineThatCannotBeHadIsToldWithTheReason() {
        deep = true;
        try (var docker = new FakeDocker()) {
            variables.put("DOCKER_HOST", docker.endpoint().toString());
            CliTrial.Outcome outcome = examine();
            assertThat(outcome.status()).isZero();
            assertThat(outcome.out()).contains("– Docker machine", "Cannot ");
        }
    }

    /** On the engine that was named for tests, and for nothing else. */
    @Test
    void triesOneMachineOnRealDockerAndRemovesIt() {
        String engine = System.getenv().getOrDefault("CLUSTERLAB_DOCKER_HOST", "");
        assumeTrue(!engine.isBlank(), "CLUSTERLAB_DOCKER_HOST names no Docker Engine for tests");
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("CLUSTERLAB_IMAGE") || name.equals("CLUSTERLAB_DOCKER_HOST")) {
                variables.put(name, value);
            }
        });
        deep = true;
        assertThat(examine().out())
                .contains("✔ Docker ", "(CLUSTERLAB_DOCKER_HOST)")
                .contains("✔ Docker images")
                .containsPattern("✔ Docker machine +one was made and removed again in")
                .containsPattern("[✔–] Docker IPVS")
                .containsPattern("[✔–] Docker netem");
        try (DockerLabs labs = DockerLabs.ofThisUser()) {
            assertThat(labs.list()).allSatisfy(lab -> assertThat(lab.machines()).doesNotContain("doctor"));
        }
    }

    private String dockerThatSays(String answer) throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket client = server.accept()) {
                    client.getInputStream().read(new byte[512]);
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    // the test sees that nothing answered
                }
            });
            variables.put("DOCKER_HOST", "tcp://127.0.0.1:" + server.getLocalPort());
            return examine().out();
        }
    }

    @Test
    void theCommandExaminesThisComputer() {
        CliTrial.Outcome outcome = CliTrial.run("doctor");
        assertThat(outcome.out()).contains("Java " + Runtime.version().feature(), "✔ Engine");
    }
}
