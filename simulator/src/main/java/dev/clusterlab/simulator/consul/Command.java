package dev.clusterlab.simulator.consul;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change of the replicated state, as it stands in the Raft log. */
sealed interface Command {
    /**
     * Registers a node, services and checks on it.
     *
     * @param skipNodeUpdate whether an existing node keeps its own fields
     */
    record Register(
            Records.Node node, List<Records.Service> services, List<Records.Check> checks, boolean skipNodeUpdate)
            implements Command {
        public Register {
            services = List.copyOf(services);
            checks = List.copyOf(checks);
        }
    }

    /** Removes a service, a check or, if neither is named, the whole node. */
    record Deregister(
            String node,
            @Nullable String serviceId,
            @Nullable String checkId) implements Command {}

    /** Changes keys; the result is whether it was done. */
    record ChangeKey(
            KeyOperation operation,
            String key,
            String value,
            long flags,
            long casIndex,
            @Nullable String session) implements Command {}

    record CreateSession(Records.Session session) implements Command {}

    record DestroySession(String id) implements Command {}

    enum KeyOperation {
        SET,
        CAS,
        LOCK,
        UNLOCK,
        DELETE,
        DELETE_TREE,
        DELETE_CAS
    }
}
