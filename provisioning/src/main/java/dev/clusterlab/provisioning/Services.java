package dev.clusterlab.provisioning;

/** What runs in the containers of an engine that simulates, where there is a real program for it; others ignore it. */
public enum Services {
    /** The real programs, in this process: each request to one leaves the simulation, which stands still meanwhile. */
    REAL,
    /** Models of them inside the simulation: no thread, no socket. A cluster goes the same way with them. */
    MODEL
}
