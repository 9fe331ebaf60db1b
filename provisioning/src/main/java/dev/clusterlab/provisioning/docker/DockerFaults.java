package dev.clusterlab.provisioning.docker;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostLack;
import java.util.Map;

/** Which kinds of faults real machines cannot have, whatever their host. */
public final class DockerFaults {
    /** With the reason, which is that the engine does not do them. */
    public static final Map<FaultKind, HostLack> NOT_YET = Map.of(
            FaultKind.NETWORK_LATENCY,
            HostLack.NOT_ON_REAL_MACHINES,
            FaultKind.NETWORK_LOSS,
            HostLack.NOT_ON_REAL_MACHINES,
            FaultKind.NETWORK_BURST,
            HostLack.NOT_ON_REAL_MACHINES,
            FaultKind.NETWORK_BANDWIDTH,
            HostLack.NOT_ON_REAL_MACHINES,
            FaultKind.NETWORK_DUPLICATES,
            HostLack.NOT_ON_REAL_MACHINES,
            FaultKind.NETWORK_REORDERING,
            HostLack.NOT_ON_REAL_MACHINES);

    private DockerFaults() {}
}
