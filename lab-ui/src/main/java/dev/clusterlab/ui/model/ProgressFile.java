package dev.clusterlab.ui.model;

import dev.clusterlab.lab.way.Destination;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps how far the person came in each lab. A file that cannot be read or written is no reason to stop. Thread-safe;
 * blocks on the disk.
 */
public final class ProgressFile {
    private static final System.Logger LOG = System.getLogger(ProgressFile.class.getName());

    private final @Nullable Path file;

    public ProgressFile(Path file) {
        this.file = file;
    }

    private ProgressFile() {
        file = null;
    }

    /** One that keeps nothing. */
    public static ProgressFile none() {
        return new ProgressFile();
    }

    /** How far the person came in a lab; empty where it was not begun. */
    public synchronized Optional<KeptProgress> read(String lab) {
        Properties kept = load();
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
        Properties kept = load();
        kept.setProperty(lab + ".step", progress.reached().stepId());
        kept.setProperty(lab + ".blocks", String.valueOf(progress.reached().blocks()));
        kept.setProperty(lab + ".done", String.join(",", new TreeSet<>(progress.done())));
        kept.setProperty(lab + ".when", progress.when().toString());
        store(kept);
    }

    /** Forgets how far the person came in a lab. */
    public synchronized void forget(String lab) {
        Properties kept = load();
        if (kept.keySet().removeIf(key -> String.valueOf(key).startsWith(lab + "."))) {
            store(kept);
        }
    }

    private Properties load() {
        Properties kept = new Properties();
        if (file != null && Files.isReadable(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                kept.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                LOG.log(System.Logger.Level.WARNING, "progress ignored: {0}", e.getMessage());
            }
        }
        return kept;
    }

    private void store(Properties kept) {
        if (file == null) {
            return;
        }
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            try (Writer writer = Files.newBufferedWriter(file)) {
                kept.store(writer, "Cluster Lab");
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "progress not kept: {0}", e.getMessage());
        }
    }
}
