package dev.clusterlab.simulator.core;

/**
 * One request being served inside the simulation. Answered once, at once or at any later virtual time. Everything here is
 * called on the simulation's thread, and nothing blocks.
 *
 * <p>Exactly one of {@link #respond}, {@link #stream} and {@link #fail} is called. Once the caller has gone away an answer is
 * dropped without an error, so that nobody needs to ask {@link #abandoned} first.
 */
public interface HttpExchange {
    /** What was asked; the same each time. */
    HttpMessage.Request request();

    /** Answers completely. */
    void respond(HttpMessage.Response response);

    /** Begins an answer whose body comes in pieces (events, logs, an upgraded connection with status 101). */
    Stream stream(HttpMessage.Response head);

    /** The connection breaks before an answer. */
    void fail(Failure failure);

    /**
     * Says that this request waits for something that may never come (a blocking query, an event stream), so that
     * nobody should move virtual time for its sake alone.
     */
    void longPoll();

    /**
     * Says that the connection stands: the kernel of the machine that was asked has taken it, which it does for a frozen
     * program too. For callers whose limit is for that alone.
     */
    default void connected() {}

    /** Whether {@link #connected} means something to the caller, so that word of it is worth a message. */
    default boolean awaitsConnection() {
        return false;
    }

    /** Whether the caller has gone away. */
    boolean abandoned();

    /** A body that comes in pieces. */
    interface Stream {
        /** Sends a piece; dropped once the peer has gone away. */
        void write(byte[] bytes);

        /** Ends the body in order. */
        void close();

        /** Called on the simulation's thread with what the peer sends on an upgraded connection; empty at its end. */
        void onInput(java.util.function.Consumer<byte[]> consumer);

        /** Called once on the simulation's thread when the peer has gone away. */
        void onAbandoned(Runnable action);

        /** Whether the peer has gone away. */
        boolean abandoned();
    }

    /** How a connection fails. */
    enum Failure {
        /** Nobody listens there. */
        REFUSED,
        /** It broke before an answer. */
        RESET,
        /** Nothing came back in time. */
        TIMEOUT,
        /** No machine answers for that address on the network: "no route to host". */
        UNREACHABLE,
        /** The name is unknown. */
        UNKNOWN_HOST
    }
}
