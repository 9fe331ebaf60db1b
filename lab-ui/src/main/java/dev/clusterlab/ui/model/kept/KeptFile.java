package dev.clusterlab.ui.model.kept;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A small file of names and values. One that cannot be read is as if it were not there (a copy of it is set aside), and one that
 * cannot be written stays as it was: neither is a reason to stop. Blocks on the disk; not thread-safe.
 *
 * @param path null for one that keeps nothing
 * @param what it is called in the log
 */
public record KeptFile(@Nullable Path path, String what) {
    private static final System.Logger LOG = System.getLogger(KeptFile.class.getName());

    /** One that keeps nothing. */
    public static KeptFile none() {
        return new KeptFile(null, "nothing");
    }

    /** What it holds; nothing where it is not there or cannot be read. */
    public Properties read() {
        Properties kept = new Properties();
        if (path != null && Files.isReadable(path)) {
            try (Reader reader = Files.newBufferedReader(path)) {
                kept.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                LOG.log(System.Logger.Level.WARNING, "{0} ignored: {1}", what, e.getMessage());
                kept.clear();
                setAside(path);
            }
        }
        return kept;
    }

    /** Before it is written anew, so that who knows how can mend it. */
    private void setAside(Path path) {
        try {
            Files.copy(path, path.resolveSibling(path.getFileName() + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "{0} not set aside: {1}", what, e.getMessage());
        }
    }

    /** Takes the place of what was there only when it is whole: a full disk loses nothing. */
    public void write(Properties kept) {
        if (path == null) {
            return;
        }
        Path whole = path.toAbsolutePath();
        Path beside = whole.resolveSibling(whole.getFileName() + ".new");
        try {
            Path folder = whole.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            try (Writer writer = Files.newBufferedWriter(beside)) {
                kept.store(writer, "Cluster Lab");
            }
            Files.move(beside, whole, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "{0} not kept: {1}", what, e.getMessage());
        }
    }

    /** Takes out what begins so. */
    public void forget(String beginning) {
        Properties kept = read();
        if (kept.keySet().removeIf(key -> String.valueOf(key).startsWith(beginning))) {
            write(kept);
        }
    }
}
