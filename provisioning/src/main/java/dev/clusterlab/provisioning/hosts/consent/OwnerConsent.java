package dev.clusterlab.provisioning.hosts.consent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.FaultConsent;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.client.DockerClients;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.hosts.helper.OtherHelper;
import dev.clusterlab.provisioning.hosts.watch.WatchedSwarm;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/** What labels of a Swarm say at the moment; asks its managers each time, by reading requests alone. Thread-safe. */
final class OwnerConsent implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final String SERVICE = "com.docker.swarm.service.id";

    private final WatchedSwarm watched;
    private final DockerClients reading;

    OwnerConsent(WatchedSwarm watched) {
        this.watched = watched;
        this.reading = new DockerClients(watched);
    }

    /** As {@link FaultConsent#machine}. */
    boolean machine(String name) {
        JsonNode info = reading.of(name).getJson("/info", LIMIT);
        for (JsonNode label : info.path("Labels")) {
            if (label.asText().equals(FaultConsent.LABEL + "=" + FaultConsent.ALLOWED)) {
                return true;
            }
        }
        String node = info.path("Swarm").path("NodeID").asText("");
        return !node.isEmpty() && asked(manager -> labelled(manager.getJson("/nodes/" + node, LIMIT)));
    }

    /** As {@link FaultConsent#service}. */
    boolean service(String name) {
        return asked(manager -> {
            try {
                return labelled(manager.getJson("/services/" + encoded(name), LIMIT));
            } catch (LabException e) {
                if (e.kind() == Kind.NOT_FOUND) {
                    return false;
                }
                throw e;
            }
        });
    }

    private static boolean labelled(JsonNode object) {
        return object.path("Spec")
                .path("Labels")
                .path(FaultConsent.LABEL)
                .asText("")
                .equals(FaultConsent.ALLOWED);
    }

    /** Of these machines those that may not be hit. */
    SortedSet<String> without(Iterable<String> machines) {
        var without = new TreeSet<String>();
        for (String machine : machines) {
            if (!machine(machine)) {
                without.add(machine);
            }
        }
        return without;
    }

    /**
     * A service of which a container is.
     *
     * @param tasks that are to run
     */
    record ServiceOf(String id, String name, int tasks) {}

    /**
     * The service of a container that may be hit.
     *
     * @throws LabException REFUSED with what would allow it, if it may not
     */
    ServiceOf allowed(String machine, String container) {
        JsonNode labels = container(machine, container).path("Config").path("Labels");
        String id = labels.path(SERVICE).asText("");
        if (id.isEmpty()) {
            throw new LabException(
                            Kind.REFUSED,
                            "Container " + container.substring(0, Math.min(12, container.length())) + " on " + machine
                                    + " is of no service, so nobody can have allowed faults on it.",
                            "Only containers of services that carry " + FaultConsent.LABEL + "=" + FaultConsent.ALLOWED
                                    + " are hit.")
                    .named("consent.container", container, machine);
        }
        if (!service(id)) {
            throw FaultConsent.refusedService(
                    labels.path("com.docker.swarm.service.name").asText(id));
        }
        int tasks = asked(manager -> manager.getJson(
                        "/tasks?filters=" + encoded("{\"service\":[\"" + id + "\"],\"desired-state\":[\"running\"]}"),
                        LIMIT)
                .size());
        return new ServiceOf(id, labels.path("com.docker.swarm.service.name").asText(id), tasks);
    }

    /**
     * Whether what a container prints is read: a Traefik's alone, whose access log says which server a request met.
     *
     * @throws LabException REFUSED if it is none
     */
    void requireLog(String machine, String container) {
        if (!TraefikLog.isTraefik(container(machine, container))) {
            throw new LabException(
                            Kind.REFUSED,
                            "What container " + container.substring(0, 12) + " on " + machine
                                    + " prints is not read: it is no Traefik.",
                            "`docker logs` on the host shows it.")
                    .named("consent.log", container.substring(0, 12), machine);
        }
    }

    private JsonNode container(String machine, String id) {
        return reading.of(machine).getJson("/containers/" + id + "/json", LIMIT);
    }

    /** What the access logs of the Traefiks on a machine tell. */
    List<TraefikLog> accessLogs(String machine) {
        var found = new ArrayList<TraefikLog>();
        for (JsonNode each : reading.of(machine).getJson("/containers/json", LIMIT)) {
            if (each.path("Image").asText("").contains("traefik")) {
                found.add(TraefikLog.of(container(machine, each.path("Id").asText())));
            }
        }
        return List.copyOf(found);
    }

    /** Another program's helper on a machine. */
    Optional<OtherHelper> otherHelper(String machine, String own) {
        return OtherHelper.among(reading.of(machine).getJson("/containers/json?all=true", LIMIT), own);
    }

    /** Whether a container of a service that may be hit runs on a machine. */
    boolean runsAllowed(String machine) {
        var seen = new TreeSet<String>();
        for (JsonNode container : reading.of(machine).getJson("/containers/json", LIMIT)) {
            String id = container.path("Labels").path(SERVICE).asText("");
            if (!id.isEmpty() && seen.add(id) && service(id)) {
                return true;
            }
        }
        return false;
    }

    /**
     * A manager, as the Swarm sees it.
     *
     * @param well whether it is ready and reachable
     */
    record Manager(String name, boolean well) {}

    List<Manager> managers() {
        return asked(manager -> {
            var found = new ArrayList<Manager>();
            for (JsonNode node : manager.getJson("/nodes", LIMIT)) {
                if (node.path("Spec").path("Role").asText().equals("manager")) {
                    found.add(new Manager(
                            node.path("Description").path("Hostname").asText(),
                            node.path("Status").path("State").asText().equals("ready")
                                    && node.path("ManagerStatus")
                                            .path("Reachability")
                                            .asText("reachable")
                                            .equals("reachable")));
                }
            }
            return List.copyOf(found);
        });
    }

    /** How many nodes the Swarm has. */
    int nodes() {
        return asked(manager -> manager.getJson("/nodes", LIMIT).size());
    }

    DockerConnection reading(String machine) {
        return reading.of(machine);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Of the first manager that answers. */
    private <T> T asked(Function<DockerConnection, T> question) {
        Optional<LabException> trouble = Optional.empty();
        for (Machine machine : watched.machines()) {
            try {
                DockerConnection daemon = reading.of(machine.name());
                if (daemon.getJson("/info", LIMIT)
                        .path("Swarm")
                        .path("ControlAvailable")
                        .asBoolean(false)) {
                    return question.apply(daemon);
                }
            } catch (LabException e) {
                if (e.kind() == Kind.CANCELLED) {
                    throw e;
                }
                trouble = Optional.of(e);
            }
        }
        throw new LabException(
                        Kind.REFUSED,
                        "No manager of the Swarm can be asked what its owner allows, so nothing is.",
                        "Name a manager that answers with --hosts or --context.",
                        trouble.orElse(null))
                .named("consent.nobody");
    }

    @Override
    public void close() {
        reading.close();
    }
}
