package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.ContainerConfig;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.EngineEvent;
import dev.clusterlab.simulator.docker.api.ExecSink;
import dev.clusterlab.simulator.docker.api.Execution;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Image;
import dev.clusterlab.simulator.docker.api.LogRequest;
import dev.clusterlab.simulator.docker.api.LogSink;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.Subscription;
import dev.clusterlab.simulator.docker.api.SystemInfo;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import dev.clusterlab.simulator.docker.api.Volume;
import dev.clusterlab.simulator.swarm.kept.EventLog;
import dev.clusterlab.simulator.swarm.leader.ControlApi;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The engine of one machine, from power-on to power-off: puts its parts together and serves its API. */
final class Dockerd implements DockerDaemon, OverlayDirectory.Observer {
    static final int PROCESSORS = 2;
    static final long MEMORY_BYTES = 2L << 30;

    private final SimMachine machine;
    private final MachineDisk disk;
    private final Scope scope;
    private final SimRandom random;
    private final EventLog events;
    private final ContainerRuntime runtime;
    private final ContainerNetworking networking;
    private final ContainerRouter router;
    private final ContainerNames names;
    private final ContainerViews views;
    private final InfoViews infos;
    private final SwarmNode swarm;
    private final Calls calls = new Calls(this::ready);
    private final NetworkCalls networks;
    private final ContainerCreation creation;
    private final ImageCalls images;
    private final VolumeCalls volumes;
    private @Nullable HttpService engineApi;
    private boolean ready;

    Dockerd(SimMachine machine, MachineDisk disk, Scope scope) {
        this.machine = machine;
        this.disk = disk;
        this.scope = scope;
        this.random = disk.random.split("engine " + disk.starts++);
        this.events = new EventLog(machine.world().simulation());
        this.runtime = new ContainerRuntime(this);
        this.networking = new ContainerNetworking(this);
        this.router = new ContainerRouter(this);
        this.names = new ContainerNames(this);
        this.views = new ContainerViews(this);
        this.infos = new InfoViews(this);
        this.swarm = new SwarmNode(this);
        this.networks = new NetworkCalls(calls, disk, world(), random, events, runtime, networking, swarm, this);
        this.creation = new ContainerCreation(calls, disk, scope, runtime, networking, networks);
        this.images = new ImageCalls(calls, disk, machine, scope, events);
        this.volumes = new VolumeCalls(disk, machine, random, events);
    }

    // Parts

    @Override
    public SimMachine machine() {
        return machine;
    }

    World world() {
        return machine.world();
    }

    MachineDisk disk() {
        return disk;
    }

    Scope scope() {
        return scope;
    }

    SimRandom random() {
        return random;
    }

    EventLog events() {
        return events;
    }

    ContainerRuntime runtime() {
        return runtime;
    }

    ContainerNetworking networking() {
        return networking;
    }

    ContainerRouter router() {
        return router;
    }

    ContainerNames names() {
        return names;
    }

    SwarmNode swarm() {
        return swarm;
    }

    /** Its API over HTTP, also for containers that have the engine's socket mounted; null where none is served. */
    @Nullable
    HttpService engineApi() {
        if (engineApi == null) {
            engineApi = world().makeEngineApi(this);
        }
        return engineApi;
    }

    ImageCalls images() {
        return images;
    }

    boolean ready() {
        return ready;
    }

    // Life

    /** The daemon answers from now on. */
    void start() {
        ready = true;
        OverlayDirectory directory = swarm.directory();
        if (directory != null) {
            directory.forget(machine);
        }
        runtime.restore();
        swarm.start();
        machine.changed();
    }

    void powerLost() {
        ready = false;
        runtime.powerLost();
        disk.networks.detachAll();
    }

    /** First its part in the swarm, then the containers. */
    void shutdown(Runnable done) {
        swarm.shutdown(() -> runtime.shutdown(() -> {
            ready = false;
            done.run();
        }));
    }

    @Override
    public boolean seesAlive(SimMachine other, String nodeId) {
        return other == machine || swarm.believesAlive(nodeId);
    }

    @Override
    public long beliefs() {
        return swarm.beliefs();
    }

    @Nullable
    DockerContainer containerOfTask(String taskId) {
        return disk.containerOfTask(taskId);
    }

    // Ports

    List<Integer> publishedPorts() {
        var ports = new TreeSet<>(runtime.hostPorts());
        ports.addAll(swarm.ingressPorts());
        return List.copyOf(ports);
    }

