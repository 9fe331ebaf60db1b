package dev.clusterlab.provisioning.fault;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a fault hit, as it was found when the fault was injected. */
public sealed interface Target {
    /** Whether a machine is hit as a whole, or its ways to others. */
    boolean hits(String machine);

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
    record OfGroups(List<List<String>> groups, boolean oneWay) implements Target {
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

    /** All of the network between machines. */
    record OfNetwork() implements Target {
        @Override
        public boolean hits(String machine) {
            return true;
        }
    }
}
