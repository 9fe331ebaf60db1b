package dev.clusterlab.provisioning;

import java.util.Map;

/**
 * What the computer under an engine's machines can do, as it was probed. An immutable picture.
 *
 * @param routingMesh whether virtual addresses of services and ports of the routing mesh work; where not, see {@link
 *     ServicePlan}
 * @param netem whether the kernel can delay packets
 * @param unsupportedFaults kinds of faults that cannot be done here, with the reason
 * @param facts what a person may want to know, by topic, in the order of interest: engine, isolation, memory, disk
 */
public record HostAbilities(
        boolean routingMesh, boolean netem, Map<FaultKind, HostLack> unsupportedFaults, Map<String, String> facts) {
    public HostAbilities {
        unsupportedFaults = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(unsupportedFaults));
        facts = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(facts));
    }

    /** Of an engine that lacks nothing. */
    public static HostAbilities all() {
        return new HostAbilities(true, true, Map.of(), Map.of());
    }
}
