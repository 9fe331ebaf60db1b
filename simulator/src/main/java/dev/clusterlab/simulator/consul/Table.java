package dev.clusterlab.simulator.consul;

/** What a query can wait for: the tables of the state that Consul's servers replicate. */
public enum Table {
    NODES,
    SERVICES,
    CHECKS,
    KEYS,
    SESSIONS
}
