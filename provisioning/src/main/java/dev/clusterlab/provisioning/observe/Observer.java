package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.RequestSample;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Reads what every machine, daemon, agent and router believes and reports it as snapshots. Thread-safe.
 *
 * <p>It either follows the engine by itself ({@link #follow()}: desktop, guide) or reads when asked to
 * ({@link #observe()}: unattended runs, where this keeps journals repeatable). A daemon that does not answer is no error: its
 * part of the snapshot is as last seen, and says so.
 */
public interface Observer extends AutoCloseable {
    /** The newest snapshot, immutable; returns at once. */
    ClusterSnapshot latest();

    /**
     * Reads now, on the calling thread, what may have changed, and notifies the listeners. Blocks for as long as daemons take,
     * where time is wall-clock time about a second at most.
     */
    ClusterSnapshot observe();

    /** Starts a background thread that observes after every change, at most every 100 ms of wall-clock time. */
    void follow();

    /**
     * Calls {@code listener} with each new snapshot and the events since the one before, oldest first; on the observing thread,
     * one call after the other. It must be quick and must not call {@link #observe()}; what it throws is logged. Closing the
     * result ends it.
     */
    AutoCloseable onSnapshot(BiConsumer<ClusterSnapshot, List<ClusterEvent>> listener);

    /** Records one request made by a client of the lab (the shell's {@code curl}, a probe). Any thread; never blocks. */
    void recordTraffic(RequestSample request);

    /**
     * Records what a Traefik's access log says of a request that was recorded without its server. Any thread; never blocks.
     *
     * @param mark of the request
     * @param server URL of the server that it was passed on to
     */
    default void recordServer(String mark, String server) {}

    /**
     * Records that a client of the lab could not make a request that was due. Any thread; never blocks.
     *
     * @param due engine time since the engine began
     */
    void recordMissedStart(Duration due);

    /**
     * Calls {@code listener} with each request that is recorded, on the thread that records it; it must be quick. Closing the result
     * ends it.
     */
    AutoCloseable onRequest(Consumer<RequestSample> listener);

    /**
     * Calls {@code listener} with the mark and the server of each {@link #recordServer}, on the thread that records it; it must be quick.
     * Closing the result ends it.
     */
    default AutoCloseable onServer(BiConsumer<String, String> listener) {
        return () -> {};
    }

    /** Ends following: no new poll begins. A poll under way may still notify the listeners. */
    @Override
    void close();
}
