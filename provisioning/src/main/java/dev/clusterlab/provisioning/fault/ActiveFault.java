package dev.clusterlab.provisioning.fault;

import dev.clusterlab.provisioning.FaultKind;
import java.time.Instant;
import java.util.Optional;

/**
 * A fault that was injected.
 *
 * @param id unique in a run, such as {@code fault-1}
 * @param fault what was asked for
 * @param target what it hit
 * @param since engine time at which it came into force
 * @param until engine time at which its lease ends; empty if it lasts until it is undone
 */
public record ActiveFault(String id, Fault fault, Target target, Instant since, Optional<Instant> until) {
    public FaultKind kind() {
        return fault.kind();
    }
}
