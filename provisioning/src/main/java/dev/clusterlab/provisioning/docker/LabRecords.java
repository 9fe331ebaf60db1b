package dev.clusterlab.provisioning.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@link LabRecord}s in the user's data folder, one folder a lab. Thread-safe. */
final class LabRecords {
    private static final System.Logger LOG = System.getLogger(LabRecords.class.getName());
    private static final String FILE = "lab.json";

    private final Path root;

    /** @param root the folder with one folder a lab in it; made when needed */
    LabRecords(Path root) {
        this.root = root;
    }

    /** Where a lab's certificates are. */
    Path certificates(String labId) {
        return folder(labId).resolve("tls");
    }

    private Path folder(String labId) {
        if (!labId.matches("[0-9a-f]{8}")) {
            throw new LabException(
                    Kind.INPUT, "\"" + labId + "\" does not name a lab.", "A lab's name has eight hexadecimal digits.");
        }
        return root.resolve(labId);
    }

    /** @throws LabException ENVIRONMENT if it cannot be written */
    void write(LabRecord lab) {
        ObjectNode json = LoopbackHttp.JSON.createObjectNode();
        json.put("engine", lab.engine().toString());
        json.put("created", lab.created().toString());
        json.put("processId", lab.processId());
        json.put("processStarted", lab.processStarted().toString());
        Path file = folder(lab.id()).resolve(FILE);
        Path half = folder(lab.id()).resolve(FILE + ".new");
        try {
            Files.createDirectories(folder(lab.id()));
            Files.writeString(half, LoopbackHttp.write(json));
            Files.move(half, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new LabException(
                    Kind.ENVIRONMENT,
                    "Cannot write " + file + ": " + e.getMessage(),
                    "See that the folder is yours and that the disk is not full; CLUSTERLAB_HOME names another folder.",
                    e);
        }
    }

    Optional<LabRecord> read(String labId) {
        Path file = folder(labId).resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode json = LoopbackHttp.JSON.readTree(Files.readString(file));
            return Optional.of(new LabRecord(
                    labId,
                    URI.create(json.path("engine").asText()),
                    Instant.parse(json.path("created").asText()),
                    json.path("processId").asLong(),
                    Instant.parse(json.path("processStarted").asText())));
        } catch (IOException | IllegalArgumentException | DateTimeParseException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> file + " is damaged (" + e.getMessage()
                            + "); the lab's objects are still found by their labels");
            return Optional.empty();
        }
    }

    /** Every lab that is known here, oldest first. */
    List<LabRecord> all() {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(root)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> name.matches("[0-9a-f]{8}"))
                    .flatMap(name -> read(name).stream())
                    .sorted(Comparator.comparing(LabRecord::created).thenComparing(LabRecord::id))
                    .toList();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "Cannot list " + root, e);
            return List.of();
        }
    }

    /** Forgets a lab and its keys; without effect if it is not known. */
    void delete(String labId) {
        Path folder = folder(labId);
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
