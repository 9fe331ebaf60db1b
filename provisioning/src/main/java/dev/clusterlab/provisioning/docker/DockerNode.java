package dev.clusterlab.provisioning.docker;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Machine.State;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.client.EventStream;
import dev.clusterlab.provisioning.real.PublishedPorts;
import dev.clusterlab.provisioning.real.RealMachine;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** One machine of a {@link DockerEngine}: what is known of it now. Guarded by itself. */
final class DockerNode implements RealMachine {
    private final String name;
    private final int index;
    private final String address;
    private @Nullable String containerId;
    private @Nullable State state;
    private Map<Integer, Integer> reachable = Map.of();
    private PublishedPorts published = PublishedPorts.NONE;
    private @Nullable EventStream events;
    private final ReadWriteLock programs = new ReentrantReadWriteLock();

    DockerNode(String name, int index, String address) {
        this.name = name;
        this.index = index;
        this.address = address;
    }

    @Override
    public String name() {
        return name;
    }

    int index() {
        return index;
    }

    @Override
    public String address() {
        return address;
    }

    /**
     * Held for reading while a program of the lab's own runs inside, for writing while the machine is being frozen: Docker
     * 20.10 with version 1 of control groups hangs for ever when it freezes a container in which a program is starting.
     */
    ReadWriteLock programs() {
        return programs;
    }

    /** The container, once there is one. */
    synchronized @Nullable String containerId() {
        return containerId;
    }

    synchronized void container(String id) {
        containerId = id;
    }

    @Override
    public synchronized Optional<State> state() {
        return Optional.ofNullable(state);
    }

    /** @param ports of the container on this computer; empty unless it runs */
    synchronized void become(State now, Map<Integer, Integer> ports) {
        state = now;
        reachable = Map.copyOf(ports);
        if (now != State.RUNNING && now != State.PAUSED) {
            published = published.off();
        }
    }

    synchronized void become(State now) {
        become(now, now == State.RUNNING || now == State.PAUSED ? reachable : Map.of());
    }

    synchronized void follow(EventStream stream) {
        events = stream;
    }

    void stopFollowing() {
        EventStream stream;
        synchronized (this) {
            stream = events;
            events = null;
        }
        if (stream != null) {
            stream.close();
        }
    }

    /** Where its daemon answers, if it is up or about to be. */
    synchronized Optional<URI> endpoint() {
        Integer port = reachable.get(NodeContainers.DAEMON_PORT);
        return port == null ? Optional.empty() : Optional.of(URI.create("tcp://127.0.0.1:" + port));
    }

    /** What its daemon says of published ports: the containers' own, and on managers those of the routing mesh. */
    void readPorts(DockerConnection daemon, boolean routingMesh) {
        PublishedPorts before;
        synchronized (this) {
            before = published;
        }
        PublishedPorts now = before.read(daemon, routingMesh);
        synchronized (this) {
            published = now;
        }
    }

    synchronized Set<Integer> mesh() {
        return published.mesh();
    }

    /** As it is now; {@code meshPorts} answer on every machine. Empty while it is being created. */
    synchronized Optional<Machine> view(Set<Integer> meshPorts) {
        if (state == null) {
            return Optional.empty();
        }
        var ports = new TreeMap<Integer, String>();
        boolean running = state == State.RUNNING;
        if (running) {
            reachable.forEach((inside, outside) -> {
                if (published.answers(inside, meshPorts)) {
                    ports.put(inside, "127.0.0.1:" + outside);
                }
            });
        }
        return Optional.of(new Machine(name, address, state, running ? endpoint() : Optional.empty(), ports));
    }
}
