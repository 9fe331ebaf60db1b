package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.ContainerConfig;
import dev.clusterlab.simulator.docker.api.ExecSink;
import dev.clusterlab.simulator.docker.api.Execution;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.programs.ContainerCommands;
import dev.clusterlab.simulator.programs.Program;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import dev.clusterlab.simulator.swarm.kept.ImageStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Runs the containers of one machine. */
final class ContainerRuntime {
    /** What the kernel says of a write to a disk that is full. */
    static final String NO_SPACE = "no space left on device";

    /** Making namespaces, mounting, starting: measured replacement times leave this much. */
    private static final Duration START_MIN = Duration.ofMillis(490);

    private static final Duration START_MAX = Duration.ofMillis(570);
    private static final Duration CREATE = Duration.ofMillis(40);
    private static final Duration REMOVE = Duration.ofMillis(30);
    private static final Duration REAP = Duration.ofMillis(15);
    private static final int STOP_SECONDS = 10;
    /** Of a request to a container's loopback, in virtual time. */
    private static final Duration LOOPBACK_LIMIT = Duration.ofSeconds(10);

    private final Dockerd daemon;
    private final SimRandom random;
    private final Map<String, Exec> execs = new LinkedHashMap<>();
    /** Host port → container, while it runs. */
    private final Map<Integer, DockerContainer> hostPorts = new TreeMap<>();

    private boolean shuttingDown;
    private int nextPid = 1200;
    private int nextEphemeralPort = 32_768;

    private static final class Exec {
        final String id;
        final DockerContainer container;
        final Container.ExecRequest request;
        boolean running;

        @Nullable
        Integer exitCode;

        Exec(String id, DockerContainer container, Container.ExecRequest request) {
            this.id = id;
            this.container = container;
            this.request = request;
        }

        void end(int status, ExecSink sink) {
            if (running) {
                running = false;
                exitCode = status;
                sink.ended(status);
            }
        }
    }

    ContainerRuntime(Dockerd daemon) {
        this.daemon = daemon;
        this.random = daemon.random().split("containers");
    }

    private Map<String, DockerContainer> containers() {
        return daemon.disk().containers;
    }

    private void event(DockerContainer container, String action, String... extra) {
        Map<String, String> attributes = container.attributes();
        for (int i = 0; i + 1 < extra.length; i += 2) {
            attributes.put(extra[i], extra[i + 1]);
        }
        daemon.events().emit("container", action, container.id, "local", attributes);
        daemon.machine().changed();
    }

    // Looking up

    DockerContainer require(@Nullable String reference) {
        if (reference == null || reference.isEmpty()) {
            // moby, daemon/errors.go: invalidIdentifier.
            throw new ApiException(400, "invalid name or ID supplied: \"\"");
        }
        DockerContainer byId = containers().get(reference);
        if (byId != null) {
            return byId;
        }
        String name = reference.startsWith("/") ? reference.substring(1) : reference;
        var prefixed = new ArrayList<DockerContainer>();
        for (DockerContainer container : containers().values()) {
            if (container.name().equals(name)) {
                return container;
            }
            if (!reference.isEmpty() && container.id.startsWith(reference)) {
                prefixed.add(container);
            }
        }
        if (prefixed.size() > 1) {
            throw ApiException.badRequest("multiple IDs found with provided prefix: " + reference);
        }
        if (prefixed.isEmpty()) {
            throw ApiException.notFound("No such container: " + reference);
        }
        return prefixed.get(0);
    }

    List<DockerContainer> all() {
        return List.copyOf(containers().values());
    }

    // Creating

