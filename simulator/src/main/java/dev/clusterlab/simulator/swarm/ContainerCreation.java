package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.ContainerConfig;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Unmodelled;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Creates plain containers: first the networks that they ask for, which may take a question to the managers. */
final class ContainerCreation {
    private final Calls calls;
    private final MachineDisk disk;
    private final Scope scope;
    private final ContainerRuntime runtime;
    private final ContainerNetworking networking;
    private final NetworkCalls networks;

    ContainerCreation(
            Calls calls,
            MachineDisk disk,
            Scope scope,
            ContainerRuntime runtime,
            ContainerNetworking networking,
            NetworkCalls networks) {
        this.calls = calls;
        this.disk = disk;
        this.scope = scope;
        this.runtime = runtime;
        this.networking = networking;
        this.networks = networks;
    }

    void create(
            @Nullable String name, ContainerConfig config, Consumer<ApiResult<ContainerConfig.CreateResponse>> done) {
        calls.begin(done, () -> {
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
                            () -> calls.begin(done, () -> {
                                List<DockerContainer.NetworkPlan> plans = planned.orThrow();
                                DockerContainer container = created(name, config, plans);
                                done.accept(ApiResult.ok(
                                        new ContainerConfig.CreateResponse(container.id, Unmodelled.of(config))));
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
        networks.find(next.getKey(), null, found -> {
            if (found instanceof ApiResult.Error<Network>(int status, String message)) {
                done.accept(ApiResult.error(status, message));
                return;
            }
            networks.plan(found.orThrow(), next.getValue(), planned -> {
                if (planned instanceof ApiResult.Error<DockerContainer.NetworkPlan>(int status, String message)) {
                    done.accept(ApiResult.error(status, message));
                    return;
                }
                plans.add(planned.orThrow());
                planAll(wanted, plans, done);
            });
        });
    }
}
