package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.LabEnvironment;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.UserFolders;
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
import picocli.CommandLine;

class DoctorTest {
    private static final LabEnvironment.Factory EMBEDDED =
            options -> LabEnvironment.standard(options, new CheckLanguage());

    @TempDir
    private Path home;

    private final Map<String, String> variables = new HashMap<>();
    private int javaFeature = 25;

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
                .execute();
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
                .contains("– Docker", "there is no such socket", "the embedded engine needs none")
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
    void findsADockerEngineThatAnswersAndSaysWhenSomethingElseDoes() throws IOException {
        assertThat(dockerThatSays("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"))
                .contains("✔ Docker", "an engine answers at tcp://127.0.0.1:", "(DOCKER_HOST)");
        assertThat(dockerThatSays("SSH-2.0-OpenSSH\r\n")).contains("– Docker", "something else answers there");
        variables.put("DOCKER_HOST", "tcp://127.0.0.1:1");
        assertThat(examine().out()).contains("– Docker", "nothing answers");
        variables.put("DOCKER_HOST", "nonsense");
        assertThat(examine().out()).contains("this kind of address is not looked at");
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
