package dev.clusterlab.simulator.endpoints;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What all edges of this program may use together, whatever is claimed outside: connections, bytes of requests that have
 * come, bytes of answers that nobody has taken yet. Thread-safe; nothing here blocks.
 */
final class EdgeBudget {
    /** Of the whole program. The figures stand in SECURITY.md too. */
    static final EdgeBudget OF_THE_PROGRAM = new EdgeBudget(8192, 64L << 20, 256L << 20, EdgeTimes.USUAL);

    private static final Duration WATCH_PERIOD = Duration.ofSeconds(1);
    /** While requests are served. */
    private static final Duration WATCH_PERIOD_BUSY = Duration.ofMillis(20);
    /** Without a request it is no longer busy. */
    private static final Duration CALM_AFTER = Duration.ofSeconds(2);

    private final int connectionsMax;
    private final long receivedBytesMax;
    private final long unsentBytesMax;
    private final EdgeTimes times;
    private final Set<EdgeConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong receivedBytes = new AtomicLong();
    private final AtomicLong unsentBytes = new AtomicLong();
    private final AtomicBoolean watched = new AtomicBoolean();
    private volatile boolean calm;
    private volatile @Nullable Thread watcher;

    EdgeBudget(int connectionsMax, long receivedBytesMax, long unsentBytesMax, EdgeTimes times) {
        this.connectionsMax = connectionsMax;
        this.receivedBytesMax = receivedBytesMax;
        this.unsentBytesMax = unsentBytesMax;
        this.times = times;
    }

    EdgeTimes times() {
        return times;
    }

    /** Connections that are open now. */
    int connections() {
        return connections.size();
    }

    /** Bytes held now for bodies of requests: what has come, not what was announced. */
    long receivedBytes() {
        return receivedBytes.get();
    }

    /** Bytes held now of answers that wait for their readers. */
    long unsentBytes() {
        return unsentBytes.get();
    }

    /** Takes a connection in; where there are too many, for the one that has been idle longest. False if all are busy. */
    boolean admit(EdgeConnection connection) {
        if (watched.compareAndSet(false, true)) {
            watcher = Thread.ofVirtual().name("edge-limits").start(this::watch);
        }
        if (connections.size() >= connectionsMax && !makeRoom()) {
            return false;
        }
        connections.add(connection);
        return true;
    }

    /** A request begins. */
    void busy() {
        if (calm) {
            calm = false;
            LockSupport.unpark(watcher);
        }
    }

    void leave(EdgeConnection connection) {
        connections.remove(connection);
    }

    /** Closes the connection that has been idle longest, if one is. */
    boolean makeRoom() {
        @Nullable EdgeConnection longest = null;
        long longestNanos = -1;
        for (EdgeConnection connection : connections) {
            long nanos = connection.idleNanos();
            if (nanos > longestNanos) {
                longest = connection;
                longestNanos = nanos;
            }
        }
        if (longest == null) {
            return false;
        }
        connections.remove(longest);
        longest.close();
        return true;
    }

    boolean receive(long bytes) {
        return take(receivedBytes, bytes, receivedBytesMax);
    }

    void received(long bytes) {
        receivedBytes.addAndGet(-bytes);
    }

    boolean send(long bytes) {
        return take(unsentBytes, bytes, unsentBytesMax);
    }

    void sent(long bytes) {
        unsentBytes.addAndGet(-bytes);
    }

    private static boolean take(AtomicLong counter, long bytes, long max) {
        if (counter.addAndGet(bytes) > max) {
            counter.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /**
     * Sockets have no limit of time for writing, and a connection between two requests reads without one; one that waits for an
     * answer waits without one, and is to notice when its peer goes away.
     */
    private void watch() {
        long busyNanos = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
            for (EdgeConnection connection : connections) {
                if (connection.idleNanos() < 0) {
                    busyNanos = System.nanoTime();
                    connection.watchIfWaiting();
                }
                if (connection.idleNanos() > times.idle().toNanos()
                        || connection.writingNanos() > times.unread().toNanos()) {
                    connection.close();
                }
            }
            calm = System.nanoTime() - busyNanos > CALM_AFTER.toNanos();
            LockSupport.parkNanos(this, (calm ? WATCH_PERIOD : WATCH_PERIOD_BUSY).toNanos());
        }
    }
}
