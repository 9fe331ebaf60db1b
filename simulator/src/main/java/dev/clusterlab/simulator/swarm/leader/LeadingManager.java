package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.protocol.Raft;
import dev.clusterlab.simulator.swarm.store.Store;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the leader's loops need of the manager that they run on. Called on the simulation's thread; answers at once, from
 * what this manager knows, and never throws.
 */
public interface LeadingManager {
    /** Its replica of the store. */
    Store store();

    /** Its membership of the Raft group. */
    Raft raft();

    /** The life of this manager: longer than one leadership. */
    Scope scope();

    SimRandom random();

    /** The name of its machine on the underlay. */
    String machineName();

    /** Where addresses of plain containers are noted, or null outside a swarm. */
    @Nullable
    AddressReservations reservations();

    /** Addresses ({@code host:port}) of the managers by node, as agents need them. */
    Map<String, String> managerAddresses();

    /** How it sees a member of the group; null if the node is none. */
    Node.@Nullable ManagerStatus managerStatus(String nodeId);

    /** Reachable members of the group, this one included. */
    int reachableMembers();
}
