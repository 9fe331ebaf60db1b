package dev.clusterlab.provisioning.fault;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Way;
import java.util.List;

/** What was found to be broken still after a fault was ended, by measuring again. What other faults own is not counted. */
public sealed interface Remnant {
    /** Ways on which nothing, or not everything, arrives; at least one, in order. */
    record Ways(List<Way> ways) implements Remnant {
        public Ways {
            ways = List.copyOf(ways);
        }
    }

    /** A machine that does not run. */
    record OfMachine(String machine, Machine.State state) implements Remnant {}

    /** A container that is frozen. */
    record OfContainer(String machine, String name) implements Remnant {}

    /** A service that misbehaves still. */
    record OfService(String machine, String name) implements Remnant {}

    /** Something that was taken from a machine and is not given back. */
    record OnMachine(String machine, FaultKind kind) implements Remnant {}

    /** A node that is not what it was in the swarm. */
    record OfNode(String machine) implements Remnant {}

    /** It could not be measured. */
    record Unknown(String reason) implements Remnant {}
}