    /** Makes a container at once. Throws an {@link ApiException} if it cannot be. */
    DockerContainer create(@Nullable String wantedName, ContainerConfig config, @Nullable Task task) {
        ImageStore.Local image = daemon.disk().images.require(config.image());
        String name = wantedName == null || wantedName.isEmpty() ? freeName() : wantedName;
        if (name.startsWith("/")) {
            name = name.substring(1);
        }
        if (!name.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]+")) {
            throw ApiException.badRequest(
                    "Invalid container name (" + name + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        }
        checkFree(name);
        String id = random.hex(64);
        if (daemon.machine().troubles().diskFull()) {
            throw new ApiException(500, "mkdir /var/lib/docker/overlay2/" + id + "-init: " + NO_SPACE);
        }
        List<String> entryPoint =
                config.entrypoint() == null || config.entrypoint().isEmpty() ? null : config.entrypoint();
        var container = new DockerContainer(
                id,
                name,
                config,
                image.image(),
                image.id(),
                daemon.machine().now(),
                entryPoint,
                config.cmd() == null ? List.of() : List.copyOf(config.cmd()),
                task);
        if (container.launch().equals(new ProgramCatalog.Launch.Missing(""))) {
            throw ApiException.badRequest("no command specified");
        }
        Mounts.apply(daemon, container);
        daemon.disk().add(container);
        event(container, "create");
        return container;
    }

    private void checkFree(String name) {
        for (DockerContainer other : containers().values()) {
            if (other.name().equals(name)) {
                throw ApiException.conflict("Conflict. The container name \"/" + name
                        + "\" is already in use by container \"" + other.id
                        + "\". You have to remove (or rename) that container to be able to reuse that name.");
            }
        }
    }

    private String freeName() {
        for (int attempt = 0; ; attempt++) {
            String name = MadeUpNames.next(random) + (attempt == 0 ? "" : attempt);
            if (containers().values().stream()
                    .noneMatch(container -> container.name().equals(name))) {
                return name;
            }
        }
    }

    static Duration createTime() {
        return CREATE;
    }

    // Starting

    /** Starts it; {@code done} gets false if it was running, and an error if it cannot start. */
    void start(DockerContainer container, Consumer<ApiResult<Boolean>> done) {
        if (container.running()) {
            done.accept(ApiResult.ok(false));
            return;
        }
        container.startRequested();
        daemon.scope().schedule(random.between(START_MIN, START_MAX), () -> {
            if (container.gone()) {
                done.accept(ApiResult.error(ApiException.notFound("No such container: " + container.id)));
                return;
            }
            if (container.running()) {
                done.accept(ApiResult.ok(false));
                return;
            }
            try {
                launch(container);
            } catch (ApiException e) {
                releaseNetworks(container);
                if (container.launch() instanceof ProgramCatalog.Launch.Missing) {
                    container.startFailed(e.text(), DockerContainer.NO_COMMAND_STATUS);
                } else {
                    container.startFailed(e.text());
                }
                done.accept(ApiResult.error(e));
                return;
            }
            done.accept(ApiResult.ok(true));
        });
    }

    /** A start that the user asks for: restarts are counted from zero. Throws an {@link ApiException} if it is frozen. */
    void startAnew(DockerContainer container, Consumer<ApiResult<Boolean>> done) {
        if (container.state() == DockerContainer.State.PAUSED) {
            throw ApiException.conflict("cannot start a paused container, try unpause instead");
        }
        container.restartsCountAnew();
        start(container, done);
    }

    private void launch(DockerContainer container) {
        if (container.stopRequested()) {
            throw ApiException.conflict("container " + container.id + " was stopped while it started");
        }
        daemon.networking().attach(container);
        publish(container);
        if (container.launch() instanceof ProgramCatalog.Launch.Missing(String name)) {
            throw ApiException.badRequest("failed to create task for container: failed to create shim task: OCI runtime"
                    + " create failed: runc create failed: unable to start container process: exec: \"" + name + "\": "
                    + (name.contains("/")
                            ? "stat " + name + ": no such file or directory"
                            : "executable file not found in $PATH")
                    + ": unknown");
        }
        var process = new ContainerProcess(daemon, container, ++daemon.disk().starts);
        container.started(process, nextPid++, daemon.machine().now());
        event(container, "start");
        process.start();
        if (container.process() != process) {
            return;
        }
        if (HealthMonitor.wanted(container)) {
            HealthMonitor.start(daemon, container, process);
        } else {
            daemon.networking().bind(container);
        }
    }

