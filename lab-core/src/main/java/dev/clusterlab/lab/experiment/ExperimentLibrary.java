package dev.clusterlab.lab.experiment;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Suggestions;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.UserFolders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds experiments: those that come with the program, and those in a folder of the user's own, which take precedence. */
public final class ExperimentLibrary {
    private static final String ENDING = ".yaml";
    private static final String SHIPPED = "/experiments/";

    private final Path folder;
    private final ExperimentReader reader;

    /** @param folder of the user's own; need not exist */
    public ExperimentLibrary(Path folder, CheckLanguage language) {
        this.folder = folder;
        this.reader = new ExperimentReader(language);
    }

    /** Of the program and of this user. */
    public static ExperimentLibrary standard(CheckLanguage language) {
        return new ExperimentLibrary(UserFolders.ofThisUser().data().resolve("experiments"), language);
    }

    /** Names of all, in order. */
    public List<String> names() {
        var names = new TreeSet<>(shippedNames());
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.map(file -> String.valueOf(file.getFileName()))
                        .filter(name -> name.endsWith(ENDING) && !name.startsWith("."))
                        .map(name -> name.substring(0, name.length() - ENDING.length()))
                        .forEach(names::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return List.copyOf(names);
    }

    /** Names of those that come with the program. */
    public static List<String> shippedNames() {
        return resource("names.txt").lines().toList();
    }

    /** A text and whose it is. */
    private record Source(String name, String file, String text) {}

    /**
     * Reads one by its name, or from a file if {@code nameOrFile} is a path to one.
     *
     * @throws LabException NOT_FOUND with the names that exist, INPUT if it is malformed
     */
    public Experiment read(String nameOrFile) {
        Source found = find(nameOrFile);
        return reader.read(found.name(), found.file(), found.text());
    }

    /**
     * The text of one, as it was written.
     *
     * @throws LabException NOT_FOUND with the names that exist
     */
    public String text(String nameOrFile) {
        return find(nameOrFile).text();
    }

    /**
     * As {@link #read(String)}, with other settings.
     *
     * @param settings a file that has some keys of an experiment
     */
    public Experiment read(String nameOrFile, Path settings) {
        Source found = find(nameOrFile);
        return reader.read(found.name(), found.file(), found.text(), settings);
    }

    private static Source in(Path file) {
        return new Source(ExperimentReader.name(file), file.toString(), ExperimentReader.text(file));
    }

    private Source find(String nameOrFile) {
        Path own = folder.resolve(nameOrFile + ENDING);
        if (!nameOrFile.contains("/") && Files.isRegularFile(own)) {
            return in(own);
        }
        if (shippedNames().contains(nameOrFile)) {
            return new Source(nameOrFile, nameOrFile + ENDING, resource(nameOrFile + ENDING));
        }
        if (Files.isRegularFile(Path.of(nameOrFile))) {
            return in(Path.of(nameOrFile));
        }
        throw new LabException(
                LabException.Kind.NOT_FOUND,
                "There is no experiment named \"" + nameOrFile + "\", and no such file.",
                Suggestions.sentence(nameOrFile, names()) + "Known experiments: " + String.join(", ", names())
                        + "; or give the file of one.");
    }

    private static String resource(String name) {
        try (InputStream stream = ExperimentLibrary.class.getResourceAsStream(SHIPPED + name)) {
            if (stream == null) {
                throw new IllegalStateException("the program was built without " + SHIPPED + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
