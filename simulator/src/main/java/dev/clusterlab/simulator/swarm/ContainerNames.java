package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.docker.api.Subnets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The resolver that each container has at 127.0.0.11. It knows services, their tasks, containers and their aliases by name
 * and by {@code NAME.NETWORK} (moby, libnetwork/sandbox.go).
 */
final class ContainerNames {
    private final Dockerd daemon;

    ContainerNames(Dockerd daemon) {
        this.daemon = daemon;
    }

    /** Addresses of a name, in the order of the answer; empty if unknown. */
    List<String> resolve(DockerContainer from, String asked, SimRandom random) {
        String name = asked.endsWith(".") ? asked.substring(0, asked.length() - 1) : asked;
        if (Subnets.parse(name) != null) {
            return List.of(name);
        }
        if (name.toLowerCase(Locale.ROOT).equals("localhost")) {
            return List.of("127.0.0.1");
        }
        List<String> hosts = from.config.host().extraHosts();
        if (hosts != null) {
            for (String host : hosts) {
                int colon = host.indexOf(':');
                if (colon > 0 && host.substring(0, colon).equals(name)) {
                    return List.of(host.substring(colon + 1));
                }
            }
        }
        if (name.equals(from.hostname())) {
            return from.ends.isEmpty()
                    ? List.of("127.0.0.1")
                    : List.of(from.ends.get(0).address());
        }
        if (!daemon.machine().troubles().found(name.toLowerCase(Locale.ROOT))) {
            return List.of();
        }
        List<String> found = onNetworks(from, name, null, random);
        // Names and networks may both have dots: a.b.c is tried as a.b in network c, then as a in network b.c.
        for (int dot = name.lastIndexOf('.'); found.isEmpty() && dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
            found = onNetworks(from, name.substring(0, dot), name.substring(dot + 1), random);
        }
        return found;
    }

    /** @param network the only one to look in; null for all that the container is attached to */
    private List<String> onNetworks(DockerContainer from, String name, @Nullable String network, SimRandom random) {
        for (NetworkEndpoint end : from.ends) {
            if (network != null && !network.equals(end.networkName())) {
                continue;
            }
            List<String> found = end.overlay() == null ? onBridge(end, name) : onOverlay(end, name, random);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private List<String> onOverlay(NetworkEndpoint end, String name, SimRandom random) {
        OverlayDirectory directory = daemon.swarm().directory();
        if (directory == null) {
            return List.of();
        }
        List<OverlayEndpoint> own = directory.withOwnName(end.networkId(), name, daemon);
        if (!own.isEmpty()) {
            return shuffled(own, random);
        }
        if (name.startsWith("tasks.")) {
            return shuffled(directory.ofService(end.networkId(), name.substring("tasks.".length()), daemon), random);
        }
        List<OverlayEndpoint> service = directory.ofService(end.networkId(), name, daemon);
        for (OverlayEndpoint endpoint : service) {
            if (endpoint.binding != null && endpoint.binding.virtualIp() != null) {
                return List.of(endpoint.binding.virtualIp());
            }
        }
        return shuffled(service, random);
    }

    private static List<String> shuffled(List<OverlayEndpoint> ends, SimRandom random) {
        var addresses = new ArrayList<String>();
        for (OverlayEndpoint end : ends) {
            addresses.add(end.address);
        }
        random.shuffle(addresses);
        return addresses;
    }

    /** The default bridge has no names. */
    private List<String> onBridge(NetworkEndpoint end, String name) {
        if (end.networkName().equals(LocalNetworks.BRIDGE) || end.networkName().equals(LocalNetworks.GATEWAY_BRIDGE)) {
            return List.of();
        }
        for (DockerContainer container : daemon.disk().networks.attached(end.networkId())) {
            for (NetworkEndpoint other : container.ends) {
                if (other.networkId().equals(end.networkId())
                        && (container.name().equals(name)
                                || container.shortId().equals(name)
                                || other.aliases().contains(name))) {
                    return List.of(other.address());
                }
            }
        }
        return List.of();
    }
}
