package dev.clusterlab.lab;

import dev.clusterlab.provisioning.LabException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/** Finds labs: those that come with the program, and those in folders of the user's own, which take precedence. */
public final class LabLibrary {
    private final List<Path> folders;
    private final LabReader reader;

    /** @param folders each holds labs as subfolders; earlier ones take precedence */
    public LabLibrary(List<Path> folders, CheckLanguage language) {
        this.folders = List.copyOf(folders);
        this.reader = new LabReader(language);
    }

    /** The labs of the program, and those in {@code extra}. */
    public static LabLibrary standard(List<Path> extra, CheckLanguage language) {
        List<Path> folders = new ArrayList<>(extra);
        folders.add(shipped());
        return new LabLibrary(folders, language);
    }

    /** Names of every lab. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                continue;
            }
            try (Stream<Path> entries = Files.list(folder)) {
                entries.filter(Files::isDirectory)
                        .map(e -> String.valueOf(e.getFileName()).replace("/", ""))
                        .filter(n -> !n.startsWith(".") && !names.contains(n))
                        .sorted()
                        .forEach(names::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return names;
    }

    /**
     * Reads a lab by its name, or from a folder if {@code name} is a path to one. Is not cancelled by an interrupt, which
     * stays set: a thread that is interrupted while it reads closes the program's archive for all others, for good.
     *
     * @throws LabException NOT_FOUND with the names that exist
     */
    public Lab read(String name, Locale language) {
        var reading = new FutureTask<>(() -> find(name, language));
        Thread.ofVirtual().name("reading " + name).start(reading);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return reading.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException mistake -> throw mistake;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Lab find(String name, Locale language) {
        for (Path folder : folders) {
            Path candidate = folder.resolve(name);
            if (Files.isDirectory(candidate)) {
                return reader.read(candidate, language);
            }
        }
        if (Files.isDirectory(Path.of(name))) {
            return reader.read(Path.of(name), language);
        }
        throw new LabException(
                LabException.Kind.NOT_FOUND,
                "There is no lab named \"" + name + "\".",
                Suggestions.sentence(name, names()) + "Known labs: " + String.join(", ", names())
                        + "; or give the folder of one.");
    }

    /**
     * Those packed with the program; or those of the folder that the launcher names, so that a page of the project's own labs
     * can be changed without a build.
     */
    private static Path shipped() {
        String folder = System.getProperty("clusterlab.labs");
        if (folder != null) {
            return Path.of(folder);
        }
        URL marker = LabLibrary.class.getResource("/labs/README.md");
        if (marker == null) {
            throw new IllegalStateException("the program was built without its labs");
        }
        try {
            URI uri = marker.toURI();
            if (uri.getScheme().equals("jar")) {
                openArchive(uri);
            }
            return java.util.Objects.requireNonNull(Path.of(uri).getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void openArchive(URI uri) {
        try {
            FileSystems.newFileSystem(uri, Map.of());
        } catch (FileSystemAlreadyExistsException e) {
            return; // opened before, and stays open as long as the program runs
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
