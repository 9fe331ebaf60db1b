package dev.clusterlab.simulator.swarm;

/** An object of the managers' replicated store: immutable, replaced as a whole. */
sealed interface StoreObject permits Node, Service, Task, Network, Cluster {
    String id();

    ObjectVersion version();

    /** Name for look-ups; not empty. */
    String objectName();

    /** The same with another version and time of change. */
    StoreObject versioned(ObjectVersion changed, String at);
}
