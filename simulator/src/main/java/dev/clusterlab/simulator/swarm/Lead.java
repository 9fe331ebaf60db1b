package dev.clusterlab.simulator.swarm;

/** What a manager does with a question that only the leader can answer. */
public sealed interface Lead {
    /** The manager on this machine answers it. */
    record Known(SimMachine machine) implements Lead {}

    /**
     * It is held back: there may be a leader soon.
     *
     * @param untilNanos virtual time at which it is refused if nothing else happens; {@link Long#MAX_VALUE} if no such
     *     time is known
     */
    record Awaited(long untilNanos) implements Lead {}

    /** It is refused at once, with this message: there has been no leader for long. */
    record Lost(String message) implements Lead {}
}
