package dev.clusterlab.provisioning.docker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.real.RecordFolder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * {@link LabRecord}s in the user's data folder, one folder a lab. The objects of one whose record is lost are still found by their
 * labels. Thread-safe.
 */
final class LabRecords {
    private final RecordFolder folder;

    /** @param root the folder with one folder a lab in it; made when needed */
    LabRecords(Path root) {
        this.folder = new RecordFolder(root);
    }

    /** Where a lab's certificates are. */
    Path certificates(String labId) {
        return folder.of(labId).resolve("tls");
    }

    /** @throws dev.clusterlab.provisioning.LabException ENVIRONMENT if it cannot be written */
    void write(LabRecord lab) {
        ObjectNode json = LoopbackHttp.JSON.createObjectNode();
        json.put("engine", lab.engine().toString());
        json.put("created", lab.created().toString());
        json.put("processId", lab.processId());
        json.put("processStarted", lab.processStarted().toString());
        folder.write(lab.id(), json);
    }

    Optional<LabRecord> read(String labId) {
        return folder.read(
                labId,
                json -> new LabRecord(
                        labId,
                        URI.create(json.path("engine").asText()),
                        Instant.parse(json.path("created").asText()),
                        json.path("processId").asLong(),
                        Instant.parse(json.path("processStarted").asText())));
    }

    /** Every lab that is known here, oldest first. */
    List<LabRecord> all() {
        return folder.ids().stream()
                .flatMap(id -> read(id).stream())
                .sorted(Comparator.comparing(LabRecord::created).thenComparing(LabRecord::id))
                .toList();
    }

    /** Forgets a lab and its keys; without effect if it is not known. */
    void delete(String labId) {
        folder.delete(labId);
    }
}
