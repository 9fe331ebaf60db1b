package dev.clusterlab.provisioning.client;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.MachineNames;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Connections to the machines' Docker daemons, made when first asked for, kept while the machine keeps its endpoint, and
 * closed with it. Thread-safe.
 */
public final class DockerClients implements AutoCloseable {
    /** Wall-clock time: longer than the 20 s in which a manager without a leader gives up. */
    private static final Duration WALL_LIMIT = Duration.ofSeconds(25);

    private final Engine engine;
    private final Duration wallLimit;
    private final Map<String, DockerConnection> connections = new LinkedHashMap<>();

    public DockerClients(Engine engine) {
        this(engine, WALL_LIMIT);
    }

    /** @param wallLimit of wall-clock time, for requests whose caller has an end to timeout, and for connecting */
    public DockerClients(Engine engine, Duration wallLimit) {
        this.engine = engine;
        this.wallLimit = wallLimit;
    }

    /**
     * The daemon of a machine.
     *
     * @throws LabException NOT_FOUND for an unknown machine, REFUSED if it is not running or its daemon does not answer
     */
    public DockerConnection of(String machine) {
        Machine found = engine.machine(machine).orElseThrow(() -> MachineNames.unknown(machine));
        return of(found);
    }

    /** As {@link #of(String)}, for a machine that was just listed. */
    public DockerConnection of(Machine machine) {
        Optional<URI> endpoint = machine.dockerEndpoint();
        if (endpoint.isEmpty()) {
            drop(machine.name());
            throw new LabException(
                            Kind.REFUSED,
                            "Cannot connect to the Docker daemon of " + machine.name() + ": the machine is "
                                    + machine.state().name().toLowerCase(java.util.Locale.ROOT) + ".",
                            switch (machine.state()) {
                                case PAUSED -> "It answers again when it is no longer paused.";
                                case STOPPED, KILLED -> "`docker-machine start " + machine.name() + "` starts it.";
                                case RUNNING -> "Try again in a moment.";
                            })
                    .named("daemon.machine." + machine.state().name(), machine.name());
        }
        synchronized (connections) {
            DockerConnection known = connections.get(machine.name());
            if (known != null && known.endpoint().equals(endpoint.get())) {
                return known;
            }
        }
        DockerConnection opened = DockerConnection.open(engine, machine.name(), endpoint.get(), wallLimit);
        synchronized (connections) {
            DockerConnection known = connections.get(machine.name());
            if (known != null && known.endpoint().equals(endpoint.get())) {
                opened.close();
                return known;
            }
            if (known != null) {
                known.close();
            }
            connections.put(machine.name(), opened);
            return opened;
        }
    }

    /** Closes the connection to a machine, if there is one. */
    public void drop(String machine) {
        synchronized (connections) {
            DockerConnection known = connections.remove(machine);
            if (known != null) {
                known.close();
            }
        }
    }

    /** Closes the connections to machines that are not in the engine any more. */
    public void keepOnly(java.util.Collection<String> machines) {
        synchronized (connections) {
            connections.entrySet().removeIf(entry -> {
                boolean gone = !machines.contains(entry.getKey());
                if (gone) {
                    entry.getValue().close();
                }
                return gone;
            });
        }
    }

    @Override
    public void close() {
        synchronized (connections) {
            connections.values().forEach(DockerConnection::close);
            connections.clear();
        }
    }
}
