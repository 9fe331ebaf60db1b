package dev.clusterlab.provisioning.embedded;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostLack;
import java.util.Map;

/** Which kinds of faults simulated machines cannot have. */
public final class EmbeddedFaults {
    public static final Map<FaultKind, HostLack> NEVER = Map.of(FaultKind.MACHINE_MEMORY, HostLack.NOT_SIMULATED);

    private EmbeddedFaults() {}
}
