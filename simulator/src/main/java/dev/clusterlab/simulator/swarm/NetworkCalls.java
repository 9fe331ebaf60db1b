package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Lookup;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.swarm.kept.EventLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the Docker API about networks: those of this machine, and the swarm's as far as it knows them. Called on the
 * simulation's thread.
 */
final class NetworkCalls {
    private static final Duration ATTACH_LIMIT = Duration.ofSeconds(20);

    private final Calls calls;
    private final MachineDisk disk;
    private final World world;
    private final SimRandom random;
    private final EventLog events;
    private final ContainerRuntime runtime;
    private final ContainerNetworking networking;
    private final SwarmNode swarm;
    private final OverlayDirectory.Observer observer;

    /**
     * @param observer the engine's view of which others are alive
     */
    NetworkCalls(
            Calls calls,
            MachineDisk disk,
            World world,
            SimRandom random,
            EventLog events,
            ContainerRuntime runtime,
            ContainerNetworking networking,
            SwarmNode swarm,
            OverlayDirectory.Observer observer) {
        this.calls = calls;
        this.disk = disk;
        this.world = world;
        this.random = random;
        this.events = events;
        this.runtime = runtime;
        this.networking = networking;
        this.swarm = swarm;
        this.observer = observer;
    }

    /** Overlays that this machine knows by itself: managers all of them, workers those that they use. */
    List<Network> ownSwarmNetworks() {
        SwarmDisk part = swarm.diskOrNull();
        if (part == null) {
            return List.of();
        }
        if (swarm.manager() != null) {
            return List.copyOf(part.networks.values());
        }
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
        return used;
    }

    /** Managers ask the leader, and tell what they know by themselves where there is none. */
    private void swarmNetworks(Consumer<List<Network>> done) {
        if (swarm.manager() == null) {
            done.accept(ownSwarmNetworks());
        } else {
            swarm.<List<Network>>control(
                    (leader, reply) -> reply.accept(
                            ApiResult.ok(leader.control().networks().list())),
                    result -> done.accept(
                            result instanceof ApiResult.Ok<List<Network>>(List<Network> list)
                                    ? list
                                    : ownSwarmNetworks()));
        }
    }

    void list(Filters filters, Consumer<ApiResult<List<Network>>> done) {
        calls.begin(
                done,
                () -> swarmNetworks(overlays -> calls.begin(done, () -> {
                    filters.accept(List.of("dangling", "driver", "id", "label", "name", "scope", "type"));
                    for (String type : filters.get("type")) {
                        if (!type.equals("builtin") && !type.equals("custom")) {
                            throw new ApiException(500, "invalid filter: 'type'='" + type + "'");
                        }
                    }
                    boolean dangling = filters.flag("dangling", false);
                    var networks = new ArrayList<Network>();
                    var all = new ArrayList<>(disk.networks.all());
                    all.addAll(overlays);
                    for (Network network : all) {
                        boolean predefined = List.of(LocalNetworks.BRIDGE, LocalNetworks.HOST, LocalNetworks.NONE)
                                .contains(network.name());
                        boolean matches = filters.matches("id", network.id())
                                && filters.matches("name", network.name())
                                && (!filters.has("dangling") || dangling == unused(network, predefined))
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

    /** Nobody is on it, as this machine sees it, and the engine did not make it itself. */
    private boolean unused(Network network, boolean predefined) {
        return !predefined
                && !network.ingress()
                && runtime.all().stream()
                        .flatMap(container -> container.ends.stream())
                        .noneMatch(end -> end.networkId().equals(network.id()));
    }

    void find(String reference, @Nullable String wantedScope, Consumer<ApiResult<Network>> done) {
        swarmNetworks(overlays -> done.accept(ApiResult.of(() -> {
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

    void inspect(String reference, @Nullable String wantedScope, Consumer<ApiResult<Network>> done) {
        calls.begin(done, () -> find(reference, wantedScope, result -> done.accept(result.map(this::inspected))));
    }

    private Network inspected(Network network) {
        var ends = new LinkedHashMap<String, Network.EndpointResource>();
        for (DockerContainer container : disk.containers.values()) {
            for (NetworkEndpoint end : container.ends) {
                if (end.networkId().equals(network.id()) && !end.address().isEmpty()) {
                    ends.put(
                            container.id,
                            new Network.EndpointResource(
                                    container.name(),
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
            for (SimMachine peer : directory.peers(network.id(), observer)) {
                peers.add(new Network.Peer(
                        new SimRandom(13).split("peer " + peer.name()).hex(12), peer.address()));
            }
        }
        boolean unused = network.swarmScope() && ends.isEmpty();
        return network.shown(unused ? null : ends, peers == null || peers.isEmpty() ? null : peers);
    }

    void create(Network.CreateRequest request, Consumer<ApiResult<Network.CreateResponse>> done) {
        calls.begin(done, () -> {
            if (request.name() == null || request.name().isEmpty()) {
                throw ApiException.badRequest("invalid name: name is empty");
            }
            if ("overlay".equals(request.driver()) || Network.SWARM.equals(request.scope())) {
                try {
                    swarm.requireManager();
                } catch (ApiException e) {
                    throw new ApiException(403, e.text());
                }
                swarm.control((leader, reply) -> leader.control().networks().create(request, reply), done);
                return;
            }
            Network network = disk.networks.create(request, world.simulation().now());
            changed("create", network);
            done.accept(ApiResult.ok(new Network.CreateResponse(network.id(), "")));
        });
    }

    private void changed(String action, Network network) {
        events.emit(
                "network",
                action,
                network.id(),
                "local",
                Ordered.map("name", network.name(), "type", network.driver()));
        swarm.machine().changed();
    }

    void remove(String reference, Consumer<ApiResult<Nothing>> done) {
        calls.begin(
                done,
                () -> find(
                        reference,
                        null,
                        result -> calls.begin(done, () -> {
                            Network network = result.orThrow();
                            if (network.swarmScope()) {
                                swarm.control(
                                        (leader, reply) ->
                                                leader.control().networks().remove(network.id(), reply),
                                        done);
                                return;
                            }
                            disk.networks.remove(network);
                            changed("destroy", network);
                            done.accept(Nothing.ok());
                        })));
    }

    void connect(String reference, Network.ConnectRequest request, Consumer<ApiResult<Nothing>> done) {
        calls.begin(
                done,
                () -> find(
                        reference,
                        null,
                        result -> calls.begin(done, () -> {
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
                                        "endpoint with name " + container.name() + " already exists in network "
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
                                                    Nothing.of(() -> {
                                                        container.networks.add(plan);
                                                        if (container.running()) {
                                                            networking.attach(container, plan);
                                                        }
                                                        swarm.machine().changed();
                                                    });
                                            }));
                        })));
    }

    void disconnect(String reference, Network.ConnectRequest request, Consumer<ApiResult<Nothing>> done) {
        calls.begin(
                done,
                () -> find(
                        reference,
                        null,
                        result -> calls.begin(done, () -> {
                            Network network = result.orThrow();
                            networking.disconnect(runtime.require(request.container()), network.id(), network.name());
                            swarm.machine().changed();
                            done.accept(Nothing.ok());
                        })));
    }

    /** How to attach a plain container: on an overlay the managers give the address. */
    void plan(Network network, List<String> aliases, Consumer<ApiResult<DockerContainer.NetworkPlan>> done) {
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
                ATTACH_LIMIT,
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
                                ApiResult.error(NoAnswer.transport(status) ? 500 : status, message);
                        }));
    }
}
