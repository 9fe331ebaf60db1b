package dev.clusterlab.simulator.seeds;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes how long things took, over many seeds, to the test's output and to tables in the build folder: all as CSV, and
 * those that were measured on the real thing beside it, as Markdown.
 */
public final class TimesReport {
    private final Path file;
    private final Path comparison;
    private final List<String> rows = new ArrayList<>(List.of("| What | Real | Embedded |", "|---|---|---|"));
    private final List<String> lines = new ArrayList<>(List.of("what,samples,min_s,median_s,p95_s,max_s"));

    public TimesReport(String name) {
        this.file = Path.of("target", name + ".csv");
        this.comparison = Path.of("target", name + ".md");
    }

    public void add(String what, Percentiles seconds) {
        System.out.println(what + ": " + seconds);
        lines.add(String.format(
                Locale.ROOT,
                "%s,%d,%.2f,%.2f,%.2f,%.2f",
                what,
                seconds.sorted().length,
                seconds.at(0),
                seconds.at(50),
                seconds.at(95),
                seconds.at(100)));
    }

    /**
     * The same beside what was measured.
     *
     * @param real the seconds that were seen, as a person reads them
     */
    public void add(String what, String real, Percentiles seconds) {
        add(what, seconds);
        rows.add(String.format(
                Locale.ROOT,
                "| %s | %s | %.1f (%.1f – %.1f) |",
                what,
                real,
                seconds.at(50),
                seconds.at(0),
                seconds.at(100)));
    }

    public void write() {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, lines);
            Files.write(comparison, rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
