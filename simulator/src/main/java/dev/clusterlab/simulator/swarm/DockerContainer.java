package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.ContainerConfig;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import dev.clusterlab.simulator.swarm.kept.LogBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A container of one machine: on its disk until removed. Its life changes by the transitions below alone, which
 * {@link ContainerRuntime} makes, and {@link HealthMonitor} for its health; what it is attached to is kept by
 * {@link ContainerNetworking}.
 */
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

    /** What a container shows that could not be started. */
    private static final int START_FAILED_STATUS = 128;
    /** 128 and the number of SIGKILL. */
    static final int KILLED_STATUS = 137;
    /** 128 and the number of SIGINT. */
    static final int INTERRUPTED_STATUS = 130;
    /** What a container shows after its machine lost power. */
    private static final int POWER_LOST_STATUS = 255;
    /** What it shows whose command its image does not have. */
    static final int NO_COMMAND_STATUS = 127;

    private static final int PROBES_KEPT = 5;

    final String id;
    private String name;
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
    final List<NetworkEndpoint> ends = new ArrayList<>();
    /** Host port → container port, while it runs. */
    final Map<Integer, Integer> published = new LinkedHashMap<>();
    /** How it is to be attached to networks at each start. */
    final List<NetworkPlan> networks = new ArrayList<>();

    final List<Consumer<DockerContainer>> exitListeners = new ArrayList<>();
    final List<Runnable> removalListeners = new ArrayList<>();
    /** The task that it runs, or null. */
    final @Nullable Task task;

    private State state = State.CREATED;
    private Health health = Health.NONE;
    private int failingStreak;
    private final List<Container.HealthProbe> probes = new ArrayList<>();
    private int exitCode;
    private int pid;
    private String error = "";
    private @Nullable Instant startedAt;
    private @Nullable Instant finishedAt;
    private int restartCount;
    private boolean stopRequested;
    private boolean removed;
    private @Nullable ContainerProcess process;

    DockerContainer(
            String id,
            String name,
            ContainerConfig config,
            ProgramCatalog.Image image,
            String imageId,
            Instant created,
            @Nullable List<String> entryPoint,
            List<String> arguments,
            @Nullable Task task) {
        this.id = id;
        this.name = name;
        this.config = config;
        this.image = image;
        this.imageId = imageId;
        this.created = created;
        this.entryPoint = entryPoint;
        // An entry point in place of the image's takes the image's command away with it.
        this.arguments = arguments.isEmpty() && entryPoint == null ? image.command() : arguments;
        this.task = task;
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

    // Transitions

    /** Someone wants it to run: what was asked before no longer holds. */
    void startRequested() {
        stopRequested = false;
    }

    /** It runs as {@code begun} from now on. */
    void started(ContainerProcess begun, int processId, Instant at) {
        process = begun;
        state = State.RUNNING;
        startedAt = at;
        finishedAt = null;
        error = "";
        exitCode = 0;
        pid = processId;
        health = Health.NONE;
    }

    void startFailed(String reason) {
        startFailed(reason, START_FAILED_STATUS);
    }

    void startFailed(String reason, int status) {
        error = reason;
        exitCode = status;
    }

    void paused() {
        state = State.PAUSED;
    }

    void unpaused() {
        state = State.RUNNING;
    }

    /** Someone wants it to stay ended: no restart policy starts it again. */
    void stopWasRequested() {
        stopRequested = true;
    }

    /** The engine stopped it for its own end: no reason for a restart policy not to start it again. */
    void stopWasNotAskedFor() {
        stopRequested = false;
    }

    void exited(int status, Instant at) {
        process = null;
        state = State.EXITED;
        exitCode = status;
        finishedAt = at;
        pid = 0;
    }

    /** Shown in place of the status that its program ended with. */
    void countsAsKilled() {
        exitCode = KILLED_STATUS;
    }

    /** It will be started again after a pause. */
    void restarting() {
        state = State.RESTARTING;
        restartCount++;
    }

    /** It was about to be started again, and will not be. */
    void restartCancelled() {
        state = State.EXITED;
    }

    void restartsCountAnew() {
        restartCount = 0;
    }

    /** Its machine lost power; gives the process that is no more, if it ran. */
    @Nullable
    ContainerProcess powerLost(Instant at) {
        ContainerProcess gone = process;
        process = null;
        if (gone != null) {
            finishedAt = at;
            exitCode = POWER_LOST_STATUS;
        }
        if (state != State.CREATED) {
            state = State.EXITED;
        }
        logs.silence();
        exitListeners.clear();
        removalListeners.clear();
        published.clear();
        ends.clear();
        pid = 0;
        return gone;
    }

    void renamed(String changed) {
        name = changed;
    }

    void removed() {
        removed = true;
    }

    /** Its health is watched from now on. */
    void healthBegins() {
        health = Health.STARTING;
        failingStreak = 0;
        probes.clear();
    }

    /** A check has ended. The last five are kept. */
    void probed(Container.HealthProbe probe, Health found, int streak) {
        probes.add(probe);
        if (probes.size() > PROBES_KEPT) {
            probes.remove(0);
        }
        health = found;
        failingStreak = streak;
    }

    // State

    String name() {
        return name;
    }

    State state() {
        return state;
    }

    boolean running() {
        return state == State.RUNNING || state == State.PAUSED;
    }

    /** The process, while it runs. */
    @Nullable
    ContainerProcess process() {
        return process;
    }

    Health health() {
        return health;
    }

    /** How many checks have failed in a row. */
    int failingStreak() {
        return failingStreak;
    }

    /** The last checks, the newest last. */
    List<Container.HealthProbe> probes() {
        return List.copyOf(probes);
    }

    int exitCode() {
        return exitCode;
    }

    /** Of its process on the machine; 0 if it does not run. */
    int pid() {
        return pid;
    }

    /** Why it could not be started; empty if it could. */
    String error() {
        return error;
    }

    @Nullable
    Instant startedAt() {
        return startedAt;
    }

    @Nullable
    Instant finishedAt() {
        return finishedAt;
    }

    int restartCount() {
        return restartCount;
    }

    boolean stopRequested() {
        return stopRequested;
    }

    boolean gone() {
        return removed;
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

    /** What it runs. */
    ProgramCatalog.Launch launch() {
        return image.launch(entryPoint, arguments);
    }

    /** Attributes of its events. */
    Map<String, String> attributes() {
        var attributes = new LinkedHashMap<>(labels());
        attributes.put("image", config.image());
        attributes.put("name", name);
        return attributes;
    }
}
