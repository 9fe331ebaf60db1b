package dev.clusterlab.simulator.consul.invariant;

import dev.clusterlab.simulator.consul.Records.Check;
import dev.clusterlab.simulator.consul.Records.Node;
import dev.clusterlab.simulator.consul.Records.Service;
import dev.clusterlab.simulator.consul.ServerState;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Nothing in the catalog hangs in the air: services and checks are on nodes that are registered, a service's checks carry
 * its name and tags, and no two nodes have the same identifier. Whoever asks for healthy instances joins these tables.
 */
final class CatalogIsWhole extends ConsulInvariant {
    CatalogIsWhole() {
        super("consul-catalog-is-whole");
    }

    @Override
    protected void check(ServerState state) {
        var identifiers = new LinkedHashMap<String, String>();
        for (Node node : state.nodes()) {
            String first = node.id().isEmpty() ? null : identifiers.putIfAbsent(node.id(), node.name());
            if (first != null) {
                throw broken(
                        first + " and " + node.name() + " on " + state.server() + " are the same node " + node.id());
            }
        }
        Map<String, Service> services = new LinkedHashMap<>();
        for (Service service : state.services()) {
            if (!state.hasNode(service.node())) {
                throw broken(service + " on " + state.server() + " is on a node that is not registered");
            }
            services.put(service.node() + "/" + service.id(), service);
        }
        for (Check check : state.checks()) {
            if (!state.hasNode(check.node())) {
                throw broken(check + " on " + state.server() + " is on a node that is not registered");
            }
            Service service = services.get(check.node() + "/" + check.serviceId());
            if (!check.serviceId().isEmpty()
                    && (service == null
                            || !service.name().equals(check.serviceName())
                            || !service.tags().equals(check.serviceTags()))) {
                throw broken(check + " on " + state.server() + " does not belong to " + service);
            }
        }
    }
}