    /** A connection to one of the machine's own ports. */
    void accept(int port, HttpExchange exchange) {
        DockerContainer published = runtime.publishing(port);
        if (published != null) {
            ContainerRuntime.serve(published, published.published.getOrDefault(port, port), exchange);
            return;
        }
        DockerContainer host = runtime.onHostNetwork(port);
        if (host != null) {
            ContainerRuntime.serve(host, port, exchange);
            return;
        }
        OverlayDirectory directory = swarm.directory();
        String ingress = swarm.ingressId();
        if (directory != null && ingress != null && swarm.state() == SwarmNode.LocalState.ACTIVE) {
            List<OverlayEndpoint> ends = directory.behindPort(ingress, port, this);
            if (!ends.isEmpty()) {
                OverlayEndpoint chosen = router.nextOf("port " + port, ends);
                if (chosen.removed) {
                    // Nobody answers. The client's kernel sends again, and another one is chosen then.
                    scope.schedule(ContainerRouter.SENT_AGAIN, () -> {
                        if (!exchange.abandoned()) {
                            accept(port, exchange);
                        }
                    });
                    return;
                }
                int target = targetPort(chosen, port);
                Wire.forward(
                        machine,
                        scope,
                        chosen.machine,
                        exchange,
                        arrived -> ContainerRuntime.serve(chosen.container, target, arrived));
                return;
            }
        }
        exchange.fail(HttpExchange.Failure.REFUSED);
    }

    /**
     * As {@link #accept} would find it: whether the program there says that the request only reads. Where nobody listens who
     * could be changed, whoever asks finds that out without a trace.
     */
    boolean observes(int port, HttpMessage.Request request) {
        for (MachineReading.End end : behind(port)) {
            ContainerProcess process = end.container().process();
            if (process != null && process.listensOn(end.port())) {
                return process.observes(end.port(), request);
            }
        }
        return request.reads();
    }

    /** Where {@link #accept} may lead, without taking anybody's turn; what is on this machine first. */
    List<MachineReading.End> behind(int port) {
        DockerContainer published = runtime.publishing(port);
        if (published != null) {
            return List.of(new MachineReading.End(machine, published, published.published.getOrDefault(port, port)));
        }
        DockerContainer host = runtime.onHostNetwork(port);
        if (host != null) {
            return List.of(new MachineReading.End(machine, host, port));
        }
        OverlayDirectory directory = swarm.directory();
        String ingress = swarm.ingressId();
        if (directory == null || ingress == null || swarm.state() != SwarmNode.LocalState.ACTIVE) {
            return List.of();
        }
        return directory.behindPort(ingress, port, this).stream()
                .map(end -> new MachineReading.End(end.machine, end.container, targetPort(end, port)))
                .sorted(Comparator.comparing(end -> end.machine() != machine))
                .toList();
    }

    /** Overlays that it tells of without asking the leader: of a worker those that it uses, of a manager all. */
    List<Network> ownSwarmNetworks() {
        return networks.ownSwarmNetworks();
    }

    private static int targetPort(OverlayEndpoint end, int published) {
        if (end.binding != null) {
            for (ServiceSpec.Port port : end.binding.ingressPorts()) {
                if (port.published() == published) {
                    return port.target();
                }
            }
        }
        return published;
    }

    void acceptMessage(int port, String fromAddress, Object message) {
        DockerContainer container = runtime.publishing(port);
        if (container != null && container.process() != null) {
            container.process().acceptMessage(container.published.getOrDefault(port, port), fromAddress, message);
        }
    }

    // API

    @Override
    public String swarmStatus() {
        return infos.swarmStatus();
    }

    @Override
    public void info(Consumer<ApiResult<SystemInfo>> done) {
        calls.begin(done, () -> infos.info(done));
    }

    @Override
    public SystemInfo.Version version() {
        return InfoViews.version();
    }

    @Override
    public Subscription events(Filters filters, long sinceNanos, Consumer<EngineEvent> consumer) {
        return events.subscribe(filters, sinceNanos, consumer);
    }

    @Override
    public void swarmInit(Cluster.InitRequest request, Consumer<ApiResult<String>> done) {
        calls.begin(done, () -> swarm.init(request, done));
    }

    @Override
    public void swarmJoin(Cluster.JoinRequest request, Consumer<ApiResult<Nothing>> done) {
        calls.begin(done, () -> swarm.join(request, done));
    }

    @Override
    public void swarmLeave(boolean force, Consumer<ApiResult<Nothing>> done) {
        calls.begin(done, () -> swarm.leave(force, done));
    }

