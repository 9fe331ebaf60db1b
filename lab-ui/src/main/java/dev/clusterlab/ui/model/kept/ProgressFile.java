package dev.clusterlab.ui.model.kept;

import dev.clusterlab.lab.way.Destination;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Keeps how far the person came in each lab. A file that cannot be read or written is no reason to stop. Thread-safe;
 * blocks on the disk.
 */
public final class ProgressFile {
    private final KeptFile file;

    public ProgressFile(Path path) {
        this(new KeptFile(path, "progress"));
    }

    private ProgressFile(KeptFile file) {
        this.file = file;
    }

    /** One that keeps nothing. */
    public static ProgressFile none() {
        return new ProgressFile(KeptFile.none());
    }

    /** How far the person came in a lab; empty where it was not begun. */
    public synchronized Optional<KeptProgress> read(String lab) {
        Properties kept = file.read();
        String step = kept.getProperty(lab + ".step", "");
        String blocks = kept.getProperty(lab + ".blocks", "0");
        if (step.isEmpty() || !blocks.matches("\\d{1,3}")) {
            return Optional.empty();
        }
        Set<String> done = Arrays.stream(kept.getProperty(lab + ".done", "").split(","))
                .filter(id -> !id.isBlank())
                .collect(Collectors.toSet());
        try {
            return Optional.of(new KeptProgress(
                    new Destination(step, Integer.parseInt(blocks)),
                    done,
                    Instant.parse(kept.getProperty(lab + ".when", ""))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    public synchronized void write(String lab, KeptProgress progress) {
        Properties kept = file.read();
        kept.setProperty(lab + ".step", progress.reached().stepId());
        kept.setProperty(lab + ".blocks", String.valueOf(progress.reached().blocks()));
        kept.setProperty(lab + ".done", String.join(",", new TreeSet<>(progress.done())));
        kept.setProperty(lab + ".when", progress.when().toString());
        file.write(kept);
    }

    /** Forgets how far the person came in a lab. */
    public synchronized void forget(String lab) {
        file.forget(lab + ".");
    }
}
