package dev.clusterlab.simulator.swarm;

/** Codes of calls between machines that did not come to an answer; never shown outside. */
final class NoAnswer {
    /** Nothing came back. */
    static final int TIMEOUT = 1001;
    /** No manager listens there. */
    static final int REFUSED = 1002;
    /** The one asked does not lead. */
    static final int NOT_LEADER = 1003;

    private NoAnswer() {}

    static boolean transport(int code) {
        return code > 1000;
    }
}
