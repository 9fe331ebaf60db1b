package dev.clusterlab.provisioning.real;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.client.DockerConnection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The TCP ports that a daemon says are published. An immutable picture.
 *
 * @param own of its containers
 * @param mesh of the routing mesh, which answers on every machine; only managers know them
 */
public record PublishedPorts(SortedSet<Integer> own, SortedSet<Integer> mesh) {
    public static final PublishedPorts NONE = new PublishedPorts(new TreeSet<>(), new TreeSet<>());

    public PublishedPorts {
        own = Collections.unmodifiableSortedSet(new TreeSet<>(own));
        mesh = Collections.unmodifiableSortedSet(new TreeSet<>(mesh));
    }

    /**
     * Asks a daemon.
     *
     * @param routingMesh whether there is one
     * @throws LabException if it does not answer
     */
    public PublishedPorts read(DockerConnection daemon, boolean routingMesh) {
        SortedSet<Integer> containers = of(daemon.getJson("/containers/json"), "Ports", "PublicPort", "Type", "");
        if (!routingMesh) {
            return new PublishedPorts(containers, new TreeSet<>());
        }
        try {
            var found = new TreeSet<Integer>();
            for (JsonNode service : daemon.getJson("/services")) {
                found.addAll(of(service.path("Endpoint"), "Ports", "PublishedPort", "Protocol", "ingress"));
            }
            return new PublishedPorts(containers, found);
        } catch (LabException e) {
            // Not a manager, or one without a leader: what another one says, or was said last, holds.
            return new PublishedPorts(containers, mesh);
        }
    }

    /** Whether a port answers on this machine, where those ports of the mesh answer on every one. */
    public boolean answers(int port, Set<Integer> meshPorts) {
        return own.contains(port) || meshPorts.contains(port);
    }

    /** As they are when nothing runs any more; what a manager knew of others stays. */
    public PublishedPorts off() {
        return new PublishedPorts(new TreeSet<>(), mesh);
    }

    private static SortedSet<Integer> of(JsonNode owners, String list, String field, String type, String mode) {
        var found = new TreeSet<Integer>();
        Iterable<JsonNode> each = owners.isArray() ? owners : List.of(owners);
        for (JsonNode owner : each) {
            for (JsonNode port : owner.path(list)) {
                int number = port.path(field).asInt(0);
                boolean wanted = mode.isEmpty()
                        || port.path("PublishMode").asText("ingress").equals(mode);
                if (number > 0 && wanted && port.path(type).asText("tcp").equals("tcp")) {
                    found.add(number);
                }
            }
        }
        return found;
    }
}
