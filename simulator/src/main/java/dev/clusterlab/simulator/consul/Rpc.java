package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.protocol.Raft;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The messages between agents on the server port 8300: calls and their results, keep-alives, and Raft's. */
final class Rpc {
    static final int PORT = 8300;

    static final String NO_LEADER = "No cluster leader";
    static final String NO_SERVERS = "No known Consul servers";
    static final String LEADER_NOT_FOUND = "Raft leader not found in server lookup mapping";
    static final String PREFIX = "rpc error making call: ";

    /** A message with the words that each agent on the way puts before it, once. */
    static String prefixed(String message) {
        return message.startsWith(PREFIX) ? message : PREFIX + message;
    }

    /** The connection broke: the server died or left while it had the call. */
    static final String BROKEN = "EOF";

    private Rpc() {}

    /** A message on the wire. */
    sealed interface Message {}

    record RaftEnvelope(String fromId, Raft.RaftMessage message) implements Message {}

    record Call(long id, Request request) implements Message {}

    record Reply(long id, Result result) implements Message {}

    /** Asks whether these calls are still being worked on, as a connection's keep-alive does. */
    record KeepAlive(long id, List<Long> calls) implements Message {}

    record KeepAliveReply(long id, List<Long> unknown) implements Message {}

    /** What is asked of a server. */
    sealed interface Request {}

    /**
     * A read.
     *
     * @param minIndex answer only when the index is higher than this; 0 for at once
     * @param waitNanos longest wait
     */
    record Read(Query<?> query, Consistency consistency, long minIndex, long waitNanos) implements Request {
        static Read of(Query<?> query) {
            return new Read(query, Consistency.LEADER, 0, 0);
        }

        static Read stale(Query<?> query) {
            return new Read(query, Consistency.STALE, 0, 0);
        }
    }

    record Write(Command command) implements Request {}

    /** Prolongs a session; only the leader keeps the time. */
    record RenewSession(String id) implements Request {}

    /** Takes a peer out of the Raft group. */
    record RemovePeer(String id) implements Request {}

    /** Hands the lead to another server. */
    record TransferLeadership(@Nullable String id) implements Request {}

    /** Which Raft members the asked server knows; any server answers for itself. */
    record Peers() implements Request {}

    enum Consistency {
        LEADER("leader"),
        CONSISTENT("consistent"),
        STALE("stale");

        private final String text;

        Consistency(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** How a request ended. */
    sealed interface Result {}

    /** An answer to a {@link Read}; {@code lastContactMillis} is 0 on the leader. */
    record Answered(long index, @Nullable Object value, boolean knownLeader, long lastContactMillis) implements Result {
        /** The value, as the type that the query which was asked has. */
        @SuppressWarnings("unchecked") // a server answers with what that query returned
        <T> @Nullable T valueOf(Query<T> asked) {
            return (T) value;
        }
    }

    /** A {@link Write} or other order that was carried out, with what the state machine returned. */
    record Done(@Nullable Object value) implements Result {}

    record Failed(String message) implements Result {
        boolean leaderless() {
            return message.endsWith(NO_LEADER) || message.endsWith(LEADER_NOT_FOUND);
        }

        boolean broken() {
            return message.endsWith(BROKEN);
        }
    }

    /**
     * A read that a server runs on its own state, as often as that state changes while the read is blocked. An immutable
     * value; runs on the simulation's thread, changes nothing and must not block or throw.
     *
     * @param <T> what it answers with
     */
    interface Query<T> {
        /** The tables whose changes may change the answer. */
        Set<Table> tables();

        /** What is there now, immutable, and the index of its last change. */
        View<T> run(ConsulServer server);

        /** Whether any server answers from what it knows itself, leader or not. */
        default boolean local() {
            return false;
        }
    }

    /** What a query saw, at which index. */
    record View<T>(long index, @Nullable T value) {}
}
