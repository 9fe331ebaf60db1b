package dev.clusterlab.provisioning.hosts.lab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostErrors;
import dev.clusterlab.provisioning.docker.images.MachineImages;
import dev.clusterlab.provisioning.hosts.survey.HostRoom;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** An attempt to bring an image to a host: where its disk fills up meanwhile, what had come of it is taken away again. */
final class FullDisk {
    private static final System.Logger LOG = System.getLogger(FullDisk.class.getName());
    /** Images without a name: a build leaves them that did not come to its end. */
    private static final String NAMELESS = "/images/json?filters=%7B%22dangling%22%3A%5B%22true%22%5D%7D";

    private final LabHost host;
    private final Set<String> names;
    private final Set<String> nameless;

    /** @throws LabException if its daemon does not answer */
    FullDisk(LabHost host) {
        this.host = host;
        this.names = MachineImages.names(host.daemon());
        this.nameless = nameless(host.daemon());
    }

    LabHost host() {
        return host;
    }

    /**
     * Takes away what has come since.
     *
     * @param brought names under which the lab meant to bring something: nothing else is its own
     * @return what to throw
     */
    LabException undo(Collection<String> brought, LabException thrown) {
        try {
            DockerConnection daemon = host.daemon();
            var come = new TreeSet<>(brought);
            come.removeAll(names);
            come.retainAll(MachineImages.names(daemon));
            Set<String> ids = brought.stream()
                    .filter(name -> HostDocker.has(daemon, name))
                    .map(name -> daemon.getJson("/images/" + name + "/json")
                            .path("Id")
                            .asText())
                    .collect(Collectors.toSet());
            for (String id : nameless(daemon)) {
                if (!nameless.contains(id) && madeOf(daemon, id, ids)) {
                    daemon.delete("/images/" + id);
                }
            }
            for (String name : come) {
                daemon.delete("/images/" + name);
            }
        } catch (LabException e) {
            // It is removed in the end, with all that was brought.
            LOG.log(System.Logger.Level.DEBUG, "What had come to " + host.host() + " stays for now", e);
        }
        return of(host, thrown);
    }

    private static Set<String> nameless(DockerConnection daemon) {
        var found = new TreeSet<String>();
        for (JsonNode image : daemon.getJson(NAMELESS)) {
            found.add(image.path("Id").asText());
        }
        return found;
    }

    /** Whether an image was built on one of those. */
    private static boolean madeOf(DockerConnection daemon, String image, Set<String> ids) {
        for (JsonNode step : daemon.getJson("/images/" + image + "/history")) {
            if (ids.contains(step.path("Id").asText())) {
                return true;
            }
        }
        return false;
    }

    /** What to throw for what was thrown: where it is that a host's disk is full, with what to do. */
    static RuntimeException explained(LabHost host, RuntimeException thrown) {
        return thrown instanceof LabException full && HostErrors.diskFull(full) ? of(host, full) : thrown;
    }

    private static LabException of(LabHost host, LabException thrown) {
        Optional<String> free = host.disk()
                .filter(disk -> disk.dataBytes().isPresent())
                .map(disk -> HostRoom.size(disk.dataBytes().getAsLong()));
        String message = String.valueOf(thrown.getMessage());
        String said = message.endsWith(".") ? message : message + ".";
        return new LabException(
                        Kind.ENVIRONMENT,
                        "The disk of " + host.host() + " is full"
                                + free.map(size -> " (" + size + " are free)").orElse("") + ": " + said
                                + " What had come of it was taken away again.",
                        "Make room there: `docker system df` shows what Docker keeps, `df -h` the rest. Then do the same again.",
                        thrown)
                .named("remote.disk.full", host.host().toString(), said);
    }
}
