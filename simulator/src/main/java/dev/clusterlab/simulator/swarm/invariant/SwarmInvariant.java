package dev.clusterlab.simulator.swarm.invariant;

import dev.clusterlab.simulator.invariant.Invariant;
import dev.clusterlab.simulator.swarm.SwarmFacts;
import java.util.List;

/** What must hold after every event of a swarm's history, whatever fails. */
public abstract class SwarmInvariant extends Invariant<SwarmFacts> {
    SwarmInvariant(String name) {
        super(name);
    }

    /** One of each, for one swarm. */
    public static List<SwarmInvariant> all() {
        return List.of(
                new OneLeaderPerTerm(),
                new CommittedEntriesStay(),
                new EqualReplicas(),
                new TasksOnlyAdvance(),
                new TasksStayOnTheirNode(),
                new NoTaskOutlivesItsNode(),
                new PlacesTakenOnce(),
                new AddressesGivenOnce(),
                new PublishedPortsGivenOnce(),
                new HostPortsBoundOnce(),
                new TasksRunOnce());
    }
}
