package dev.clusterlab.provisioning.docker;

import dev.clusterlab.provisioning.LinkTrouble;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
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
 */
record MachineOrders(
        SortedMap<String, List<Loss>> chains,
        SortedMap<String, List<LinkTrouble>> slowed,
        SortedSet<String> paused,
        boolean frozen) {
    static final MachineOrders NONE = new MachineOrders(
            Collections.emptySortedMap(), Collections.emptySortedMap(), Collections.emptySortedSet(), false);

    /**
     * What is lost of what comes from an address.
     *
     * @param trouble by chance or in bursts; empty: everything
     */
    record Loss(String address, Optional<LinkTrouble> trouble) {}

    MachineOrders {
        chains = Collections.unmodifiableSortedMap(new TreeMap<>(chains));
        slowed = Collections.unmodifiableSortedMap(new TreeMap<>(slowed));
        paused = Collections.unmodifiableSortedSet(new TreeSet<>(paused));
    }

    boolean none() {
        return equals(NONE);
    }
}