    /** A question that the leader answers from its store. */
    private <T> void askLeader(Consumer<ApiResult<T>> done, Function<ControlApi, T> question) {
        onLeader(done, (control, reply) -> reply.accept(ApiResult.ok(question.apply(control))));
    }

    /** A call that the leader serves; it answers when what it wrote is committed. */
    private <T> void onLeader(Consumer<ApiResult<T>> done, BiConsumer<ControlApi, Consumer<ApiResult<T>>> call) {
        calls.begin(done, () -> swarm.control((leader, reply) -> call.accept(leader.control(), reply), done));
    }

    @Override
    public void swarmInspect(Consumer<ApiResult<Cluster>> done) {
        askLeader(done, ControlApi::cluster);
    }

    @Override
    public void swarmUpdate(
            long version,
            Cluster.SwarmSpec spec,
            boolean rotateWorkerToken,
            boolean rotateManagerToken,
            Consumer<ApiResult<Nothing>> done) {
        onLeader(
                done,
                (control, reply) -> control.updateCluster(version, spec, rotateWorkerToken, rotateManagerToken, reply));
    }

    @Override
    public void nodes(Filters filters, Consumer<ApiResult<List<Node>>> done) {
        askLeader(done, control -> control.nodes().list(filters));
    }

    @Override
    public void node(String reference, Consumer<ApiResult<Node>> done) {
        String wanted = reference.equals("self") ? swarm.nodeId() : reference;
        askLeader(done, control -> control.nodes().get(wanted));
    }

    @Override
    public void nodeUpdate(String reference, long version, Node.Spec spec, Consumer<ApiResult<Nothing>> done) {
        onLeader(done, (control, reply) -> control.nodes().update(reference, version, spec, reply));
    }

    @Override
    public void nodeRemove(String reference, boolean force, Consumer<ApiResult<Nothing>> done) {
        onLeader(done, (control, reply) -> control.nodes().remove(reference, force, reply));
    }

    @Override
    public void services(Filters filters, boolean status, Consumer<ApiResult<List<Service>>> done) {
        askLeader(done, control -> control.services().list(filters, status));
    }

    @Override
    public void service(String reference, boolean insertDefaults, Consumer<ApiResult<Service>> done) {
        askLeader(done, control -> control.services().get(reference, insertDefaults));
    }

    @Override
    public void serviceCreate(ServiceSpec spec, Consumer<ApiResult<String>> done) {
        calls.begin(done, () -> {
            swarm.requireManager();
            checkAttachable(spec);
            ServiceSpec converted = SpecConversion.converted(spec, () -> MadeUpNames.next(random));
            onLeader(done, (control, reply) -> control.services().create(converted, reply));
        });
    }

    /** Services cannot use networks of one machine alone. */
    private void checkAttachable(ServiceSpec spec) {
        for (TaskSpec.NetworkAttachment attachment : spec.attachments()) {
            if (List.of(LocalNetworks.HOST, LocalNetworks.BRIDGE).contains(attachment.target())) {
                throw new ApiException(
                        501,
                        "services on the network " + attachment.target()
                                + " of each node are not modelled by the embedded"
                                + " engine: use an overlay network, or publish ports in host mode");
            }
            if (disk.networks.named(attachment.target()) != null) {
                throw new ApiException(
                        403,
                        "The network " + attachment.target() + " cannot be used with services. Only networks scoped to"
                                + " the swarm can be used, such as those created with the overlay driver.");
            }
        }
    }

    @Override
    public void serviceUpdate(
            String reference, long version, ServiceSpec spec, boolean rollback, Consumer<ApiResult<Nothing>> done) {
        calls.begin(done, () -> {
            swarm.requireManager();
            checkAttachable(spec);
            ServiceSpec converted = SpecConversion.converted(spec, () -> MadeUpNames.next(random));
            onLeader(
                    done,
                    (control, reply) -> control.services().update(reference, version, converted, rollback, reply));
        });
    }

    @Override
    public void serviceRemove(String reference, Consumer<ApiResult<Nothing>> done) {
        onLeader(done, (control, reply) -> control.services().remove(reference, reply));
    }

    @Override
    public void tasks(Filters filters, Consumer<ApiResult<List<Task>>> done) {
        askLeader(done, control -> control.services().tasks(filters));
    }

    @Override
    public void task(String reference, Consumer<ApiResult<Task>> done) {
        askLeader(done, control -> control.services().task(reference));
    }

