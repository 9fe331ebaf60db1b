package dev.clusterlab.simulator.swarm.invariant;

import java.util.List;

/**
 * What must hold after every event of a swarm's history, whatever fails. One object watches one swarm from its beginning,
 * so it may remember what it saw before.
 */
public interface SwarmInvariant {
    /** Throws an {@link AssertionError} that names what is broken. */
    void check(SwarmFacts facts);

    /** One of each, for one swarm. */
    static List<SwarmInvariant> all() {
        return List.of(
                new OneLeaderPerTerm(),
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
