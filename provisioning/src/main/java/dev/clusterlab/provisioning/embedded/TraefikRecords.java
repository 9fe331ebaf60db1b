package dev.clusterlab.provisioning.embedded;

import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikRouter;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikService;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikView;
import dev.clusterlab.provisioning.observe.ServerStatus;
import dev.clusterlab.simulator.traefik.TraefikReading;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * The simulated Traefik's records as the observer's: what its reader over the protocol makes of their JSON. Its words for states are
 * all known.
 */
final class TraefikRecords {
    private TraefikRecords() {}

    static TraefikView view(String machine, TraefikReading reading) {
        return new TraefikView(
                machine,
                reading.version(),
                reading.routers().stream()
                        .map(r -> new TraefikRouter(
                                r.name(), r.rule(), r.service(), r.provider(), r.status(), r.entryPoints()))
                        .sorted(Comparator.comparing(TraefikRouter::name))
                        .toList(),
                reading.services().stream()
                        .map(s -> {
                            var servers = new TreeMap<String, ServerStatus>();
                            s.servers().forEach((url, status) -> servers.put(url, ServerStatus.of(status)));
                            return new TraefikService(s.name(), s.provider(), servers, Map.of());
                        })
                        .sorted(Comparator.comparing(TraefikService::name))
                        .toList());
    }
}
