package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.seeds.Percentiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes how long things took, over many seeds, to the test's output and to a table in the build folder. */
final class TimesReport {
    private final Path file;
    private final List<String> lines = new ArrayList<>(List.of("what,samples,min_s,median_s,p95_s,max_s"));

    TimesReport(String name) {
        this.file = Path.of("target", name + ".csv");
    }

    void add(String what, Percentiles seconds) {
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

    void write() {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
