package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.environment.LabEnvironment;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** The real command line on the real embedded engine, with streams in memory. */
final class CliTrial {
    /** What a command printed, and its exit code. */
    record Outcome(int status, String out, String err) {}

    private CliTrial() {}

    static Outcome run(String... arguments) {
        return runWith("", arguments);
    }

    /** @param input what is piped in */
    static Outcome runWith(String input, String... arguments) {
        var language = new CheckLanguage();
        var out = new StringWriter();
        var err = new StringWriter();
        int status = new Cli(
                        options -> LabEnvironment.standard(options, language),
                        null,
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)))
                .commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Outcome(status, out.toString(), err.toString());
    }
}
