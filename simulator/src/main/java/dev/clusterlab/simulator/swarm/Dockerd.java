package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.ContainerConfig;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.EngineEvent;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Image;
import dev.clusterlab.simulator.docker.api.LogRequest;
import dev.clusterlab.simulator.docker.api.LogSink;
import dev.clusterlab.simulator.docker.api.Lookup;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The engine of one machine, from power-on to power-off: puts its parts together and serves its API. */
final class Dockerd implements DockerDaemon {
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
    }

    // Parts

    SimMachine machine() {
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
        world().changed();
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

    boolean seesAlive(SimMachine other, String nodeId) {
        return other == machine || swarm.believesAlive(nodeId);
    }

    @Nullable
    DockerContainer containerOfTask(String taskId) {
        for (DockerContainer container : disk.containers.values()) {
            if (container.task != null && container.task.id().equals(taskId)) {
                return container;
            }
        }
        return null;
    }

    void imageEvent(String action, String reference) {
        events.emit("image", action, reference, "local", Map.of("name", ImageStore.normalized(reference)));
        world().changed();
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
            connected(exchange);
            ContainerRuntime.serve(published, published.published.getOrDefault(port, port), exchange);
            return;
        }
        DockerContainer host = runtime.onHostNetwork(port);
        if (host != null) {
            connected(exchange);
            ContainerRuntime.serve(host, port, exchange);
            return;
        }
        OverlayDirectory directory = swarm.directory();
        String ingress = swarm.ingressId();
        if (directory != null && ingress != null && swarm.state() == SwarmNode.LocalState.ACTIVE) {
            List<OverlayEndpoint> ends = directory.behindPort(ingress, port, this);
            if (!ends.isEmpty()) {
                OverlayEndpoint chosen = router.nextOf("port " + port, ends);
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

    private static void connected(HttpExchange exchange) {
        if (exchange instanceof EdgeExchange edge) {
            edge.connected();
        }
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
        if (container != null && container.process != null) {
            container.process.acceptMessage(container.published.getOrDefault(port, port), fromAddress, message);
        }
    }

    // API

    private static <T> ApiResult<T> answer(Supplier<T> call) {
        try {
            return ApiResult.ok(call.get());
        } catch (ApiException e) {
            return ApiResult.error(e);
        }
    }

    private static ApiResult<Nothing> act(Runnable call) {
        try {
            call.run();
            return Nothing.ok();
        } catch (ApiException e) {
            return ApiResult.error(e);
        }
    }

    private <T> void begin(Consumer<ApiResult<T>> done, Runnable call) {
        if (!ready) {
            done.accept(ApiResult.error(503, "the Docker daemon is not running"));
            return;
        }
        try {
            call.run();
        } catch (ApiException e) {
            done.accept(ApiResult.error(e));
        }
    }

    @Override
    public String swarmStatus() {
        return infos.swarmStatus();
    }

    @Override
    public void info(Consumer<ApiResult<SystemInfo>> done) {
        begin(done, () -> infos.info(done));
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
        begin(done, () -> swarm.init(request, done));
    }

    @Override
    public void swarmJoin(Cluster.JoinRequest request, Consumer<ApiResult<Nothing>> done) {
        begin(done, () -> swarm.join(request, done));
    }

    @Override
    public void swarmLeave(boolean force, Consumer<ApiResult<Nothing>> done) {
        begin(done, () -> swarm.leave(force, done));
    }

    private <T> void onLeader(Consumer<ApiResult<T>> done, Manager.LeaderCall<T> call) {
        begin(done, () -> swarm.control(call, done));
    }

    @Override
    public void swarmInspect(Consumer<ApiResult<Cluster>> done) {
        onLeader(
                done,
                (leader, reply) -> reply.accept(ApiResult.ok(leader.control().cluster())));
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
                (leader, reply) ->
                        leader.control().updateCluster(version, spec, rotateWorkerToken, rotateManagerToken, reply));
    }

    @Override
    public void nodes(Filters filters, Consumer<ApiResult<List<Node>>> done) {
        onLeader(
                done,
                (leader, reply) ->
                        reply.accept(ApiResult.ok(leader.control().nodes().list(filters))));
    }

    @Override
    public void node(String reference, Consumer<ApiResult<Node>> done) {
        String wanted = reference.equals("self") ? swarm.nodeId() : reference;
        onLeader(
                done,
                (leader, reply) ->
                        reply.accept(ApiResult.ok(leader.control().nodes().get(wanted))));
    }

    @Override
    public void nodeUpdate(String reference, long version, Node.Spec spec, Consumer<ApiResult<Nothing>> done) {
        onLeader(done, (leader, reply) -> leader.control().nodes().update(reference, version, spec, reply));
    }

    @Override
    public void nodeRemove(String reference, boolean force, Consumer<ApiResult<Nothing>> done) {
        onLeader(done, (leader, reply) -> leader.control().nodes().remove(reference, force, reply));
    }

    @Override
    public void services(Filters filters, boolean status, Consumer<ApiResult<List<Service>>> done) {
        onLeader(
                done,
                (leader, reply) ->
                        reply.accept(ApiResult.ok(leader.control().services().list(filters, status))));
    }

    @Override
    public void service(String reference, boolean insertDefaults, Consumer<ApiResult<Service>> done) {
        onLeader(
                done,
                (leader, reply) ->
                        reply.accept(ApiResult.ok(leader.control().services().get(reference, insertDefaults))));
    }

    @Override
    public void serviceCreate(ServiceSpec spec, Consumer<ApiResult<String>> done) {
        begin(done, () -> {
            swarm.requireManager();
            checkAttachable(spec);
            onLeader(done, (leader, reply) -> leader.control().services().create(spec, reply));
        });
    }

    /** Services cannot use networks of one machine alone. */
    private void checkAttachable(ServiceSpec spec) {
        for (TaskSpec.NetworkAttachment attachment : spec.attachments()) {
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
        begin(done, () -> {
            swarm.requireManager();
            checkAttachable(spec);
            onLeader(
                    done,
                    (leader, reply) -> leader.control().services().update(reference, version, spec, rollback, reply));
        });
    }

    @Override
    public void serviceRemove(String reference, Consumer<ApiResult<Nothing>> done) {
        onLeader(done, (leader, reply) -> leader.control().services().remove(reference, reply));
    }

    @Override
    public void tasks(Filters filters, Consumer<ApiResult<List<Task>>> done) {
        onLeader(
                done,
                (leader, reply) ->
                        reply.accept(ApiResult.ok(leader.control().services().tasks(filters))));
    }

    @Override
    public void task(String reference, Consumer<ApiResult<Task>> done) {
        onLeader(
                done,
                (leader, reply) ->
                        reply.accept(ApiResult.ok(leader.control().services().task(reference))));
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
            java.util.function.BiPredicate<Task, String> wanted) {
        switch (found) {
            case ApiResult.Error<String>(int status, String message) -> done.accept(ApiResult.error(status, message));
            case ApiResult.Ok<String>(String id) ->
                begin(done, () -> {
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

    /** Overlays that this machine knows: managers all of them, workers those that they use. */
    private void swarmNetworks(Consumer<List<Network>> done) {
        SwarmDisk part = swarm.diskOrNull();
        if (part == null) {
            done.accept(List.of());
        } else if (swarm.manager() == null) {
            var used = new ArrayList<Network>();
            for (Network network : part.networks.values()) {
                boolean inUse = network.ingress()
                        || disk.containers.values().stream()
                                .flatMap(container -> container.networks.stream())
                                .anyMatch(plan -> plan.networkId().equals(network.id()));
                if (inUse) {
                    used.add(network);
                }
            }
            done.accept(used);
        } else {
            swarm.<List<Network>>control(
                    (leader, reply) -> reply.accept(
                            ApiResult.ok(leader.control().networks().list())),
                    result -> done.accept(
                            result instanceof ApiResult.Ok<List<Network>>(List<Network> list)
                                    ? list
                                    : List.copyOf(part.networks.values())));
        }
    }

    @Override
    public void networks(Filters filters, Consumer<ApiResult<List<Network>>> done) {
        begin(
                done,
                () -> swarmNetworks(overlays -> begin(done, () -> {
                    filters.accept(List.of("dangling", "driver", "id", "label", "name", "scope", "type"));
                    var networks = new ArrayList<Network>();
                    var all = new ArrayList<>(disk.networks.all());
                    all.addAll(overlays);
                    for (Network network : all) {
                        boolean predefined = List.of(LocalNetworks.BRIDGE, LocalNetworks.HOST, LocalNetworks.NONE)
                                .contains(network.name());
                        boolean matches = filters.any("id", network.id()::startsWith)
                                && filters.any("name", name -> network.name().contains(name))
                                && filters.any("driver", network.driver()::equals)
                                && filters.any("scope", network.scope()::equals)
                                && filters.any("type", type -> type.equals("builtin") == predefined)
                                && filters.labels("label", network.labels());
                        if (matches) {
                            networks.add(network);
                        }
                    }
                    done.accept(ApiResult.ok(networks));
                })));
    }

    private void findNetwork(String reference, @Nullable String wantedScope, Consumer<ApiResult<Network>> done) {
        swarmNetworks(overlays -> done.accept(answer(() -> {
            var all = new ArrayList<Network>();
            if (!Network.SWARM.equals(wantedScope)) {
                all.addAll(disk.networks.all());
            }
            if (!Network.LOCAL.equals(wantedScope)) {
                all.addAll(overlays);
            }
            return Lookup.find(
                    "network",
                    all,
                    reference,
                    Network::id,
                    (network, name) -> network.name().equals(name));
        })));
    }

    @Override
    public void network(
            String reference, @Nullable String wantedScope, boolean verbose, Consumer<ApiResult<Network>> done) {
        begin(done, () -> findNetwork(reference, wantedScope, result -> done.accept(result.map(this::inspected))));
    }

    private Network inspected(Network network) {
        var ends = new LinkedHashMap<String, Network.EndpointResource>();
        for (DockerContainer container : disk.containers.values()) {
            for (NetworkEnd end : container.ends) {
                if (end.networkId().equals(network.id()) && !end.address().isEmpty()) {
                    ends.put(
                            container.id,
                            new Network.EndpointResource(
                                    container.name,
                                    end.endpointId(),
                                    end.macAddress(),
                                    end.address() + "/" + end.prefixLength(),
                                    ""));
                }
            }
        }
        OverlayDirectory directory = swarm.directory();
        List<Network.Peer> peers = null;
        if (network.swarmScope() && directory != null) {
            peers = new ArrayList<>();
            for (SimMachine peer : directory.peers(network.id(), this)) {
                peers.add(new Network.Peer(
                        new SimRandom(13).split("peer " + peer.name()).hex(12), peer.address()));
            }
        }
        boolean unused = network.swarmScope() && ends.isEmpty();
        return network.shown(unused ? null : ends, peers == null || peers.isEmpty() ? null : peers);
    }

    @Override
    public void networkCreate(Network.CreateRequest request, Consumer<ApiResult<Network.CreateResponse>> done) {
        begin(done, () -> {
            if (request.name() == null || request.name().isEmpty()) {
                throw ApiException.badRequest("invalid name: name is empty");
            }
            if ("overlay".equals(request.driver()) || Network.SWARM.equals(request.scope())) {
                try {
                    swarm.requireManager();
                } catch (ApiException e) {
                    throw new ApiException(403, e.text());
                }
                onLeader(done, (leader, reply) -> leader.control().networks().create(request, reply));
                return;
            }
            Network network = disk.networks.create(request, world().simulation().now());
            events.emit(
                    "network",
                    "create",
                    network.id(),
                    "local",
                    Map.of("name", network.name(), "type", network.driver()));
            world().changed();
            done.accept(ApiResult.ok(new Network.CreateResponse(network.id(), "")));
        });
    }

    @Override
    public void networkRemove(String reference, Consumer<ApiResult<Nothing>> done) {
        begin(
                done,
                () -> findNetwork(
                        reference,
                        null,
                        result -> begin(done, () -> {
                            Network network = result.orThrow();
                            if (network.swarmScope()) {
                                onLeader(
                                        done,
                                        (leader, reply) ->
                                                leader.control().networks().remove(network.id(), reply));
                                return;
                            }
                            disk.networks.remove(network);
                            events.emit(
                                    "network",
                                    "destroy",
                                    network.id(),
                                    "local",
                                    Map.of("name", network.name(), "type", network.driver()));
                            world().changed();
                            done.accept(Nothing.ok());
                        })));
    }

    @Override
    public void networkConnect(String reference, Network.ConnectRequest request, Consumer<ApiResult<Nothing>> done) {
        begin(
                done,
                () -> findNetwork(
                        reference,
                        null,
                        result -> begin(done, () -> {
                            Network network = result.orThrow();
                            DockerContainer container = runtime.require(request.container());
                            List<String> aliases = request.endpointConfig() == null
                                            || request.endpointConfig().aliases() == null
                                    ? List.of()
                                    : request.endpointConfig().aliases();
                            boolean connected = container.networks.stream()
                                    .anyMatch(plan -> plan.networkId().equals(network.id()));
                            if (connected) {
                                throw new ApiException(
                                        403,
                                        "endpoint with name " + container.name + " already exists in network "
                                                + network.name());
                            }
                            plan(
                                    network,
                                    aliases,
                                    planned -> done.accept(
                                            switch (planned) {
                                                case ApiResult.Error<DockerContainer.NetworkPlan>(
                                                        int status,
                                                        String message) -> ApiResult.error(status, message);
                                                case ApiResult.Ok<DockerContainer.NetworkPlan>(
                                                        DockerContainer.NetworkPlan plan) ->
                                                    act(() -> {
                                                        container.networks.add(plan);
                                                        if (container.running()) {
                                                            networking.attach(container, plan);
                                                        }
                                                        world().changed();
                                                    });
                                            }));
                        })));
    }

    @Override
    public void networkDisconnect(String reference, Network.ConnectRequest request, Consumer<ApiResult<Nothing>> done) {
        begin(
                done,
                () -> findNetwork(
                        reference,
                        null,
                        result -> begin(done, () -> {
                            Network network = result.orThrow();
                            networking.disconnect(runtime.require(request.container()), network.id(), network.name());
                            world().changed();
                            done.accept(Nothing.ok());
                        })));
    }

    /** How to attach a plain container: on an overlay the managers give the address. */
    private void plan(Network network, List<String> aliases, Consumer<ApiResult<DockerContainer.NetworkPlan>> done) {
        if (!network.swarmScope()) {
            done.accept(
                    ApiResult.ok(new DockerContainer.NetworkPlan(network.id(), network.name(), aliases, null, null)));
            return;
        }
        SimMachine target = swarm.pickManager(random);
        if (target == null) {
            done.accept(ApiResult.error(404, "network " + network.name() + " not found"));
            return;
        }
        swarm.<String>ask(
                target,
                Duration.ofSeconds(20),
                (manager, reply) -> manager.<String>asLeaderOrProxy(
                        (leader, given) -> given.accept(
                                ApiResult.ok(leader.control().networks().attach(network.id()))),
                        reply),
                result -> done.accept(
                        switch (result) {
                            case ApiResult.Ok<String>(String address) ->
                                ApiResult.ok(new DockerContainer.NetworkPlan(
                                        network.id(), network.name(), aliases, address, null));
                            case ApiResult.Error<String>(int status, String message) ->
                                ApiResult.error(Rpc.transport(status) ? 500 : status, message);
                        }));
    }

    // Containers

    @Override
    public ApiResult<List<Container.Summary>> containers(boolean all, int limit, Filters filters) {
        return answer(() -> views.list(all, limit, filters));
    }

    @Override
    public ApiResult<Container.Details> container(String reference) {
        return answer(() -> views.details(runtime.require(reference)));
    }

    @Override
    public void containerCreate(
            @Nullable String name, ContainerConfig config, Consumer<ApiResult<ContainerConfig.CreateResponse>> done) {
        begin(done, () -> {
            if (config.image().isEmpty()) {
                throw ApiException.badRequest("no image specified");
            }
            disk.images.require(config.image());
            var wanted = new LinkedHashMap<String, List<String>>();
            String mode = config.host().networkMode();
            if (config.networkingConfig() != null && config.networkingConfig().endpointsConfig() != null) {
                config.networkingConfig()
                        .endpointsConfig()
                        .forEach((network, endpoint) -> wanted.put(
                                network.equals("default") ? LocalNetworks.BRIDGE : network,
                                endpoint == null || endpoint.aliases() == null ? List.of() : endpoint.aliases()));
            }
            if (wanted.isEmpty()) {
                wanted.put(
                        mode == null || mode.isEmpty() || mode.equals("default") ? LocalNetworks.BRIDGE : mode,
                        List.of());
            }
            planAll(
                    new ArrayList<>(wanted.entrySet()),
                    new ArrayList<>(),
                    planned -> scope.schedule(
                            ContainerRuntime.createTime(),
                            () -> begin(done, () -> {
                                List<DockerContainer.NetworkPlan> plans = planned.orThrow();
                                DockerContainer container = created(name, config, plans);
                                done.accept(ApiResult.ok(new ContainerConfig.CreateResponse(container.id, List.of())));
                            })));
        });
    }

    private DockerContainer created(
            @Nullable String name, ContainerConfig config, List<DockerContainer.NetworkPlan> plans) {
        try {
            DockerContainer container = runtime.create(name, config, null);
            container.networks.addAll(plans);
            return container;
        } catch (ApiException e) {
            plans.forEach(networking::release);
            throw e;
        }
    }

    private void planAll(
            List<Map.Entry<String, List<String>>> wanted,
            List<DockerContainer.NetworkPlan> plans,
            Consumer<ApiResult<List<DockerContainer.NetworkPlan>>> done) {
        if (plans.size() == wanted.size()) {
            done.accept(ApiResult.ok(plans));
            return;
        }
        Map.Entry<String, List<String>> next = wanted.get(plans.size());
        if (next.getKey().startsWith("container:")) {
            done.accept(ApiResult.error(501, "sharing another container's network is not simulated"));
            return;
        }
        findNetwork(next.getKey(), null, found -> {
            if (found instanceof ApiResult.Error<Network>(int status, String message)) {
                done.accept(ApiResult.error(status, message));
                return;
            }
            plan(found.orThrow(), next.getValue(), planned -> {
                if (planned instanceof ApiResult.Error<DockerContainer.NetworkPlan>(int status, String message)) {
                    done.accept(ApiResult.error(status, message));
                    return;
                }
                plans.add(planned.orThrow());
                planAll(wanted, plans, done);
            });
        });
    }

    @Override
    public void containerStart(String reference, Consumer<ApiResult<Boolean>> done) {
        begin(done, () -> {
            DockerContainer container = runtime.require(reference);
            if (container.state == DockerContainer.State.PAUSED) {
                throw ApiException.conflict("cannot start a paused container, try unpause instead");
            }
            container.restartCount = 0;
            runtime.start(container, done);
        });
    }

    @Override
    public void containerStop(String reference, @Nullable Integer graceSeconds, Consumer<ApiResult<Boolean>> done) {
        begin(
                done,
                () -> runtime.stop(
                        runtime.require(reference), graceSeconds, stopped -> done.accept(ApiResult.ok(stopped))));
    }

    @Override
    public void containerRestart(String reference, @Nullable Integer graceSeconds, Consumer<ApiResult<Nothing>> done) {
        begin(done, () -> {
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
        begin(done, () -> runtime.kill(runtime.require(reference), signal, done));
    }

    @Override
    public ApiResult<Nothing> containerPause(String reference) {
        return act(() -> runtime.pause(runtime.require(reference)));
    }

    @Override
    public ApiResult<Nothing> containerUnpause(String reference) {
        return act(() -> runtime.unpause(runtime.require(reference)));
    }

    @Override
    public ApiResult<Nothing> containerRename(String reference, String name) {
        return act(() -> runtime.rename(runtime.require(reference), name));
    }

    @Override
    public void containerRemove(
            String reference, boolean force, boolean removeVolumes, Consumer<ApiResult<Nothing>> done) {
        begin(done, () -> runtime.remove(runtime.require(reference), force, removeVolumes, done));
    }

    @Override
    public void containerWait(
            String reference,
            @Nullable String condition,
            Consumer<ApiResult<Nothing>> found,
            Consumer<Container.WaitResponse> done) {
        begin(found, () -> {
            DockerContainer container = runtime.require(reference);
            found.accept(Nothing.ok());
            String wanted = condition == null || condition.isEmpty() ? "not-running" : condition;
            switch (wanted) {
                case "removed" ->
                    container.removalListeners.add(
                            () -> done.accept(new Container.WaitResponse(container.exitCode, null)));
                case "next-exit" ->
                    container.exitListeners.add(ended -> done.accept(new Container.WaitResponse(ended.exitCode, null)));
                default -> {
                    if (container.running()) {
                        container.exitListeners.add(
                                ended -> done.accept(new Container.WaitResponse(ended.exitCode, null)));
                    } else {
                        done.accept(new Container.WaitResponse(container.exitCode, null));
                    }
                }
            }
        });
    }

    @Override
    public ApiResult<Subscription> containerLogs(String reference, LogRequest request, LogSink sink) {
        return answer(() -> {
            DockerContainer container = runtime.require(reference);
            if (!request.stdout() && !request.stderr()) {
                throw ApiException.badRequest(
                        "Bad parameters: you must choose at least one stream (stdout and/or stderr)");
            }
            // Who attaches before the start, as "docker run" does, waits for the first line.
            boolean goesOn = container.running() || container.startedAt == null;
            return container.logs.read(request, goesOn, Map.of(), sink);
        });
    }

    @Override
    public ApiResult<Container.Processes> containerTop(String reference) {
        return answer(() -> views.processes(runtime.require(reference)));
    }

    @Override
    public ApiResult<Map<String, Object>> containerStats(String reference) {
        return answer(() -> views.stats(runtime.require(reference)));
    }

    @Override
    public ApiResult<String> execCreate(String reference, Container.ExecRequest request) {
        return answer(() -> runtime.execCreate(runtime.require(reference), request));
    }

    @Override
    public void execStart(String execId, Consumer<ApiResult<Container.ExecOutput>> done) {
        begin(done, () -> runtime.execStart(execId, done));
    }

    @Override
    public ApiResult<Container.ExecDetails> exec(String execId) {
        return answer(() -> runtime.execDetails(execId));
    }

    // Images and volumes

    @Override
    public ApiResult<List<Image.Summary>> images(Filters filters) {
        return answer(() -> {
            var images = new ArrayList<Image.Summary>();
            for (ImageStore.Local local : disk.images.all()) {
                boolean matches = filters.any(
                        "reference",
                        wanted -> local.reference().equals(ImageStore.normalized(wanted))
                                || local.reference().startsWith(wanted + ":"));
                if (matches) {
                    long containers = disk.containers.values().stream()
                            .filter(container -> container.imageId.equals(local.id()))
                            .count();
                    images.add(ImageStore.summary(local, epoch(), containers));
                }
            }
            return images;
        });
    }

    private java.time.Instant epoch() {
        return world().simulation().now().minusNanos(world().simulation().nowNanos());
    }

    @Override
    public ApiResult<Image.Details> image(String reference) {
        return answer(() -> ImageStore.details(disk.images.require(reference), epoch()));
    }

    @Override
    public void imagePull(String reference, Consumer<Image.Progress> progress, Consumer<ApiResult<Nothing>> done) {
        begin(
                done,
                () -> disk.images.pull(reference, scope, progress, error -> {
                    if (error == null) {
                        imageEvent("pull", reference);
                    }
                    done.accept(error == null ? Nothing.ok() : ApiResult.error(error));
                }));
    }

    @Override
    public ApiResult<List<Image.Removed>> imageRemove(String reference, boolean force) {
        return answer(() -> {
            ImageStore.Local local = disk.images.require(reference);
            for (DockerContainer container : disk.containers.values()) {
                if (container.imageId.equals(local.id()) && (container.running() || !force)) {
                    throw ApiException.conflict("conflict: unable to remove repository reference \"" + reference
                            + "\" (must force) - container " + container.shortId() + " is using its referenced image "
                            + local.id().substring(7, 19));
                }
            }
            List<Image.Removed> removed = disk.images.remove(reference);
            imageEvent("untag", reference);
            return removed;
        });
    }

    @Override
    public ApiResult<Nothing> distribution(String reference) {
        return ApiResult.error(500, ImageStore.REGISTRY_UNREACHABLE);
    }

    @Override
    public ApiResult<List<Volume>> volumes(Filters filters) {
        return answer(() -> disk.volumes.all().stream()
                .filter(volume -> filters.any("name", volume.name()::contains)
                        && filters.any("driver", volume.driver()::equals)
                        && filters.labels("label", volume.labels()))
                .toList());
    }

    @Override
    public ApiResult<Volume> volume(String name) {
        return answer(() -> disk.volumes.get(name));
    }

    @Override
    public ApiResult<Volume> volumeCreate(Volume.CreateRequest request) {
        return answer(() -> {
            String name = request.name() == null || request.name().isEmpty() ? random.hex(64) : request.name();
            Volume volume = disk.volumes.create(name, request.labels() == null ? Map.of() : request.labels());
            events.emit("volume", "create", name, "local", Map.of("driver", "local"));
            world().changed();
            return volume;
        });
    }

    @Override
    public ApiResult<Nothing> volumeRemove(String name, boolean force) {
        return act(() -> {
            disk.volumes.get(name);
            for (DockerContainer container : disk.containers.values()) {
                if (container.mounts.stream().anyMatch(mount -> name.equals(mount.name()))) {
                    throw ApiException.conflict("remove " + name + ": volume is in use - [" + container.id + "]");
                }
            }
            disk.volumes.remove(name);
            events.emit("volume", "destroy", name, "local", Map.of("driver", "local"));
            world().changed();
        });
    }
}
