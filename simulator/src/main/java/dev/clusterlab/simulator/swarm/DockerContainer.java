package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.ContainerConfig;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A container of one machine: on its disk until removed. Changed by {@link ContainerRuntime} only. */
final class DockerContainer {
    /** Life of a container. */
    enum State {
        CREATED,
        RUNNING,
        PAUSED,
        RESTARTING,
        EXITED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Health as its check says. */
    enum Health {
        NONE,
        STARTING,
        HEALTHY,
        UNHEALTHY
    }

    final String id;
    String name;
    final ContainerConfig config;
    final ProgramCatalog.Image image;
    final String imageId;
    final Instant created;
    /** Entry point given in place of the image's, else null. */
    final @Nullable List<String> entryPoint;

    final List<String> arguments;
    final Map<String, Object> storage = new LinkedHashMap<>();
    final List<Container.MountPoint> mounts = new ArrayList<>();
    /** What is mounted by path. */
    final Map<String, Map<String, Object>> mounted = new LinkedHashMap<>();

    final LogBuffer logs = new LogBuffer();
    final List<NetworkEnd> ends = new ArrayList<>();
    /** Host port → container port, while it runs. */
    final Map<Integer, Integer> published = new LinkedHashMap<>();
    /** How it is to be attached to networks at each start. */
    final List<NetworkPlan> networks = new ArrayList<>();

    final List<Consumer<DockerContainer>> exitListeners = new ArrayList<>();
    final List<Runnable> removalListeners = new ArrayList<>();
    /** The task that it runs, or null. */
    @Nullable
    Task task;

    State state = State.CREATED;
    Health health = Health.NONE;
    int failingStreak;
    final List<Container.HealthProbe> probes = new ArrayList<>();
    int exitCode;
    int pid;
    String error = "";

    @Nullable
    Instant startedAt;

    @Nullable
    Instant finishedAt;

    int restartCount;
    boolean stopRequested;
    boolean removed;

    @Nullable
    ContainerProcess process;

    DockerContainer(
            String id,
            String name,
            ContainerConfig config,
            ProgramCatalog.Image image,
            String imageId,
            Instant created,
            @Nullable List<String> entryPoint,
            List<String> arguments) {
        this.id = id;
        this.name = name;
        this.config = config;
        this.image = image;
        this.imageId = imageId;
        this.created = created;
        this.entryPoint = entryPoint;
        this.arguments = arguments;
    }

    /**
     * A network to attach at start.
     *
     * @param overlayAddress the address that the managers gave, with its prefix length, or null on a local network
     */
    record NetworkPlan(
            String networkId,
            String networkName,
            List<String> aliases,
            @Nullable String overlayAddress,
            OverlayEndpoint.@Nullable Binding binding) {}

    boolean running() {
        return state == State.RUNNING || state == State.PAUSED;
    }

    String shortId() {
        return id.substring(0, 12);
    }

    String hostname() {
        return config.hostname() == null || config.hostname().isEmpty() ? shortId() : config.hostname();
    }

    Map<String, String> labels() {
        return config.labels() == null ? Map.of() : config.labels();
    }

    List<String> fullCommand() {
        var command = new ArrayList<>(entryPoint == null ? image.entryPoint() : entryPoint);
        command.addAll(arguments);
        return command;
    }

    /** Attributes of its events. */
    Map<String, String> attributes() {
        var attributes = new LinkedHashMap<>(labels());
        attributes.put("image", config.image());
        attributes.put("name", name);
        return attributes;
    }
}
