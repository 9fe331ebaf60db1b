package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.docker.api.ServiceSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A container's end of an overlay network, as the engines tell each other. */
final class OverlayEndpoint {
    final String networkId;
    final String address;
    final SimMachine machine;
    final String nodeId;
    final DockerContainer container;
    /** Names of this container alone: its name, its short identifier, aliases of a plain container. */
    final List<String> ownNames;

    final @Nullable Binding binding;
    long sinceNanos;
    boolean bound;
    boolean removed;

    OverlayEndpoint(
            String networkId,
            String address,
            SimMachine machine,
            String nodeId,
            DockerContainer container,
            List<String> ownNames,
            @Nullable Binding binding) {
        this.networkId = networkId;
        this.address = address;
        this.machine = machine;
        this.nodeId = nodeId;
        this.container = container;
        this.ownNames = ownNames;
        this.binding = binding;
    }

    /**
     * Its part in a service.
     *
     * @param names the service's name and its aliases on this network
     * @param virtualIp null if the service answers with its tasks' addresses
     * @param ingressPorts published ports, on the ingress network only
     */
    record Binding(
            String serviceId, List<String> names, @Nullable String virtualIp, List<ServiceSpec.Port> ingressPorts) {}
}
