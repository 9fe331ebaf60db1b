package dev.clusterlab.simulator.swarm.leader;

/**
 * Addresses of overlay networks that plain containers hold; those of tasks are in the managers' store. Called on the
 * simulation's thread.
 */
public interface AddressReservations {
    /** A manager gave this address to a plain container: it is not given again until it is released. */
    void reserve(String networkId, String address);

    boolean reserved(String networkId, String address);
}
