package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.LabException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CliTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... arguments) {
        CommandLine line = new Cli(
                        options -> {
                            throw new LabException(
                                    LabException.Kind.ENVIRONMENT,
                                    "The engine \"" + options.engine() + "\" is not here.",
                                    "Use embedded.");
                        },
                        null)
                .commandLine();
        return line.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "guide",
                "run",
                "verify",
                "shell",
                "labs",
                "serve",
                "report",
                "doctor",
                "clean",
                "images",
                "sweep",
                "handout",
                "export",
                "experiment"
            })
    void explainsEveryCommandAndItsExitCodes(String command) {
        int status = command.isEmpty() ? execute("--help") : execute(command, "--help");
        assertThat(status).isZero();
        assertThat(out.toString()).contains("Usage:").contains("Exit codes:").contains("130");
    }

    @Test
    void listsTheLabs() {
        assertThat(execute("labs")).isZero();
        assertThat(out.toString()).contains("resilient-swarm").contains("15 steps");
    }

    @Test
    void anUnknownLabNamesThoseThatExist() {
        assertThat(execute("run", "nope")).isEqualTo(3);
        assertThat(err.toString()).contains("no lab named \"nope\"").contains("resilient-swarm");
    }

    @Test
    void aMissingEngineIsAnEnvironmentError() {
        assertThat(execute("run", "resilient-swarm", "--engine", "elsewhere")).isEqualTo(4);
        assertThat(err.toString())
                .contains("The engine \"elsewhere\" is not here.")
                .contains("Use embedded.");
    }

    @Test
    void anUnknownOptionIsAUsageError() {
        assertThat(execute("run", "--nope")).isEqualTo(2);
    }

    @Test
    void aSpeedOutOfRangeIsRefused() {
        assertThat(execute("run", "resilient-swarm", "--speed", "0")).isEqualTo(3);
        assertThat(err.toString()).contains("above 0 and up to 64");
    }

    @Test
    void withoutADesktopItSaysWhatWorks() {
        assertThat(execute()).isEqualTo(4);
        assertThat(err.toString()).contains("clusterlab run");
    }

    @Test
    void aReportIsInTheLanguageThatIsAskedFor(@TempDir Path folder) throws IOException {
        Path journal =
                Files.writeString(folder.resolve("run.jsonl"), "{\"t\":0,\"type\":\"lab.begin\",\"lab\":\"x\"}\n");
        Path page = folder.resolve("page.html");
        assertThat(execute("report", journal.toString(), page.toString(), "--language", "fr"))
                .isZero();
        assertThat(Files.readString(page)).contains("<html lang=\"fr\">", "Aucun client n’a fait de requête.");
        assertThat(execute("report", journal.toString(), page.toString(), "--language", "en"))
                .isZero();
        assertThat(Files.readString(page)).contains("<html lang=\"en\">", "No client made a request.");
    }
}