    private void publish(DockerContainer container) {
        ContainerConfig.HostConfig host = container.config.host();
        var wanted = new LinkedHashMap<Integer, List<Integer>>();
        if (host.portBindings() != null) {
            host.portBindings().forEach((port, bindings) -> {
                var hostPorts = new ArrayList<Integer>();
                if (bindings != null) {
                    for (ContainerConfig.PortBinding binding : bindings) {
                        hostPorts.add(parsePort(binding.hostPort()));
                    }
                }
                wanted.put(parsePort(port.contains("/") ? port.substring(0, port.indexOf('/')) : port), hostPorts);
            });
        }
        if (Boolean.TRUE.equals(host.publishAllPorts())) {
            container.image.exposedPorts().stream().sorted().forEach(port -> wanted.putIfAbsent(port, List.of(0)));
        }
        wanted.forEach((containerPort, ports) -> {
            for (int port : ports) {
                int chosen = port;
                while (chosen == 0 || (port == 0 && hostPorts.containsKey(chosen))) {
                    chosen = nextEphemeralPort++;
                }
                if (hostPorts.containsKey(chosen) || daemon.swarm().publishesIngress(chosen)) {
                    throw new ApiException(
                            500,
                            "driver failed programming external connectivity on endpoint " + container.name() + " ("
                                    + random.hex(64) + "): Bind for 0.0.0.0:" + chosen
                                    + " failed: port is already allocated");
                }
                hostPorts.put(chosen, container);
                container.published.put(chosen, containerPort);
                daemon.machine().portsChanged();
            }
        });
    }

