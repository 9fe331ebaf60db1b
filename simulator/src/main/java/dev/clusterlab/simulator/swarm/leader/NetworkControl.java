package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Lookup;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.docker.api.ObjectVersion;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Overlay networks, as the leader manages them (swarmkit manager/controlapi/network.go). */
public final class NetworkControl {
    private final LeaderContext context;

    NetworkControl(LeaderContext context) {
        this.context = context;
    }

    public List<Network> list() {
        return List.copyOf(context.store().networks());
    }

    Network get(String reference) {
        return Lookup.find(
                "network",
                context.store().networks(),
                reference,
                Network::id,
                (network, name) -> network.name().equals(name));
    }

    public void create(Network.CreateRequest request, Consumer<ApiResult<Network.CreateResponse>> done) {
        String id = context.random().base36(25);
        context.transactions()
                .run(
                        transaction -> {
                            if (request.name().isEmpty()) {
                                throw ApiException.badRequest("name must be provided");
                            }
                            if (context.store().networkNamed(request.name()) != null) {
                                throw ApiException.conflict("network with name " + request.name() + " already exists");
                            }
                            boolean ingress = Boolean.TRUE.equals(request.ingress());
                            Network present = context.store().ingress();
                            if (ingress && present != null) {
                                throw ApiException.rpc(
                                        ApiException.RpcCode.ALREADY_EXISTS,
                                        "ingress network (" + present.id() + ") is already present");
                            }
                            transaction.put(network(id, request, ingress));
                        },
                        error -> done.accept(
                                error == null
                                        ? ApiResult.ok(new Network.CreateResponse(id, ""))
                                        : ApiResult.error(error)));
    }

    private Network network(String id, Network.CreateRequest request, boolean ingress) {
        int vxlan = 4097 + context.store().networks().size() - 1;
        var options = new java.util.LinkedHashMap<String, String>();
        options.put("com.docker.network.driver.overlay.vxlanid_list", String.valueOf(vxlan));
        if (request.options() != null) {
            options.putAll(request.options());
        }
        return new Network(
                request.name(),
                id,
                context.now(),
                Network.SWARM,
                "overlay",
                true,
                Boolean.TRUE.equals(request.enableIpv6()),
                context.allocator().subnetFor(request.ipam()),
                Boolean.TRUE.equals(request.internal()),
                Boolean.TRUE.equals(request.attachable()),
                ingress,
                Map.of("Network", ""),
                false,
                null,
                options,
                request.labels() == null ? Map.of() : request.labels(),
                null,
                null,
                new ObjectVersion(0));
    }

    public void remove(String reference, Consumer<ApiResult<Nothing>> done) {
        String id = get(reference).id();
        context.transactions()
                .run(
                        transaction -> {
                            checkUnused(id);
                            transaction.delete(id);
                        },
                        error -> done.accept(error == null ? Nothing.ok() : ApiResult.error(error)));
    }

    private void checkUnused(String id) {
        Network network = context.store().network(id);
        boolean ingress = network != null && network.ingress();
        for (Service service : context.store().services()) {
            if (ingress && service.spec().publishesIngressPorts()) {
                throw ApiException.rpc(
                        ApiException.RpcCode.FAILED_PRECONDITION,
                        "ingress network cannot be removed because service " + service.id() + " depends on it");
            }
            boolean attached = service.spec().attachments().stream()
                    .anyMatch(attachment -> attachment.target().equals(id));
            if (attached) {
                throw ApiException.rpc(
                        ApiException.RpcCode.FAILED_PRECONDITION,
                        "network " + id + " is in use by service " + service.id());
            }
        }
        if (ingress) {
            return;
        }
        for (Task task : context.store().tasks()) {
            // One that is only on its way to its end is no reason.
            boolean attached = task.desiredState().atMost(TaskState.RUNNING)
                    && task.state().atMost(TaskState.RUNNING)
                    && task.attachments().stream()
                            .anyMatch(attachment -> attachment.network().id().equals(id));
            if (attached) {
                throw ApiException.rpc(
                        ApiException.RpcCode.FAILED_PRECONDITION, "network " + id + " is in use by task " + task.id());
            }
        }
    }

    /** An address for a plain container of some machine. */
    public String attach(String networkId) {
        Network network = get(networkId);
        if (!network.attachable()) {
            throw new ApiException(
                    403,
                    "Could not attach to network " + network.name()
                            + ": rpc error: code = PermissionDenied desc = network " + network.name()
                            + " not manually attachable");
        }
        return context.allocator().addressOn(network);
    }
}