    @Override
    public void serviceLogs(
            String reference, LogRequest request, LogSink sink, Consumer<ApiResult<Subscription>> done) {
        service(
                reference,
                false,
                result -> logsOf(
                        result.map(Service::id),
                        request,
                        sink,
                        done,
                        (task, id) -> task.serviceId().equals(id)));
    }

    @Override
    public void taskLogs(String reference, LogRequest request, LogSink sink, Consumer<ApiResult<Subscription>> done) {
        task(
                reference,
                result -> logsOf(
                        result.map(Task::id),
                        request,
                        sink,
                        done,
                        (task, id) -> task.id().equals(id)));
    }

    private void logsOf(
            ApiResult<String> found,
            LogRequest request,
            LogSink sink,
            Consumer<ApiResult<Subscription>> done,
            BiPredicate<Task, String> wanted) {
        switch (found) {
            case ApiResult.Error<String>(int status, String message) -> done.accept(ApiResult.error(status, message));
            case ApiResult.Ok<String>(String id) ->
                calls.begin(done, () -> {
                    if (!request.stdout() && !request.stderr()) {
                        throw ApiException.badRequest("must specify at least one of 'stdout' or 'stderr'");
                    }
                    Manager manager = swarm.requireManager();
                    var logs = new Subscription[1];
                    done.accept(ApiResult.ok(() -> {
                        if (logs[0] != null) {
                            logs[0].close();
                        }
                    }));
                    logs[0] = ServiceLogs.follow(this, manager, request, sink, task -> wanted.test(task, id));
                });
        }
    }

    // Networks

    @Override
    public void networks(Filters filters, Consumer<ApiResult<List<Network>>> done) {
        networks.list(filters, done);
    }

    @Override
    public void network(
            String reference, @Nullable String wantedScope, boolean verbose, Consumer<ApiResult<Network>> done) {
        networks.inspect(reference, wantedScope, done);
    }

    @Override
    public void networkCreate(Network.CreateRequest request, Consumer<ApiResult<Network.CreateResponse>> done) {
        networks.create(request, done);
    }

    @Override
    public void networkRemove(String reference, Consumer<ApiResult<Nothing>> done) {
        networks.remove(reference, done);
    }

    @Override
    public void networkConnect(String reference, Network.ConnectRequest request, Consumer<ApiResult<Nothing>> done) {
        networks.connect(reference, request, done);
    }

    @Override
    public void networkDisconnect(String reference, Network.ConnectRequest request, Consumer<ApiResult<Nothing>> done) {
        networks.disconnect(reference, request, done);
    }

    // Containers

    @Override
    public ApiResult<List<Container.Summary>> containers(boolean all, int limit, Filters filters) {
        return ApiResult.of(() -> views.list(all, limit, filters));
    }

    @Override
    public ApiResult<Container.Details> container(String reference) {
        return ApiResult.of(() -> views.details(runtime.require(reference)));
    }

    @Override
    public void containerCreate(
            @Nullable String name, ContainerConfig config, Consumer<ApiResult<ContainerConfig.CreateResponse>> done) {
        creation.create(name, config, done);
    }

    @Override
    public void containerStart(String reference, Consumer<ApiResult<Boolean>> done) {
        calls.begin(done, () -> runtime.startAnew(runtime.require(reference), done));
    }

    @Override
    public void containerStop(String reference, @Nullable Integer graceSeconds, Consumer<ApiResult<Boolean>> done) {
        calls.begin(
                done,
                () -> runtime.stop(
                        runtime.require(reference), graceSeconds, stopped -> done.accept(ApiResult.ok(stopped))));
    }

    @Override
    public void containerRestart(String reference, @Nullable Integer graceSeconds, Consumer<ApiResult<Nothing>> done) {
        calls.begin(done, () -> {
            DockerContainer container = runtime.require(reference);
            runtime.stop(
                    container,
                    graceSeconds,
                    stopped -> runtime.start(container, started -> {
                        if (started instanceof ApiResult.Ok<Boolean>) {
                            events.emit("container", "restart", container.id, "local", container.attributes());
                        }
                        done.accept(started.map(any -> Nothing.NOTHING));
                    }));
        });
    }

    @Override
    public void containerKill(String reference, @Nullable String signal, Consumer<ApiResult<Nothing>> done) {
        calls.begin(done, () -> runtime.kill(runtime.require(reference), signal, done));
    }

