package dev.clusterlab.provisioning.real;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What is written down of labs, one folder a lab, each with a file that is there whole or not at all. Thread-safe. */
public final class RecordFolder {
    private static final System.Logger LOG = System.getLogger(RecordFolder.class.getName());
    private static final String FILE = "lab.json";

    private final Path root;

    /** @param root the folder with one folder a lab in it; made when needed */
    public RecordFolder(Path root) {
        this.root = root;
    }

    /**
     * The folder of a lab.
     *
     * @throws LabException INPUT if that is no lab's identifier: eight hexadecimal digits
     */
    public Path of(String labId) {
        if (!labId.matches("[0-9a-f]{8}")) {
            throw new LabException(
                    Kind.INPUT, "\"" + labId + "\" does not name a lab.", "A lab's name has eight hexadecimal digits.");
        }
        return root.resolve(labId);
    }

    /** @throws LabException ENVIRONMENT if it cannot be written */
    public void write(String labId, JsonNode record) {
        Path file = of(labId).resolve(FILE);
        Path half = of(labId).resolve(FILE + ".new");
        try {
            Files.createDirectories(of(labId));
            Files.writeString(half, LoopbackHttp.write(record));
            Files.move(half, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new LabException(
                    Kind.ENVIRONMENT,
                    "Cannot write " + file + ": " + e.getMessage(),
                    "See that the folder is yours and that the disk is not full; CLUSTERLAB_HOME names another folder.",
                    e);
        }
    }

    /** Empty if there is none, or if it is damaged: then a warning is logged. */
    public <T> Optional<T> read(String labId, Function<JsonNode, T> reading) {
        Path file = of(labId).resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(reading.apply(LoopbackHttp.JSON.readTree(Files.readString(file))));
        } catch (IOException | IllegalArgumentException | DateTimeParseException | LabException e) {
            LOG.log(System.Logger.Level.WARNING, () -> file + " is damaged (" + e.getMessage() + ")");
            return Optional.empty();
        }
    }

    /** Of the labs that have a folder. */
    public List<String> ids() {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(root)) {
            return folders.map(folder -> String.valueOf(folder.getFileName()))
                    .filter(name -> name.matches("[0-9a-f]{8}"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "Cannot list " + root, e);
            return List.of();
        }
    }

    /** Forgets a lab and all in its folder; without effect if it is not known. */
    public void delete(String labId) {
        Path folder = of(labId);
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "Cannot delete " + folder, e);
        }
    }
}
