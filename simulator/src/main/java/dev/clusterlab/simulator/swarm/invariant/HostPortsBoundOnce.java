package dev.clusterlab.simulator.swarm.invariant;

import dev.clusterlab.simulator.swarm.SwarmFacts;
import java.util.LinkedHashMap;

/** On one machine no two running containers bind the same port (a second bind of a TCP port fails). */
final class HostPortsBoundOnce extends SwarmInvariant {
    HostPortsBoundOnce() {
        super("host-ports-bound-once");
    }

    @Override
    protected void check(SwarmFacts facts) {
        var bound = new LinkedHashMap<String, String>();
        for (SwarmFacts.RunningContainer container : facts.containers()) {
            for (int port : container.hostPorts()) {
                String other = bound.put(container.nodeId() + " " + port, container.id());
                if (other != null) {
                    throw broken("port " + port + " of node " + container.nodeId() + " is bound by " + other
                            + " and by " + container.id());
                }
            }
        }
    }
}
