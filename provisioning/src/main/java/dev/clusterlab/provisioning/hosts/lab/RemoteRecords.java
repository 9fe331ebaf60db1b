package dev.clusterlab.provisioning.hosts.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.hosts.HostRecords;
import dev.clusterlab.provisioning.hosts.lab.RemoteRecord.Entry;
import dev.clusterlab.provisioning.hosts.lab.RemoteRecord.Taken;
import dev.clusterlab.provisioning.real.ProgramRun;
import dev.clusterlab.provisioning.real.RecordFolder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** {@link RemoteRecord}s in the user's data folder. Thread-safe. */
final class RemoteRecords {
    private final RecordFolder folder;

    /** @param root the folder with one folder a lab in it; made when needed */
    RemoteRecords(Path root) {
        this.folder = new RecordFolder(root);
    }

    /** @throws dev.clusterlab.provisioning.LabException ENVIRONMENT if it cannot be written */
    void write(RemoteRecord lab) {
        ObjectNode json = LoopbackHttp.JSON.createObjectNode();
        json.put("created", lab.created().toString());
        json.put("processId", lab.program().processId());
        json.put("processStarted", lab.program().started().toString());
        var hosts = json.putArray("hosts");
        lab.hosts().forEach(entry -> write(hosts.addObject(), entry));
        folder.write(lab.id(), json);
    }

    private static void write(ObjectNode json, Entry entry) {
        HostRecords.write(json, entry.host());
        entry.taken().ifPresent(taken -> {
            ObjectNode inside = json.putObject("taken");
            inside.put("machine", taken.machine());
            inside.put("hostname", taken.before().hostname());
            put(inside, "containers", taken.before().containers());
            put(inside, "networks", taken.before().networks());
            put(inside, "volumes", taken.before().volumes());
            put(inside, "images", taken.before().images());
            put(inside, "brought", taken.brought());
        });
    }

    private static void put(ObjectNode json, String field, SortedSet<String> names) {
        var array = json.putArray(field);
        names.forEach(array::add);
    }

    /** Empty if it is not known, or is damaged. */
    Optional<RemoteRecord> read(String labId) {
        return folder.read(labId, json -> {
            var hosts = new ArrayList<Entry>();
            json.path("hosts").forEach(host -> hosts.add(entry(host)));
            return new RemoteRecord(
                    labId,
                    Instant.parse(json.path("created").asText()),
                    new ProgramRun(
                            json.path("processId").asLong(),
                            Instant.parse(json.path("processStarted").asText())),
                    hosts);
        });
    }

    private static Entry entry(JsonNode json) {
        JsonNode taken = json.path("taken");
        return new Entry(
                HostRecords.read(json),
                taken.isObject()
                        ? Optional.of(new Taken(
                                taken.path("machine").asText(),
                                new HostContents(
                                        taken.path("hostname").asText(),
                                        names(taken, "containers"),
                                        names(taken, "networks"),
                                        names(taken, "volumes"),
                                        names(taken, "images")),
                                names(taken, "brought")))
                        : Optional.empty());
    }

    private static SortedSet<String> names(JsonNode json, String field) {
        var names = new TreeSet<String>();
        json.path(field).forEach(name -> names.add(name.asText()));
        return names;
    }

    /** Every lab that is known here, oldest first. */
    List<RemoteRecord> all() {
        return folder.ids().stream()
                .flatMap(id -> read(id).stream())
                .sorted(Comparator.comparing(RemoteRecord::created).thenComparing(RemoteRecord::id))
                .toList();
    }

    /** Forgets a lab; without effect if it is not known. */
    void delete(String labId) {
        folder.delete(labId);
    }
}
