package dev.clusterlab.provisioning.real;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostLack;
import java.util.Map;

/** Which kinds of faults real machines can have, and what their host must have for it. */
public final class RealFaults {
    /** Those that they cannot have, whatever their host: nothing does them. */
    public static final Map<FaultKind, HostLack> NEVER = Map.of(
            FaultKind.MACHINE_DISK,
            HostLack.DISK_OF_THE_HOST,
            FaultKind.MACHINE_CLOCK,
            HostLack.CLOCK_OF_THE_HOST,
            FaultKind.NETWORK_DUPLICATES,
            HostLack.NOT_ON_REAL_MACHINES,
            FaultKind.NETWORK_REORDERING,
            HostLack.NOT_ON_REAL_MACHINES);

    private RealFaults() {}
}
