package dev.clusterlab.bench;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.cli.Cli;
import dev.clusterlab.lab.environment.LabEnvironment;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Runs the lab once for each seed in this one program, one after the other, and writes for each seed N the journal as FOLDER/N,
 * without what it says of wall-clock time.
 *
 * <p>Arguments: the folder, the first seed, the last seed.
 */
public final class RepeatRun {
    private static final Pattern WALL_FIELD = Pattern.compile(",\"wallSeconds\":[0-9.]+");

    private RepeatRun() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int first = Integer.parseInt(arguments[1]);
        int last = Integer.parseInt(arguments[2]);
        for (int seed = first; seed <= last; seed++) {
            Path journal = folder.resolve(seed + ".jsonl");
            run(seed, journal);
            String lines = WALL_FIELD.matcher(Files.readString(journal)).replaceAll("");
            Files.writeString(folder.resolve(Integer.toString(seed)), lines);
            Files.delete(journal);
        }
        System.exit(0);
    }

    private static void run(int seed, Path journal) {
        var language = new CheckLanguage();
        var said = new StringWriter();
        int status = new Cli(options -> LabEnvironment.standard(options, language), null)
                .commandLine()
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .execute(
                        "run",
                        "resilient-swarm",
                        "--quiet",
                        "--language",
                        "en",
                        "--seed",
                        Integer.toString(seed),
                        "--journal",
                        journal.toString());
        if (status != 0) {
            throw new IllegalStateException("seed " + seed + " ended with status " + status + ": " + said);
        }
    }
}
