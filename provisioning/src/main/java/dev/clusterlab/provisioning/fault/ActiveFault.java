package dev.clusterlab.provisioning.fault;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A fault in force. {@code targets} are machine, container or service names. */
public record ActiveFault(String id, String kind, List<String> targets, Instant since, Optional<Instant> until) {
    public ActiveFault {
        targets = List.copyOf(targets);
    }
}
