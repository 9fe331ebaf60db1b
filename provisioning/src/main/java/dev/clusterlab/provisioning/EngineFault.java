package dev.clusterlab.provisioning;

import dev.clusterlab.provisioning.LabException.Kind;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What an engine can be asked to break, for as long as it is not asked to end it: see {@link Engine#begin}. */
public sealed interface EngineFault
        permits EngineFault.Cut,
                EngineFault.Trouble,
                EngineFault.ContainerPause,
                EngineFault.Misbehaviour,
                EngineFault.OnMachine {
    /**
     * Freezes the processes of a container, as {@code docker pause} does. Ending it thaws them; without effect if they have
     * been thawed or are gone.
     *
     * @param machine whose daemon runs it
     * @param container its id
     */
    record ContainerPause(String machine, String container) implements EngineFault {}

    /**
     * Tells the service in a container to misbehave, by a port on the container's loopback that the service has for that; one that
     * has none refuses. Ending it tells it to stop; without effect if it has stopped or is gone.
     *
     * @param machine whose daemon runs it
     * @param container its id
     */
    record Misbehaviour(String machine, String container, ServiceTrouble kind) implements EngineFault {}

    /** Takes something from a machine; what several faults take comes together. It holds while the machine exists, also after it was off. */
    record OnMachine(String machine, MachineTrouble kind) implements EngineFault {}

    /** Does something to the packets on these ways; those of several faults come together. */
    record Trouble(SortedSet<Way> ways, LinkTrouble kind) implements EngineFault {
        /** @throws LabException INPUT if there is no way */
        public Trouble {
            ways = new Cut(ways).ways();
        }
    }

    /**
     * Drops whatever machines send on these ways; nobody is notified, as over a cut cable. Who is cut off in one direction
     * only is still heard in the other.
     */
    record Cut(SortedSet<Way> ways) implements EngineFault {
        /** @throws LabException INPUT if there is no way, or one from a machine to itself */
        public Cut {
            ways = Collections.unmodifiableSortedSet(new TreeSet<>(ways));
            if (ways.isEmpty()) {
                throw new LabException(
                        Kind.INPUT, "There is nothing to cut.", "A cut needs machines on both of its sides.");
            }
            for (Way way : ways) {
                if (way.from().equals(way.to())) {
                    throw new LabException(
                            Kind.INPUT,
                            way.from() + " cannot be cut off from itself.",
                            "A cut is between two machines.");
                }
            }
        }

        /**
         * Cuts each way between machines of different groups; a machine in no group is not touched.
         *
         * @throws LabException INPUT if a machine is in two groups, or only one group has machines
         */
        public static Cut between(List<Set<String>> groups) {
            var seen = new TreeSet<String>();
            var ways = new TreeSet<Way>();
            for (Set<String> group : groups) {
                for (String name : new TreeSet<>(group)) {
                    if (!seen.add(name)) {
                        throw MachineNames.twoGroups(name);
                    }
                }
                for (Set<String> other : groups) {
                    if (other != group) {
                        ways.addAll(across(group, other));
                    }
                }
            }
            return new Cut(ways);
        }

        /**
         * Cuts the ways from some machines to others, and not back.
         *
         * @throws LabException INPUT if a machine is on both sides, or a side has none
         */
        public static Cut oneWay(Set<String> from, Set<String> to) {
            return new Cut(across(from, to));
        }

        private static SortedSet<Way> across(Collection<String> from, Collection<String> to) {
            var ways = new TreeSet<Way>();
            from.forEach(sender -> to.forEach(receiver -> ways.add(new Way(sender, receiver))));
            return ways;
        }
    }
}
