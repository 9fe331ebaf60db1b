package dev.clusterlab.provisioning.hosts.watch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.client.EventStream;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.link.HostLink;
import dev.clusterlab.provisioning.real.PublishedPorts;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One host of a Swarm that is watched: follows its daemon's events, and what it publishes of Consul and Traefik. Thread-safe. */
final class WatchedHost implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WatchedHost.class.getName());
    private static final Duration LIMIT = Duration.ofSeconds(15);
    /** Ports in containers behind which the lab reads: the API of Consul, and that of Traefik. */
    private static final Set<Integer> READ = Set.of(8500, 8080);

    private static final String FILTERS = "{\"type\":[\"container\",\"service\",\"node\",\"network\"]}";

    private final HostLink link;
    private final Runnable changed;
    private final EventStream events;

    private @Nullable DockerConnection connection;
    private String hostname = "";
    private String address = "";
    private String swarm = "";
    private boolean manager;
    private Set<Integer> own = Set.of();
    private Set<Integer> mesh = Set.of();
    private PublishedPorts published = PublishedPorts.NONE;
    private boolean closed;

    /** @param changed called when something may have changed; any thread */
    WatchedHost(HostLink link, Runnable changed) {
        this.link = link;
        this.changed = changed;
        this.events = new EventStream(link.host().name(), this::daemon, FILTERS, this::connected, this::happened);
    }

    HostLink link() {
        return link;
    }

    void follow() {
        events.start();
    }

    /**
     * Asks the daemon who it is.
     *
     * @throws LabException REFUSED if it cannot be reached, with the reason; then it is tried again by itself
     */
    void identify() {
        JsonNode info = daemon().getJson("/info", LIMIT);
        synchronized (this) {
            hostname = info.path("Name").asText("");
            address = info.path("Swarm").path("NodeAddr").asText("");
            swarm = info.path("Swarm").path("Cluster").path("ID").asText("");
            manager = info.path("Swarm").path("ControlAvailable").asBoolean(false);
        }
    }

    private DockerConnection daemon() {
        synchronized (this) {
            if (closed) {
                throw new LabException(LabException.Kind.CANCELLED, "It is not watched any more.", "");
            }
            if (connection != null) {
                return connection;
            }
        }
        DockerConnection opened;
        try {
            opened = DockerConnection.open(link.host().name(), link.docker(), Optional.empty(), LIMIT);
        } catch (LabException e) {
            throw link.trouble().map(trouble -> trouble.exception()).orElse(e);
        }
        synchronized (this) {
            if (connection == null && !closed) {
                connection = opened;
                return opened;
            }
        }
        opened.close();
        return daemon();
    }

    private void connected() {
        try {
            identify();
            readPorts();
        } catch (LabException e) {
            LOG.log(System.Logger.Level.DEBUG, link.host() + " does not say who it is", e);
        }
        changed.run();
    }

    private void happened(JsonNode event) {
        String action = event.path("Action").asText("");
        if (action.startsWith("exec_")) {
            return;
        }
        changed.run();
        String type = event.path("Type").asText("");
        if (type.equals("service") || (type.equals("container") && (action.equals("start") || action.equals("die")))) {
            readPorts();
            changed.run();
        }
    }

    /** Asks the daemon what it publishes; keeps what was known where it does not answer. */
    void readPorts() {
        try {
            DockerConnection daemon = daemon();
            Set<Integer> containers = new TreeSet<>();
            for (JsonNode container : daemon.getJson("/containers/json", LIMIT)) {
                collect(container.path("Ports"), "PublicPort", "PrivatePort", "Type", "", containers);
            }
            Set<Integer> ingress = manager() ? ingress(daemon) : Set.of();
            PublishedPorts all = published().read(daemon, manager());
            synchronized (this) {
                published = all;
                own = containers;
                mesh = ingress;
            }
        } catch (LabException e) {
            LOG.log(System.Logger.Level.DEBUG, "The ports of " + link.host() + " could not be read", e);
        }
    }

    private Set<Integer> ingress(DockerConnection daemon) {
        try {
            var ingress = new TreeSet<Integer>();
            for (JsonNode service : daemon.getJson("/services", LIMIT)) {
                collect(
                        service.path("Endpoint").path("Ports"),
                        "PublishedPort",
                        "TargetPort",
                        "Protocol",
                        "ingress",
                        ingress);
            }
            return ingress;
        } catch (LabException e) {
            // One without a leader: what it said last holds.
            return mesh();
        }
    }

    /** Workers are not asked for services: they refuse, and the client asks them again. */
    private synchronized boolean manager() {
        return manager;
    }

    private static void collect(
            JsonNode ports, String published, String target, String protocol, String mode, Set<Integer> found) {
        for (JsonNode port : ports) {
            int number = port.path(published).asInt(0);
            boolean wanted =
                    mode.isEmpty() || port.path("PublishMode").asText("ingress").equals(mode);
            if (number > 0
                    && wanted
                    && READ.contains(port.path(target).asInt(0))
                    && port.path(protocol).asText("tcp").equals("tcp")) {
                found.add(number);
            }
        }
    }

    synchronized Set<Integer> mesh() {
        return mesh;
    }

    /** All that it publishes, whoever reads it. */
    synchronized PublishedPorts published() {
        return published;
    }

    /** All that answers there, where {@code meshPorts} answer on every host that is in the Swarm. */
    synchronized Set<Integer> published(Set<Integer> meshPorts) {
        var all = new TreeSet<>(published.own());
        if (!address.isEmpty()) {
            all.addAll(meshPorts);
        }
        return all;
    }

    /** What it calls itself in its Swarm; empty while it has not been reached. */
    synchronized String hostname() {
        return hostname;
    }

    /** The Swarm that it manages; empty text if it manages none, or has not been reached. */
    synchronized String swarm() {
        return swarm;
    }

    private String addressOf() {
        if (!address.isEmpty()) {
            return address;
        }
        return switch (link.host().address()) {
            case HostAddress.Ssh ssh -> ssh.host();
            case HostAddress.Tcp tcp -> tcp.host();
            case HostAddress.Unix unix -> "127.0.0.1";
        };
    }

    /** As a machine of that name; {@code meshPorts} answer on every host that is in the Swarm. */
    synchronized Machine view(String name, Set<Integer> meshPorts) {
        var ports = new TreeMap<Integer, String>();
        if (!closed) {
            var published = new TreeSet<>(own);
            if (!address.isEmpty()) {
                published.addAll(meshPorts);
            }
            published.forEach(port -> ports.put(port, link.port(port)));
        }
        return new Machine(name, addressOf(), Machine.State.RUNNING, Optional.of(link.docker()), ports);
    }

    @Override
    public void close() {
        DockerConnection open;
        synchronized (this) {
            closed = true;
            open = connection;
        }
        events.close();
        if (open != null) {
            open.close();
        }
    }
}
