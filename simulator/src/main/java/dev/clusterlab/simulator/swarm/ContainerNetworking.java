package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.Network;
import java.util.List;

/** Connects the containers of one machine to networks when they start, and takes them off when they end. */
final class ContainerNetworking {
    private final Dockerd daemon;

    ContainerNetworking(Dockerd daemon) {
        this.daemon = daemon;
    }

    /** Throws an {@link ApiException} if a network is gone or full. */
    void attach(DockerContainer container) {
        boolean overlay = false;
        for (DockerContainer.NetworkPlan plan : container.networks) {
            attach(container, plan);
            overlay |= plan.overlayAddress() != null;
        }
        boolean gateway =
                container.ends.stream().anyMatch(end -> end.networkName().equals(LocalNetworks.GATEWAY_BRIDGE));
        if (overlay && !gateway) {
            Network bridge = daemon.disk()
                    .networks
                    .gatewayBridge(daemon.world().simulation().now());
            container.ends.add(daemon.disk().networks.attach(bridge, container, List.of()));
        }
    }

    void attach(DockerContainer container, DockerContainer.NetworkPlan plan) {
        NetworkEndpoint end;
        if (plan.overlayAddress() == null) {
            Network network = daemon.disk().networks.named(plan.networkName());
            if (network == null) {
                throw ApiException.notFound("network " + plan.networkName() + " not found");
            }
            end = daemon.disk().networks.attach(network, container, plan.aliases());
        } else {
            OverlayDirectory directory = daemon.swarm().directory();
            if (directory == null) {
                throw ApiException.notFound("network " + plan.networkName() + " not found");
            }
            String address = plan.overlayAddress();
            int slash = address.indexOf('/');
            String bare = address.substring(0, slash);
            var names = new java.util.ArrayList<String>();
            names.add(container.name());
            names.add(container.shortId());
            if (plan.binding() == null) {
                names.addAll(plan.aliases());
            }
            var endpoint = new OverlayEndpoint(
                    plan.networkId(),
                    bare,
                    daemon.machine(),
                    daemon.swarm().nodeId(),
                    container,
                    names,
                    plan.binding());
            directory.attach(endpoint);
            end = new NetworkEndpoint(
                    plan.networkId(),
                    plan.networkName(),
                    bare,
                    Integer.parseInt(address.substring(slash + 1)),
                    "",
                    daemon.random().hex(64),
                    plan.aliases(),
                    endpoint);
        }
        container.ends.add(end);
        daemon.events()
                .emit(
                        "network",
                        "connect",
                        end.networkId(),
                        plan.overlayAddress() == null ? "local" : "swarm",
                        Ordered.map("container", container.id, "name", end.networkName(), "type", "bridge"));
    }

    /** From now on service names and published ports lead to it. */
    void bind(DockerContainer container) {
        OverlayDirectory directory = daemon.swarm().directory();
        for (NetworkEndpoint end : container.ends) {
            if (end.overlay() != null && directory != null && !end.overlay().bound) {
                directory.bind(end.overlay());
            }
        }
        daemon.machine().changed();
    }

    /** From now on they do not. False if they did not before. */
    boolean unbind(DockerContainer container) {
        OverlayDirectory directory = daemon.swarm().directory();
        boolean bound = false;
        for (NetworkEndpoint end : container.ends) {
            if (end.overlay() != null && directory != null && end.overlay().bound) {
                directory.unbind(end.overlay());
                bound = true;
            }
        }
        return bound;
    }

    void detach(DockerContainer container) {
        for (NetworkEndpoint end : container.ends) {
            release(container, end);
        }
        container.ends.clear();
    }

    private void release(DockerContainer container, NetworkEndpoint end) {
        OverlayDirectory directory = daemon.swarm().directory();
        if (end.overlay() == null) {
            daemon.disk().networks.detach(end);
        } else if (directory != null) {
            directory.detach(end.overlay());
        }
        daemon.events()
                .emit(
                        "network",
                        "disconnect",
                        end.networkId(),
                        end.overlay() == null ? "local" : "swarm",
                        Ordered.map("container", container.id, "name", end.networkName(), "type", "bridge"));
    }

    /** Gives back what the managers gave to a plain container. */
    void release(DockerContainer.NetworkPlan plan) {
        OverlayDirectory directory = daemon.swarm().directory();
        String address = plan.overlayAddress();
        if (directory != null && address != null && plan.binding() == null) {
            directory.release(plan.networkId(), address.substring(0, address.indexOf('/')));
        }
    }

    /** Takes a container off one network. Throws if it is not on it. */
    void disconnect(DockerContainer container, String networkId, String networkName) {
        boolean planned = container.networks.removeIf(plan -> {
            boolean meant =
                    plan.networkId().equals(networkId) || plan.networkName().equals(networkName);
            if (meant) {
                release(plan);
            }
            return meant;
        });
        for (NetworkEndpoint end : List.copyOf(container.ends)) {
            if (end.networkId().equals(networkId)) {
                release(container, end);
                container.ends.remove(end);
                planned = true;
            }
        }
        if (!planned) {
            throw new ApiException(
                    403, "container " + container.id + " is not connected to the network " + networkName);
        }
    }
}
