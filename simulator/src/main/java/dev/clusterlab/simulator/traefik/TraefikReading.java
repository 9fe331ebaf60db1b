package dev.clusterlab.simulator.traefik;

import java.util.List;
import java.util.Map;

/** What one Traefik tells of itself, as its API does. */
public record TraefikReading(String version, List<Router> routers, List<Service> services) {
    public TraefikReading {
        routers = List.copyOf(routers);
        services = List.copyOf(services);
    }

    /** {@code status}: {@code enabled} or {@code disabled}. */
    public record Router(
            String name, String rule, String service, String provider, String status, List<String> entryPoints) {}

    /** {@code servers}: {@code UP} or {@code DOWN} by URL. */
    public record Service(String name, String provider, Map<String, String> servers) {}
}
