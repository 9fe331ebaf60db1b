package dev.clusterlab.provisioning.hosts.lab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.docker.images.MachineImages;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is on a host, as its daemon says. An immutable picture.
 *
 * @param hostname what it calls itself
 * @param containers identifiers, also of those that have ended
 * @param networks names: a daemon gives its own networks other identifiers at each start
 * @param volumes names
 * @param images names with their tags
 */
record HostContents(
        String hostname,
        SortedSet<String> containers,
        SortedSet<String> networks,
        SortedSet<String> volumes,
        SortedSet<String> images) {
    HostContents {
        containers = Collections.unmodifiableSortedSet(new TreeSet<>(containers));
        networks = Collections.unmodifiableSortedSet(new TreeSet<>(networks));
        volumes = Collections.unmodifiableSortedSet(new TreeSet<>(volumes));
        images = Collections.unmodifiableSortedSet(new TreeSet<>(images));
    }

    /** @throws LabException if the daemon does not answer */
    static HostContents read(DockerConnection daemon) {
        return new HostContents(
                daemon.getJson("/info").path("Name").asText(""),
                fields(daemon.getJson("/containers/json?all=true"), "Id"),
                fields(daemon.getJson("/networks"), "Name"),
                fields(daemon.getJson("/volumes").path("Volumes"), "Name"),
                MachineImages.names(daemon));
    }

    private static SortedSet<String> fields(JsonNode list, String field) {
        var found = new TreeSet<String>();
        list.forEach(each -> found.add(each.path(field).asText()));
        return found;
    }
}
