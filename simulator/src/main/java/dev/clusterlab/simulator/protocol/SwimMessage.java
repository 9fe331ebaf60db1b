package dev.clusterlab.simulator.protocol;

import java.util.List;
import java.util.Map;

/** What SWIM members send each other; opaque to transports. */
public sealed interface SwimMessage {
    /** Updates that are piggybacked on this message. */
    List<Update> updates();

    /** How many statements about members it carries: what it costs to read it grows with them. */
    default int statements() {
        return updates().size();
    }

    /** Are you there, {@code target}? */
    record Ping(long sequence, String target, boolean stream, List<Update> updates) implements SwimMessage {}

    /** I am. */
    record Ack(long sequence, List<Update> updates) implements SwimMessage {}

    /** Please ping {@code target} for me. */
    record IndirectPing(long sequence, String target, String targetAddress, List<Update> updates)
            implements SwimMessage {}

    /** I am here, but {@code IndirectPing}'s target does not answer me either. */
    record Nack(long sequence, List<Update> updates) implements SwimMessage {}

    /** Updates alone. */
    record Gossip(List<Update> updates) implements SwimMessage {}

    /** The whole state of the sender; the receiver answers with its own. A stream, not a datagram. */
    record PushPull(long exchange, boolean reply, List<NodeState> states) implements SwimMessage {
        @Override
        public List<Update> updates() {
            return List.of();
        }

        @Override
        public int statements() {
            return states.size();
        }
    }

    /** What is newly believed of one member. */
    sealed interface Update {
        String name();

        long incarnation();
    }

    record Alive(String name, long incarnation, String address, Map<String, String> tags) implements Update {}

    record Suspect(String name, long incarnation, String from) implements Update {}

    /** Dead according to {@code from}; if that is the member itself, it left. */
    record Dead(String name, long incarnation, String from) implements Update {}

    /** The member is about to leave, or is to count as left if it has failed. */
    record LeaveIntent(String name, long incarnation, boolean prune) implements Update {}

    /** What the sender of a {@link PushPull} believes of one member. */
    record NodeState(Alive about, Belief belief) {}

    enum Belief {
        ALIVE,
        SUSPECT,
        DEAD,
        LEAVING,
        LEFT
    }
}
