package dev.clusterlab.lab.words;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.ActiveFault;
import java.time.Duration;
import java.util.List;

/** Why something happened, as the narrator tells it. {@code earlier} is engine time before what it explains. */
public sealed interface Reason {
    /** The state of a machine. */
    record OfMachine(String machine, Machine.State state, boolean cutOff, Duration earlier) implements Reason {}

    /** A machine is there no more. */
    record Removed(String machine, Duration earlier) implements Reason {}

    /** The swarm counts a node no longer. */
    record GivenUp(String node, Duration earlier) implements Reason {}

    record Drained(String node, Duration earlier) implements Reason {}

    /** The network was cut between groups of machines. */
    record Cut(List<List<String>> groups, Duration earlier) implements Reason {
        public Cut {
            groups = groups.stream().map(List::copyOf).toList();
        }
    }

    /** A fault that is neither a machine's state nor a cut. */
    record OfFault(ActiveFault fault, Duration earlier) implements Reason {}

    /** A manager behind a cut hears so many of all, itself included. */
    record Hears(String machine, int heard, int all, int needed) implements Reason {}

    /** Consul does not hear an agent any more. */
    record AgentLost(String agent, Duration earlier) implements Reason {}

    /** A service is no more. */
    record ServiceGone(String service, Duration earlier) implements Reason {}

    /** What keeps tasks from a node, in Docker's words. */
    record InDockersWords(String words) implements Reason {}

    /** Of the instances of a service none is healthy. */
    record NoneHealthy(String service) implements Reason {}
}
