package dev.clusterlab.provisioning.hosts.consent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostRecords;
import dev.clusterlab.provisioning.real.ProgramRun;
import dev.clusterlab.provisioning.real.RecordFolder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** {@link ConsentRecord}s in the user's data folder. Thread-safe. */
final class ConsentRecords {
    private final RecordFolder folder;

    /** @param root the folder with one folder a test in it; made when needed */
    ConsentRecords(Path root) {
        this.folder = new RecordFolder(root);
    }

    /** @throws dev.clusterlab.provisioning.LabException ENVIRONMENT if it cannot be written */
    void write(ConsentRecord test) {
        ObjectNode json = LoopbackHttp.JSON.createObjectNode();
        json.put("created", test.created().toString());
        json.put("processId", test.program().processId());
        json.put("processStarted", test.program().started().toString());
        var hosts = json.putArray("hosts");
        test.hosts().forEach(host -> HostRecords.write(hosts.addObject(), host));
        json.put("ending", test.ending());
        ObjectNode helped = json.putObject("helped");
        test.helped().forEach(helped::put);
        folder.write(test.id(), json);
    }

    /** Empty if it is not known, or is damaged. */
    Optional<ConsentRecord> read(String id) {
        return folder.read(id, json -> {
            var hosts = new ArrayList<Host>();
            for (JsonNode host : json.path("hosts")) {
                hosts.add(HostRecords.read(host));
            }
            var helped = new TreeMap<String, Boolean>();
            json.path("helped")
                    .properties()
                    .forEach(each -> helped.put(each.getKey(), each.getValue().asBoolean()));
            return new ConsentRecord(
                    id,
                    Instant.parse(json.path("created").asText()),
                    new ProgramRun(
                            json.path("processId").asLong(),
                            Instant.parse(json.path("processStarted").asText())),
                    hosts,
                    json.path("ending").asBoolean(),
                    helped);
        });
    }

    /** All that are known here, oldest first. */
    List<ConsentRecord> all() {
        return folder.ids().stream()
                .flatMap(id -> read(id).stream())
                .sorted(Comparator.comparing(ConsentRecord::created).thenComparing(ConsentRecord::id))
                .toList();
    }

    /** Forgets one; without effect if it is not known. */
    void delete(String id) {
        folder.delete(id);
    }
}
