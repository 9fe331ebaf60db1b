package dev.clusterlab.provisioning.fault;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a fault hit, as it was found when the fault was injected. */
public sealed interface Target {
    /** Whether a machine is hit as a whole, or its ways to others. */
    boolean hits(String machine);

    /** Ways between machines. */
    sealed interface OfWays extends Target {}

    /** A machine, by name. */
    record OfMachine(String machine) implements Target {
        @Override
        public boolean hits(String name) {
            return machine.equals(name);
        }
    }

    /**
     * A container.
     *
     * @param id its whole identifier
     * @param name without a leading slash; a task's container is named {@code SERVICE.SLOT.TASKID}
     */
    record OfContainer(String machine, String id, String name) implements Target {
        @Override
        public boolean hits(String machineName) {
            return false;
        }
    }

    /**
     * The ways between groups of machines.
     *
     * @param groups at least two; names within one are sorted
     * @param oneWay whether only what goes from the first group to the others is lost
     */
    record OfGroups(List<List<String>> groups, boolean oneWay) implements OfWays {
        public OfGroups {
            groups = groups.stream().map(List::copyOf).toList();
        }

        static OfGroups of(List<Set<String>> groups, boolean oneWay) {
            return new OfGroups(
                    groups.stream().map(g -> List.copyOf(new TreeSet<>(g))).toList(), oneWay);
        }

        @Override
        public boolean hits(String machine) {
            return groups.stream().anyMatch(group -> group.contains(machine));
        }
    }

    /**
     * The ways between groups of machines, which stay open, but on which packets are lost, late, or what else is done to them.
     *
     * @param groups at least two; names within one are sorted
     * @param oneWay whether only what goes from the first group to the others is hit
     */
    record OfLinks(List<List<String>> groups, boolean oneWay) implements OfWays {
        public OfLinks {
            groups = groups.stream().map(List::copyOf).toList();
        }

        static OfLinks of(List<Set<String>> groups, boolean oneWay) {
            return new OfLinks(OfGroups.of(groups, oneWay).groups(), oneWay);
        }

        @Override
        public boolean hits(String machine) {
            return groups.stream().anyMatch(group -> group.contains(machine));
        }
    }

    /**
     * The ways among machines of which each hears a majority, and no two the same one.
     *
     * @param machines in the order of the ring: each hears its neighbours
     */
    record OfRing(List<String> machines) implements OfWays {
        public OfRing {
            machines = List.copyOf(machines);
        }

        /** How many neighbours on each side a machine of a ring of this size hears: with itself, a majority. */
        static int heard(int size) {
            return (size / 2 + 1) / 2;
        }

        /** Whether two machines of the ring do not hear each other. */
        public boolean parts(String one, String other) {
            int from = machines.indexOf(one);
            int to = machines.indexOf(other);
            if (from < 0 || to < 0) {
                return false;
            }
            int apart = Math.abs(from - to);
            return Math.min(apart, machines.size() - apart) > heard(machines.size());
        }

        @Override
        public boolean hits(String machine) {
            return machines.contains(machine);
        }
    }

    /** All of the network between machines. */
    record OfNetwork() implements Target {
        @Override
        public boolean hits(String machine) {
            return true;
        }
    }
}
