package dev.clusterlab.simulator.consul;

/** An invariant of a group of Consul servers, looked at after every event in which a server changed. */
interface ConsulChecker {
    /** Throws an {@link AssertionError} if the invariant is broken; the server runs and has changed. */
    void changed(ServerState state);

    /** The server begins again from its disk. */
    default void restarted(String server) {}
}
