package dev.clusterlab.provisioning.docker;

import dev.clusterlab.provisioning.LinkTrouble;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that a machine does to packets for faults.
 *
 * @param chains what each fault loses of what comes in, by the name of its chain
 * @param slowed what is done to what goes out, by the address to which it is sent, the fault that began first first
 */
record MachineOrders(SortedMap<String, List<Loss>> chains, SortedMap<String, List<LinkTrouble>> slowed) {
    static final MachineOrders NONE = new MachineOrders(Collections.emptySortedMap(), Collections.emptySortedMap());

    /**
     * What is lost of what comes from an address.
     *
     * @param trouble by chance or in bursts; empty: everything
     */
    record Loss(String address, Optional<LinkTrouble> trouble) {}

    MachineOrders {
        chains = Collections.unmodifiableSortedMap(new TreeMap<>(chains));
        slowed = Collections.unmodifiableSortedMap(new TreeMap<>(slowed));
    }

    boolean none() {
        return equals(NONE);
    }
}
