package dev.clusterlab.provisioning.client;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.RequestMarks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * What the access logs of the Traefiks that run say of marked requests, read from the Docker daemons of their machines. Thread-safe; has
 * connections of its own.
 */
public final class AccessLogs implements AutoCloseable {
    /** Lines of each log that are read, from its end. */
    private static final int LINES = 4_000;
    /** Wall-clock time: a daemon that has not answered by then is left out. */
    private static final Duration WALL_LIMIT = Duration.ofSeconds(3);

    private final Engine engine;
    private final DockerClients docker;
    private final ContainerLogs logs;
    private final ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();

    public AccessLogs(Engine engine) {
        this.engine = engine;
        this.docker = new DockerClients(engine, WALL_LIMIT);
        this.logs = new ContainerLogs(engine);
    }

    /**
     * Looks in the logs of all Traefiks. Blocks, for three seconds of wall-clock time at most: what is not there by then, since a daemon
     * is silent, is not found.
     *
     * @return the servers' URLs by mark, of those that are found
     */
    public Map<String, String> find(Set<String> marks) throws InterruptedException {
        Map<String, String> found = new ConcurrentHashMap<>();
        List<Callable<Boolean>> reads = new ArrayList<>();
        for (Machine machine : engine.machines()) {
            if (machine.state() == Machine.State.RUNNING) {
                reads.add(() -> read(machine, marks, found));
            }
        }
        readers.invokeAll(reads, WALL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        return Collections.unmodifiableMap(new LinkedHashMap<>(found));
    }

    private boolean read(Machine machine, Set<String> marks, Map<String, String> found) throws InterruptedException {
        try {
            for (String container : traefiks(machine)) {
                for (String line : logs.tail(machine.name(), container, LINES)) {
                    RequestMarks.read(line)
                            .filter(said -> marks.contains(said.mark()))
                            .ifPresent(said -> found.put(said.mark(), said.server()));
                }
            }
            return true;
        } catch (LabException e) {
            // A machine that was hit: what it printed is not to be had now.
            return false;
        }
    }

    /** Containers that run an image of Traefik. */
    private List<String> traefiks(Machine machine) {
        return docker.of(machine).call(client -> client.listContainersCmd().exec()).stream()
                .filter(container ->
                        container.getImage() != null && container.getImage().contains("traefik"))
                .map(container -> container.getId())
                .toList();
    }

    @Override
    public void close() {
        readers.shutdownNow();
        logs.close();
        docker.close();
    }
}
