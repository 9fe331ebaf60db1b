package dev.clusterlab.simulator.consul.invariant;

import dev.clusterlab.simulator.consul.ServerState;
import dev.clusterlab.simulator.invariant.Invariant;
import java.util.List;

/** An invariant of a group of Consul servers, held against a server after every event in which it changed. */
public abstract class ConsulInvariant extends Invariant<ServerState> {
    ConsulInvariant(String name) {
        super(name);
    }

    /** The server begins again from its disk. */
    public void restarted(String server) {}

    /** One of each but {@link AcknowledgedWritesStay}, which has to be notified of the writes; for one group of servers. */
    public static List<ConsulInvariant> ofServers() {
        return List.of(
                new OneLeaderPerTerm(),
                new SameStateAtSameIndex(),
                new IndexesNeverGoBack(),
                new LocksHaveOneHolder(),
                new SessionsDieWithTheirChecks(),
                new CatalogIsWhole());
    }
}
