package dev.clusterlab.provisioning;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the computer under an engine's machines can do, as it was probed. An immutable picture.
 *
 * @param routingMesh whether virtual addresses of services and ports of the routing mesh work; where not, see {@link
 *     ServicePlan}
 * @param netem whether the kernel can delay packets
 * @param unsupportedFaults kinds of faults that cannot be done here, with the reason
 * @param facts what is known of engine and host, by topic
 */
public record HostAbilities(
        boolean routingMesh,
        boolean netem,
        Map<FaultKind, HostLack> unsupportedFaults,
        Map<HostTopic, HostFact> facts) {
    public HostAbilities {
        unsupportedFaults = Collections.unmodifiableMap(new java.util.TreeMap<>(unsupportedFaults));
        facts = inOrder(facts);
    }

    /** Of an engine that lacks nothing. */
    public static HostAbilities all() {
        return new HostAbilities(true, true, Map.of(), Map.of());
    }

    /** Facts that cannot change any more, in the order of their topics. */
    public static Map<HostTopic, HostFact> inOrder(Map<HostTopic, HostFact> facts) {
        var ordered = new EnumMap<HostTopic, HostFact>(HostTopic.class);
        ordered.putAll(facts);
        return Collections.unmodifiableMap(ordered);
    }

    /** Empty while it is not known. */
    public Optional<HostFact> fact(HostTopic topic) {
        return Optional.ofNullable(facts.get(topic));
    }
}
