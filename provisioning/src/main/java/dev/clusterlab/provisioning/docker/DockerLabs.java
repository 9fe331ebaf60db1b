package dev.clusterlab.provisioning.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Sweep;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostEngineFinder;
import dev.clusterlab.provisioning.engines.Engines;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The labs on the user's engine: those in use, and those that a killed program left behind. Objects are known by their
 * label alone; what has none is never listed, stopped or changed. Thread-safe.
 */
public final class DockerLabs implements AutoCloseable {
    private final HostDocker host;
    private final LabRecords records;

    DockerLabs(HostDocker host, LabRecords records) {
        this.host = host;
        this.records = records;
    }

    /**
     * On the engine that {@link Engines#DOCKER} would take; to be closed.
     *
     * @throws LabException ENVIRONMENT without a usable engine
     */
    public static DockerLabs ofThisUser() {
        return new DockerLabs(
                new HostDocker(HostEngineFinder.ofThisUser().find()),
                new LabRecords(DockerSettings.ofThisUser().records()));
    }

    /**
     * A lab on the engine.
     *
     * @param record what this user's folder knows of it; empty for another user's lab, or when the folder was deleted
     * @param machines names, in alphabetical order
     * @param networks how many
     * @param volumes how many
     */
    public record Lab(String id, Optional<LabRecord> record, List<String> machines, int networks, int volumes) {
        /** Whether a program has it now. */
        public boolean inUse() {
            return record.map(LabRecord::inUse).orElse(false);
        }
    }

    /** Every lab that has an object on the engine, or a record in this user's folder that says it is on this engine. */
    public List<Lab> list() {
        Map<String, Set<String>> machines = new LinkedHashMap<>();
        Map<String, Integer> networks = new LinkedHashMap<>();
        Map<String, Integer> volumes = new LinkedHashMap<>();
        for (JsonNode container : containers(LabLabels.ofAnyLab())) {
            JsonNode labels = container.path("Labels");
            machines.computeIfAbsent(labels.path(LabLabels.LAB).asText(), id -> new TreeSet<>())
                    .add(labels.path(LabLabels.MACHINE).asText());
        }
        networks(LabLabels.ofAnyLab())
                .forEach(
                        n -> networks.merge(n.path("Labels").path(LabLabels.LAB).asText(), 1, Integer::sum));
        volumes(LabLabels.ofAnyLab())
                .forEach(v -> volumes.merge(v.path("Labels").path(LabLabels.LAB).asText(), 1, Integer::sum));
        var ids = new LinkedHashSet<String>();
        // A lab that another engine of this user has is not here: to remove it here would only forget it.
        records.all().stream()
                .filter(lab -> lab.engine().equals(host.found().endpoint()))
                .forEach(lab -> ids.add(lab.id()));
        ids.addAll(machines.keySet());
        ids.addAll(networks.keySet());
        ids.addAll(volumes.keySet());
        return ids.stream()
                .filter(id -> id.matches("[0-9a-f]{8}"))
                .map(id -> new Lab(
                        id,
                        records.read(id),
                        List.copyOf(machines.getOrDefault(id, Set.of())),
                        networks.getOrDefault(id, 0),
                        volumes.getOrDefault(id, 0)))
                .toList();
    }

    /** This user's labs that no program has any more: a killed one left them behind. The oldest first. */
    public List<Lab> leftOver() {
        return list().stream()
                .filter(lab -> lab.record().isPresent() && !lab.inUse())
                .toList();
    }

    private JsonNode containers(String filter) {
        return host.get("list what labs have", "/containers/json?all=true&filters=" + filter);
    }

    private JsonNode networks(String filter) {
        return host.get("list what labs have", "/networks?filters=" + filter);
    }

    private List<JsonNode> volumes(String filter) {
        var found = new ArrayList<JsonNode>();
        host.get("list what labs have", "/volumes?filters=" + filter)
                .path("Volumes")
                .forEach(found::add);
        return found;
    }

    /** Removes all that one lab has on the engine, its keys and its record; without effect where there is nothing. */
    public void remove(String labId) {
        String filter = LabLabels.ofLab(labId);
        List<JsonNode> containers = new ArrayList<>();
        containers(filter).forEach(containers::add);
        Sweep.CONCURRENT.ask(containers, container -> {
            String id = container.path("Id").asText();
            NodeContainers.wake(host, id);
            return gone(
                    "remove " + container.path("Labels").path(LabLabels.MACHINE).asText(),
                    "/containers/" + id + "?force=true&v=true");
        });
        for (JsonNode network : networks(filter)) {
            gone("remove the lab's network", "/networks/" + network.path("Id").asText());
        }
        for (JsonNode volume : volumes(filter)) {
            gone("remove a machine's disk", "/volumes/" + volume.path("Name").asText() + "?force=true");
        }
        records.delete(labId);
    }

    /**
     * Removes every lab of {@link #leftOver}. A lab without a record may be another user's and in use: it goes only by name.
     *
     * @return their identifiers
     */
    public List<String> removeLeftOver() {
        List<String> left = leftOver().stream().map(Lab::id).toList();
        left.forEach(this::remove);
        return left;
    }

    @Override
    public void close() {
        host.close();
    }

    private boolean gone(String doing, String path) {
        try {
            host.delete(doing, path);
            return true;
        } catch (LabException e) {
            if (e.kind() == Kind.NOT_FOUND || String.valueOf(e.getMessage()).contains("already in progress")) {
                return false;
            }
            throw e;
        }
    }
}
