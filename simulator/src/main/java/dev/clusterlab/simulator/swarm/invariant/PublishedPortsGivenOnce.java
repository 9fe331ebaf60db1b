package dev.clusterlab.simulator.swarm.invariant;

import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.swarm.SwarmFacts;
import java.util.LinkedHashMap;

/**
 * A port that is published on every node belongs to one service (swarmkit manager/allocator/portallocator.go: requests to it
 * would go to either).
 */
final class PublishedPortsGivenOnce extends SwarmInvariant {
    PublishedPortsGivenOnce() {
        super("published-ports-given-once");
    }

    @Override
    protected void check(SwarmFacts facts) {
        facts.newest().ifPresent(newest -> {
            var owners = new LinkedHashMap<String, String>();
            for (Service service : newest.store().services()) {
                for (ServiceSpec.Port port : service.ports()) {
                    if (!port.host() && port.published() != 0) {
                        String key = port.protocolOrTcp() + " port " + port.published();
                        String other = owners.put(key, service.name());
                        if (other != null) {
                            throw broken(key + " is published by " + other + " and by " + service.name());
                        }
                    }
                }
            }
        });
    }
}