    private static int parsePort(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return 0;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw ApiException.badRequest("invalid port specification: \"" + text + "\"");
        }
    }

    // Ending

    /** The program ended by itself, or was made to. */
    void exited(DockerContainer container, ContainerProcess process, int status) {
        if (container.process() != process) {
            return;
        }
        container.exited(status, daemon.machine().now());
        process.end();
        releaseNetworks(container);
        container.logs.end();
        event(container, "die", "exitCode", String.valueOf(status), "execDuration", String.valueOf(seconds(container)));
        List<Consumer<DockerContainer>> listeners = List.copyOf(container.exitListeners);
        container.exitListeners.clear();
        listeners.forEach(listener -> listener.accept(container));
        afterExit(container, status);
    }

    private static long seconds(DockerContainer container) {
        return container.startedAt() == null || container.finishedAt() == null
                ? 0
                : Duration.between(container.startedAt(), container.finishedAt())
                        .toSeconds();
    }

    private void afterExit(DockerContainer container, int status) {
        ContainerConfig.HostConfig host = container.config.host();
        ContainerConfig.RestartPolicy policy = host.restartPolicy();
        String name = policy == null || policy.name() == null ? "no" : policy.name();
        int limit = policy == null || policy.maximumRetryCount() == null ? 0 : policy.maximumRetryCount();
        boolean again = !container.stopRequested()
                && !shuttingDown
                && switch (name) {
                    case "always", "unless-stopped" -> true;
                    case "on-failure" -> status != 0 && (limit == 0 || container.restartCount() < limit);
                    default -> false;
                };
        if (again) {
            Duration pause = Duration.ofMillis(Math.min(60_000L, 100L << Math.min(20, container.restartCount())));
            container.restarting();
            daemon.scope().schedule(pause, () -> {
                if (!container.gone() && container.state() == DockerContainer.State.RESTARTING) {
                    start(container, result -> {});
                }
            });
        } else if (Boolean.TRUE.equals(host.autoRemove())) {
            daemon.scope().schedule(REMOVE, () -> {
                delete(container);
                Mounts.removeAnonymous(daemon, container);
            });
        }
    }

    private void releaseNetworks(DockerContainer container) {
        daemon.networking().detach(container);
        if (!container.published.isEmpty()) {
            daemon.machine().portsChanged();
        }
        container.published.keySet().forEach(hostPorts::remove);
        container.published.clear();
    }

    /** Ends it by SIGKILL. */
    void killNow(DockerContainer container) {
        ContainerProcess process = container.process();
        if (process != null) {
            if (container.state() == DockerContainer.State.PAUSED) {
                process.scope().resume();
            }
            Program program = process.program();
            exited(container, process, DockerContainer.KILLED_STATUS);
            program.killed();
        }
    }

    void kill(DockerContainer container, @Nullable String signal, Consumer<ApiResult<Nothing>> done) {
        String name = Signals.name(signal);
        if (!container.running()) {
            done.accept(ApiResult.error(
                    409, "cannot kill container: " + container.id + ": container " + container.id + " is not running"));
            return;
        }
        event(container, "kill", "signal", String.valueOf(Signals.number(name)));
        if (name.equals("SIGKILL")) {
            container.stopWasRequested();
            daemon.scope().schedule(REAP, () -> {
                killNow(container);
                done.accept(Nothing.ok());
            });
            return;
        }
        if (name.equals("SIGTERM")) {
            container.stopWasRequested();
        }
        signal(container, name);
        done.accept(Nothing.ok());
    }

    private static void signal(DockerContainer container, String name) {
        ContainerProcess process = container.process();
        if (process != null) {
            process.scope().execute(() -> process.program().signal(name));
        }
    }

    /** Asks it to end, and kills it after the grace. {@code done} gets false if it was not running. */
    void stop(DockerContainer container, @Nullable Integer graceSeconds, Consumer<Boolean> done) {
        container.stopWasRequested();
        ContainerProcess process = container.process();
        if (process == null) {
            if (container.state() == DockerContainer.State.RESTARTING) {
                container.restartCancelled();
            }
            done.accept(false);
            return;
        }
        int grace = graceSeconds != null
                ? graceSeconds
                : container.config.stopTimeout() == null ? STOP_SECONDS : container.config.stopTimeout();
        event(container, "kill", "signal", "15");
        Timer limit = daemon.scope().schedule(Duration.ofSeconds(grace), () -> {
            if (container.process() == process) {
                killNow(container);
            }
        });
        container.exitListeners.add(ended -> {
            limit.cancel();
            event(ended, "stop");
            done.accept(true);
        });
        if (container.state() == DockerContainer.State.PAUSED) {
            unpause(container);
        }
        String signal = container.config.stopSignal();
        signal(container, signal == null || signal.isEmpty() ? "SIGTERM" : Signals.name(signal));
    }

    /** As {@link #stop}, and it shows the status of a kill, whatever its program ended with. */
    void stopAsKilled(DockerContainer container, int graceSeconds, Runnable done) {
        stop(container, graceSeconds, stopped -> {
            container.countsAsKilled();
            done.run();
        });
    }

    /** Ends it and takes it off the disk at once. */
    void discard(DockerContainer container) {
        container.stopWasRequested();
        killNow(container);
        delete(container);
    }

    void pause(DockerContainer container) {
        ContainerProcess process = container.process();
        if (process == null) {
            throw ApiException.conflict("Container " + container.id + " is not running");
        }
        if (container.state() == DockerContainer.State.PAUSED) {
            throw ApiException.conflict("Container " + container.id + " is already paused");
        }
        container.paused();
        process.scope().pause();
        process.program().frozen(true);
        event(container, "pause");
    }

    void unpause(DockerContainer container) {
        ContainerProcess process = container.process();
        if (process == null || container.state() != DockerContainer.State.PAUSED) {
            throw ApiException.conflict("Container " + container.id + " is not paused");
        }
        container.unpaused();
        process.program().frozen(false);
        event(container, "unpause");
        process.scope().resume();
    }

    void rename(DockerContainer container, String name) {
        String bare = name.startsWith("/") ? name.substring(1) : name;
        if (bare.isEmpty()) {
            throw ApiException.badRequest("Neither old nor new names may be empty");
        }
        checkFree(bare);
        String old = container.name();
        container.renamed(bare);
        event(container, "rename", "oldName", "/" + old);
    }

    /** {@code volumes}: also those without a name that it has mounted. */
    void remove(DockerContainer container, boolean force, boolean volumes, Consumer<ApiResult<Nothing>> done) {
        if (container.running() && !force) {
            done.accept(ApiResult.error(
                    409,
                    "cannot remove container \"/" + container.name() + "\": container is "
                            + container.state().text() + ": stop the container before removing or force remove"));
            return;
        }
        container.stopWasRequested();
        killNow(container);
        daemon.scope().schedule(REMOVE, () -> {
            delete(container);
            if (volumes) {
                Mounts.removeAnonymous(daemon, container);
            }
            done.accept(Nothing.ok());
        });
    }

    /** Takes it off the disk at once; it must not run. */
    void delete(DockerContainer container) {
        if (container.gone() || container.process() != null) {
            return;
        }
        container.removed();
        daemon.disk().remove(container);
        container.networks.forEach(daemon.networking()::release);
        event(container, "destroy");
        List<Runnable> listeners = List.copyOf(container.removalListeners);
        container.removalListeners.clear();
        listeners.forEach(Runnable::run);
    }

    void healthChanged(DockerContainer container) {
        if (container.health() == DockerContainer.Health.HEALTHY) {
            daemon.networking().bind(container);
        }
        daemon.swarm().containerHealthChanged(container);
        daemon.machine().changed();
    }

    // Machine

    /** The machine lost power. */
    void powerLost() {
        for (DockerContainer container : containers().values()) {
            ContainerProcess lost = container.powerLost(daemon.machine().now());
            if (lost != null) {
                lost.vanish();
            }
        }
        hostPorts.clear();
    }

    /** The engine stops in order: every container gets its stop signal. */
    void shutdown(Runnable done) {
        shuttingDown = true;
        var running = new ArrayList<DockerContainer>();
        for (DockerContainer container : containers().values()) {
            if (container.process() != null) {
                running.add(container);
            }
        }
        if (running.isEmpty()) {
            done.run();
            return;
        }
        var left = new int[] {running.size()};
        for (DockerContainer container : running) {
            stop(container, null, stopped -> {
                container.stopWasNotAskedFor();
                if (--left[0] == 0) {
                    done.run();
                }
            });
        }
    }

    /** After the engine's start: runs containers whose policy says so, forgets those that were to be removed. */
    void restore() {
        for (DockerContainer container : all()) {
            if (container.state() != DockerContainer.State.EXITED) {
                continue;
            }
            ContainerConfig.RestartPolicy policy = container.config.host().restartPolicy();
            boolean again = switch (policy == null || policy.name() == null ? "no" : policy.name()) {
                case "always" -> true;
                case "unless-stopped" -> !container.stopRequested();
                case "on-failure" -> !container.stopRequested() && container.exitCode() != 0;
                default -> false;
            };
            if (again) {
                start(container, result -> {});
            } else if (Boolean.TRUE.equals(container.config.host().autoRemove())) {
                delete(container);
                Mounts.removeAnonymous(daemon, container);
            }
        }
    }

    /** Freezes or thaws the real programs inside, when the machine is frozen or thawed. */
    void frozen(boolean frozen) {
        for (DockerContainer container : all()) {
            if (container.process() != null && container.state() == DockerContainer.State.RUNNING) {
                container.process().program().frozen(frozen);
            }
        }
    }

    // Ports

    @Nullable
    DockerContainer publishing(int hostPort) {
        return hostPorts.get(hostPort);
    }

    List<Integer> hostPorts() {
        return List.copyOf(hostPorts.keySet());
    }

    /** A container on the host's own network that listens there. */
    @Nullable
    DockerContainer onHostNetwork(int port) {
        for (DockerContainer container : containers().values()) {
            if (container.process() != null
                    && container.process().listensOn(port)
                    && container.ends.stream().anyMatch(end -> end.networkName().equals(LocalNetworks.HOST))) {
                return container;
            }
        }
        return null;
    }

    /** A connection that has arrived at the container's machine. */
    static void serve(DockerContainer container, int port, HttpExchange exchange) {
        ContainerProcess process = container.process();
        if (process == null) {
            exchange.fail(HttpExchange.Failure.REFUSED);
        } else {
            process.accept(port, exchange);
        }
    }

    void askOnLoopback(DockerContainer container, int port, HttpMessage.Request request, Consumer<HttpResult> result) {
        requireRunning(container);
        ContainerProcess process = container.process();
        if (process == null || !process.listensOnLoopback(port)) {
            throw new ApiException(
                    501, "Container " + container.id + " has nothing at port " + port + " of its loopback");
        }
        process.acceptOnLoopback(
                port, new CallerExchange(request, daemon.machine().scope(), LOOPBACK_LIMIT, false, result));
    }

    // Executing commands

    String execCreate(DockerContainer container, Container.ExecRequest request) {
        requireRunning(container);
        if (request.cmd() == null || request.cmd().isEmpty()) {
            throw ApiException.badRequest("No exec command specified");
        }
        var exec = new Exec(random.hex(64), container, request);
        execs.put(exec.id, exec);
        event(container, "exec_create: " + String.join(" ", request.cmd()), "execID", exec.id);
        return exec.id;
    }

    private static void requireRunning(DockerContainer container) {
        if (container.state() == DockerContainer.State.PAUSED) {
            throw ApiException.conflict("container " + container.id + " is paused, unpause the container before exec");
        }
        if (!container.running()) {
            throw ApiException.conflict("container " + container.id + " is not running");
        }
    }

    private Exec exec(String id) {
        Exec exec = execs.get(id);
        if (exec == null) {
            throw ApiException.notFound("No such exec instance: " + id);
        }
        return exec;
    }

    Execution execStart(String id, ExecSink sink) {
        Exec exec = exec(id);
        requireRunning(exec.container);
        ContainerProcess process = exec.container.process();
        if (process == null || exec.request.cmd() == null) {
            throw ApiException.conflict("container " + exec.container.id + " is not running");
        }
        if (exec.running || exec.exitCode != null) {
            throw ApiException.conflict(
                    "Error: Exec command " + id + (exec.running ? " is already running" : " has already run"));
        }
        exec.running = true;
        event(exec.container, "exec_start: " + String.join(" ", exec.request.cmd()), "execID", id);
        Consumer<DockerContainer> withContainer = container -> exec.end(DockerContainer.KILLED_STATUS, sink);
        exec.container.exitListeners.add(withContainer);
        IntConsumer ended = status -> {
            if (exec.running) {
                exec.container.exitListeners.remove(withContainer);
                event(exec.container, "exec_die", "execID", id, "exitCode", String.valueOf(status));
                exec.end(status, sink);
            }
        };
        Runnable stop = process.program()
                .exec(
                        exec.request.cmd(),
                        new ContainerCommands.Output() {
                            @Override
                            public void stdout(String text) {
                                written(false, text);
                            }

                            @Override
                            public void stderr(String text) {
                                written(true, text);
                            }

                            private void written(boolean stderr, String text) {
                                if (exec.running && !text.isEmpty()) {
                                    sink.output(stderr, text);
                                }
                            }
                        },
                        ended);
        return new Execution() {
            @Override
            public void interrupt() {
                end(DockerContainer.INTERRUPTED_STATUS);
            }

            @Override
            public void kill() {
                end(DockerContainer.KILLED_STATUS);
            }

            private void end(int status) {
                if (exec.running) {
                    stop.run();
                    ended.accept(status);
                }
            }
        };
    }

    Container.ExecDetails execDetails(String id) {
        Exec exec = exec(id);
        List<String> command = exec.request.cmd() == null ? List.of() : exec.request.cmd();
        return new Container.ExecDetails(
                id,
                exec.running,
                exec.exitCode,
                new Container.ExecProcess(
                        Boolean.TRUE.equals(exec.request.tty()),
                        command.get(0),
                        command.subList(1, command.size()),
                        false),
                Boolean.TRUE.equals(exec.request.attachStdin()),
                true,
                true,
                !exec.running,
                exec.container.id,
                "",
                exec.running ? exec.container.pid() + 1 : 0);
    }
}
