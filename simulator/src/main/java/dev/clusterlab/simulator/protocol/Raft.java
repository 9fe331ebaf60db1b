package dev.clusterlab.simulator.protocol;

import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One member of a Raft group (Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm"). Commands are
 * immutable values. All calls on the simulation's thread; callbacks run in the member's scope.
 */
public interface Raft {
    /** This member's identifier. */
    String id();

    Status status();

    /** Proposes a command on the leader; on any other member it fails at once with NOT_LEADER. */
    void propose(Object command, Consumer<Outcome> done);

    /** Adds a member, or changes whether it votes. Leader only. */
    void addMember(String memberId, boolean voter, Consumer<Outcome> done);

    /** Removes a member, itself included. Leader only. */
    void removeMember(String memberId, Consumer<Outcome> done);

    /** Hands leadership to the most up-to-date voter, or to {@code memberId}. Leader only. */
    void transferLeadership(@Nullable String memberId, Consumer<Outcome> done);

    /** A message from another member, as the transport delivers it. */
    void receive(String from, RaftMessage message);

    /** Stops taking part (process ends in order); the persistent state stays as it is. */
    void stop();

    /** Marker of the messages that members exchange; opaque to transports. */
    interface RaftMessage {}

    /** Role in the current term. */
    enum Role {
        FOLLOWER,
        CANDIDATE,
        LEADER
    }

    /**
     * What a member believes.
     *
     * @param leaderId the leader that it knows of, or null
     * @param members every member of the configuration in use, by identifier: whether it votes
     * @param leaderlessNanos how long no leader has been known, 0 while there is one
     * @param lastContactNanos on the leader: age of the last answer of each other member
     * @param matchIndexes on the leader: last log index known to be stored on each member
     */
    record Status(
            Role role,
            long term,
            @Nullable String leaderId,
            long lastIndex,
            long commitIndex,
            long appliedIndex,
            Map<String, Boolean> members,
            long leaderlessNanos,
            Map<String, Long> lastContactNanos,
            Map<String, Long> matchIndexes) {}

    /** How a proposal ended. */
    sealed interface Outcome {
        /** Committed and applied here; {@code result} is what the state machine returned. */
        record Applied(long index, @Nullable Object result) implements Outcome {}

        /** Not the leader, or no longer: the command may or may not be committed by another leader. */
        record Rejected(Reason reason) implements Outcome {}
    }

    enum Reason {
        NOT_LEADER,
        LOST_LEADERSHIP,
        CONFIGURATION_CHANGE_PENDING,
        /** The chosen member did not take over in time, or there is none to take over. */
        TRANSFER_FAILED,
        /** The change would leave nobody to vote. */
        NO_VOTER_LEFT,
        STOPPED
    }

    /**
     * The replicated state machine. Called on the simulation's thread, in the order of the log; no method may block, call
     * back into the member or throw.
     */
    interface StateMachine {
        /**
         * Applies a committed command. State and result may depend on nothing but the commands so far: every member applies
         * the same ones. A command that is refused is refused by its result.
         *
         * @param index of the command in the log, growing from call to call, not always by one
         * @return what the proposer gets as {@link Outcome.Applied#result()}
         */
        @Nullable
        Object apply(long index, Object command);

        /** An immutable picture of the whole state. It goes to other members as it is. */
        Object snapshot();

        /** Replaces the whole state by a picture from {@link #snapshot()}. */
        void restore(Object snapshot);
    }

    /**
     * Notified of leadership, on the simulation's thread in the member's scope, within the event that changed it. Must
     * not block or throw.
     */
    interface Listener {
        /** This member became leader, and everything committed before is applied. */
        default void becameLeader(long term) {}

        /** This member is not leader any more. */
        default void lostLeadership() {}

        /** The known leader changed; null when none is known. */
        default void leaderChanged(@Nullable String leaderId) {}

        /** The committed configuration changed. */
        default void membersChanged(Map<String, Boolean> members) {}

        /** Entries from {@code from} to {@code to} were dropped, since the leader has others there. */
        default void suffixDropped(long from, long to) {}

        /** The group does not count this member as one of its own any more; it stands for no election. */
        default void removed() {}
    }

    /**
     * Sends to another member, on the simulation's thread. A message may arrive late, out of order or never, and nobody is
     * notified of that.
     */
    @FunctionalInterface
    interface Transport {
        /** Returns at once; the message must not be received before this event is over. */
        void send(String toMemberId, RaftMessage message);

        /**
         * Whether a call to that member would be answered now. SwarmKit's managers drop the vote request of a candidate
         * that they cannot reach.
         */
        default boolean reaches(String memberId) {
            return true;
        }
    }
}
