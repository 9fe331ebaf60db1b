package dev.clusterlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.cli.Cli;
import dev.clusterlab.lab.environment.LabEnvironment;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The shipped lab from its first step to its last, on the embedded engine, by the command that a person types. */
class WholeLabTest {
    /** Fields of wall-clock time may differ between runs; nothing else may. */
    private static final Pattern WALL_FIELD = Pattern.compile(",\"wall\\w*\":[^,}]*");

    @TempDir
    private Path folder;

    @Test
    void oneSeedGivesTheSameJournalTwice() throws IOException {
        Path first = folder.resolve("first.jsonl");
        Path second = folder.resolve("second.jsonl");
        String printed = passes("run", "resilient-swarm", "--quiet", "--seed", "7", "--journal", first.toString());
        passes("run", "resilient-swarm", "--quiet", "--seed", "7", "--journal", second.toString());

        assertThat(printed).contains("[1/15]", "[15/15]", "all 15 steps passed").doesNotContain("✘");
        assertThat(withoutWallTime(second)).isEqualTo(withoutWallTime(first)).hasSizeGreaterThan(300);
    }

    @Test
    void everyCheckFailsBeforeItsStepAndPassesAfterIt() throws IOException {
        Path report = folder.resolve("report.html");
        Path journal = folder.resolve("journal.jsonl");
        String printed = passes(
                "verify",
                "resilient-swarm",
                "--language",
                "en",
                "--seed",
                "3",
                "--journal",
                journal.toString(),
                "--report",
                report.toString());

        assertThat(printed).contains("Hello Docker World on democonsul:instance_", "all 15 steps passed");
        assertThat(Files.readString(report)).contains("A resilient, scalable platform", "Prove it");
        assertThat(Files.readString(journal) + Files.readString(report) + printed)
                .as("join tokens stay out of what is kept and shown")
                .doesNotContainPattern("SWMTKN-1-[0-9a-z]{50}");
    }

    private static List<String> withoutWallTime(Path journal) throws IOException {
        return Files.readAllLines(journal).stream()
                .map(line -> WALL_FIELD.matcher(line).replaceAll(""))
                .toList();
    }

    private static String passes(String... arguments) {
        var language = new CheckLanguage();
        var out = new StringWriter();
        var err = new StringWriter();
        CommandLine line = new Cli(options -> LabEnvironment.standard(options, language), null)
                .commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
        assertThat(line.execute(arguments)).as("%s%n%s", out, err).isZero();
        return out.toString();
    }
}
