package dev.clusterlab.provisioning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A service as it was asked for, fitted to what the host can do. Without IPVS in the kernel, a service's virtual address
 * leads nowhere and the routing mesh answers nobody; then its name is to resolve to its tasks (dnsrr) and its ports are
 * published by the very machines that run tasks (host mode). Both work everywhere, and mean the same to a lab.
 *
 * @param specification the body for {@code /services/create}
 * @param note what was changed and why, for the person who asked; empty if nothing was
 */
public record ServicePlan(ObjectNode specification, Optional<String> note) {
    /** @param asked the body for {@code /services/create}; it is not changed */
    public static ServicePlan of(JsonNode asked, HostAbilities abilities) {
        ObjectNode specification = asked.deepCopy();
        if (abilities.routingMesh()) {
            return new ServicePlan(specification, Optional.empty());
        }
        var changes = new ArrayList<String>();
        ObjectNode endpoint = specification.withObject("/EndpointSpec");
        if (!endpoint.path("Mode").asText("vip").equals("dnsrr")) {
            endpoint.put("Mode", "dnsrr");
            changes.add("its name resolves to its tasks (--endpoint-mode dnsrr)");
        }
        var moved = new ArrayList<String>();
        for (JsonNode port : endpoint.path("Ports")) {
            if (!port.path("PublishMode").asText("ingress").equals("host")) {
                ((ObjectNode) port).put("PublishMode", "host");
                moved.add(port.path("PublishedPort").asText());
            }
        }
        if (!moved.isEmpty()) {
            changes.add((moved.size() == 1 ? "port " : "ports ") + String.join(", ", moved)
                    + " on the machines that run its tasks only (--publish mode=host)");
        }
        return new ServicePlan(specification, note(changes));
    }

    private static Optional<String> note(List<String> changes) {
        return changes.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "This host's kernel has no IPVS, so virtual addresses and the routing mesh do not work. Chosen"
                                + " instead: " + String.join("; ", changes) + ".");
    }
}
