package dev.clusterlab.provisioning.real;

import dev.clusterlab.provisioning.LinkTrouble;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that a machine does for faults.
 *
 * @param chains what each fault loses of what comes in, by the name of its chain
 * @param slowed what is done to what goes out, by the address to which it is sent, the fault that began first first
 * @param paused containers that are frozen, by their identifiers
 * @param frozen whether all stands still but what keeps this
 * @param resources what its containers and its daemon do not get
 */
record MachineOrders(
        SortedMap<String, List<Loss>> chains,
        SortedMap<String, List<LinkTrouble>> slowed,
        SortedSet<String> paused,
        boolean frozen,
        Resources resources) {
    static final MachineOrders NONE = new MachineOrders(
            Collections.emptySortedMap(),
            Collections.emptySortedMap(),
            Collections.emptySortedSet(),
            false,
            Resources.ALL);

    /**
     * What is lost of what comes from an address, or goes to it.
     *
     * @param outgoing whether it goes there
     * @param trouble by chance or in bursts; empty: everything
     */
    record Loss(String address, boolean outgoing, Optional<LinkTrouble> trouble) {}

    /**
     * What is not given to containers and the daemon.
     *
     * @param names that containers do not find, in small letters
     * @param processorPercent how much of one processor's time they get; 100 or more: as much as they like
     * @param memoryLeftBytes how much memory they get beyond what they use when that begins; empty: as much as they like
     */
    record Resources(SortedSet<String> names, double processorPercent, OptionalLong memoryLeftBytes) {
        static final Resources ALL = new Resources(Collections.emptySortedSet(), 100, OptionalLong.empty());

        Resources {
            names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
        }
    }

    MachineOrders {
        chains = Collections.unmodifiableSortedMap(new TreeMap<>(chains));
        slowed = Collections.unmodifiableSortedMap(new TreeMap<>(slowed));
        paused = Collections.unmodifiableSortedSet(new TreeSet<>(paused));
    }

    boolean none() {
        return equals(NONE);
    }
}
