package dev.clusterlab.simulator.docker.api;

/** An object of the managers' replicated store: immutable, replaced as a whole. */
public sealed interface StoreObject permits Node, Service, Task, Network, Cluster {
    String id();

    ObjectVersion version();

    /** Name for look-ups; not empty. */
    String objectName();

    /** The same with another version and time of change. */
    StoreObject versioned(ObjectVersion changed, String at);
}
