package dev.clusterlab.simulator.seeds;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes how long things took, over many seeds, to the test's output and to tables in the build folder: all as CSV, and
 * those that were measured on the real thing beside it, as Markdown.
 */
public final class TimesReport {
    private final Path file;
    private final Path comparison;
    private final List<String> rows =
            new ArrayList<>(List.of("| What | Real, seen | Embedded | By the timers |", "|---|---|---|---|"));
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
     * @param timers the range that the real timers allow, if it is wider than what was seen; or empty
     */
    public void add(String what, String real, String timers, Percentiles seconds) {
        add(what, seconds);
        String figures = seconds.at(50) < 1 ? "%.2f (%.2f – %.2f)" : "%.1f (%.1f – %.1f)";
        row(what, real, String.format(Locale.ROOT, figures, seconds.at(50), seconds.at(0), seconds.at(100)), timers);
    }

    /**
     * What came out in words, each with the number of seeds, beside the real thing's.
     *
     * @param outcomes one of each seed
     */
    public void addOutcomes(String what, String real, List<String> outcomes) {
        Map<String, Integer> counts = new TreeMap<>();
        outcomes.forEach(outcome -> counts.merge(outcome, 1, Integer::sum));
        String embedded = String.join(
                "; ",
                counts.entrySet().stream()
                        .map(each -> each.getKey() + ", " + each.getValue() + " of " + outcomes.size())
                        .toList());
        System.out.println(what + ": " + embedded);
        row(what, real, embedded, "");
    }

    private void row(String what, String real, String embedded, String timers) {
        rows.add("| " + what + " | " + real + " | " + embedded + " | " + timers + " |");
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
