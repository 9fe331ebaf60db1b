package dev.clusterlab.simulator.protocol;

/** An invariant of Raft, looked at after every event in which a member changed. */
interface RaftChecker {
    /** Throws an {@link AssertionError} if the invariant is broken; {@code server} is running and has changed. */
    void changed(RaftCluster.Server server);

    /** The server begins again from its disk. */
    default void restarted(RaftCluster.Server server) {}
}