    /** As {@link SimMachine#askContainer}. */
    ApiResult<Nothing> askOnLoopback(
            String reference, int port, HttpMessage.Request request, Consumer<HttpResult> result) {
        return Nothing.of(() -> runtime.askOnLoopback(runtime.require(reference), port, request, result));
    }

    @Override
    public ApiResult<Nothing> containerPause(String reference) {
        return Nothing.of(() -> runtime.pause(runtime.require(reference)));
    }

    @Override
    public ApiResult<Nothing> containerUnpause(String reference) {
        return Nothing.of(() -> runtime.unpause(runtime.require(reference)));
    }

    @Override
    public ApiResult<Nothing> containerRename(String reference, String name) {
        return Nothing.of(() -> runtime.rename(runtime.require(reference), name));
    }

    @Override
    public void containerRemove(
            String reference, boolean force, boolean removeVolumes, Consumer<ApiResult<Nothing>> done) {
        calls.begin(done, () -> runtime.remove(runtime.require(reference), force, removeVolumes, done));
    }

    @Override
    public void containerWait(
            String reference,
            @Nullable String condition,
            Consumer<ApiResult<Nothing>> found,
            Consumer<Container.WaitResponse> done) {
        calls.begin(found, () -> {
            DockerContainer container = runtime.require(reference);
            found.accept(Nothing.ok());
            String wanted = condition == null || condition.isEmpty() ? "not-running" : condition;
            switch (wanted) {
                case "removed" ->
                    container.removalListeners.add(
                            () -> done.accept(new Container.WaitResponse(container.exitCode(), null)));
                case "next-exit" ->
                    container.exitListeners.add(
                            ended -> done.accept(new Container.WaitResponse(ended.exitCode(), null)));
                default -> {
                    if (container.running()) {
                        container.exitListeners.add(
                                ended -> done.accept(new Container.WaitResponse(ended.exitCode(), null)));
                    } else {
                        done.accept(new Container.WaitResponse(container.exitCode(), null));
                    }
                }
            }
        });
    }

    @Override
    public ApiResult<Subscription> containerLogs(String reference, LogRequest request, LogSink sink) {
        return ApiResult.of(() -> {
            DockerContainer container = runtime.require(reference);
            if (!request.stdout() && !request.stderr()) {
                throw ApiException.badRequest(
                        "Bad parameters: you must choose at least one stream (stdout and/or stderr)");
            }
            // Who attaches before the start, as "docker run" does, waits for the first line.
            boolean goesOn = container.running() || container.startedAt() == null;
            return container.logs.read(request, goesOn, Map.of(), sink);
        });
    }

    @Override
    public ApiResult<Container.Processes> containerTop(String reference) {
        return ApiResult.of(() -> views.processes(runtime.require(reference)));
    }

    @Override
    public ApiResult<Map<String, Object>> containerStats(String reference) {
        return ApiResult.of(() -> views.stats(runtime.require(reference)));
    }

    @Override
    public ApiResult<String> execCreate(String reference, Container.ExecRequest request) {
        return ApiResult.of(() -> runtime.execCreate(runtime.require(reference), request));
    }

    @Override
    public ApiResult<Execution> execStart(String execId, ExecSink sink) {
        return ApiResult.of(() -> runtime.execStart(execId, sink));
    }

    @Override
    public ApiResult<Container.ExecDetails> exec(String execId) {
        return ApiResult.of(() -> runtime.execDetails(execId));
    }

    // Images and volumes

    @Override
    public ApiResult<List<Image.Summary>> images(Filters filters) {
        return images.list(filters);
    }

    @Override
    public ApiResult<Image.Details> image(String reference) {
        return images.inspect(reference);
    }

    @Override
    public void imagePull(String reference, Consumer<Image.Progress> progress, Consumer<ApiResult<Nothing>> done) {
        images.pull(reference, progress, done);
    }

    @Override
    public ApiResult<List<Image.Removed>> imageRemove(String reference, boolean force) {
        return images.remove(reference, force);
    }

    @Override
    public ApiResult<Nothing> distribution(String reference) {
        return images.distribution(reference);
    }

    @Override
    public ApiResult<List<Volume>> volumes(Filters filters) {
        return volumes.list(filters);
    }

    @Override
    public ApiResult<Volume> volume(String name) {
        return volumes.inspect(name);
    }

    @Override
    public ApiResult<Volume> volumeCreate(Volume.CreateRequest request) {
        return volumes.create(request);
    }

    @Override
    public ApiResult<Nothing> volumeRemove(String name, boolean force) {
        return volumes.remove(name);
    }
}
