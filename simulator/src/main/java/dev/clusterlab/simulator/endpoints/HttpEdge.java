package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.core.HttpMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A real port on 127.0.0.1 behind which something inside the simulation answers. Idle it costs one waiting virtual thread.
 * Thread-safe.
 *
 * <p>A failure inside becomes one of the connection: refused, broken and timed-out ones are closed without an answer.
 *
 * <p>It has its number for life: {@link #shut} refuses connections and keeps the port from everybody else until
 * {@link #reopen}.
 */
public final class HttpEdge implements Door {
    /** Requests being served at once, long polls included; more are answered with status 503. */
    private static final int REQUESTS_MAX = 1024;

    /** Connections that the kernel has made and nobody has accepted yet. */
    private static final int BACKLOG = 512;
    /** Until it is tried again where nothing could be accepted, such as for lack of file descriptors. */
    private static final long RETRY_NANOS = 20_000_000L;

    private static final Duration ACCEPTOR_LIMIT = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger(HttpEdge.class.getName());

    private final Entrance entrance;
    private final HostPolicy hosts;
    private final EdgeBudget budget;
    private final int port;
    private final Set<EdgeConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();
    /** Null while it is shut or closed. */
    private volatile @Nullable ServerSocket listener;

    private @Nullable Thread acceptor;
    private @Nullable Socket held;

    /** Lets a request into the simulation; any thread. */
    @FunctionalInterface
    public interface Entrance {
        OutsideRequest enter(HttpMessage.Request request, Answer answer);
    }

    private HttpEdge(ServerSocket listener, HostPolicy hosts, Entrance entrance, EdgeBudget budget) {
        this.entrance = entrance;
        this.hosts = hosts;
        this.budget = budget;
        this.port = listener.getLocalPort();
        listen(listener);
    }

    /**
     * Opens a port.
     *
     * @param port wanted, or 0 for any
     * @throws PortInUseException if the wanted port belongs to somebody else
     * @throws UncheckedIOException if no port can be opened
     */
    public static HttpEdge open(int port, HostPolicy hosts, Entrance entrance) {
        return open(port, hosts, entrance, EdgeBudget.OF_THE_PROGRAM);
    }

    static HttpEdge open(int port, HostPolicy hosts, Entrance entrance, EdgeBudget budget) {
        return new HttpEdge(bind(port), hosts, entrance, budget);
    }

    private static ServerSocket bind(int port) {
        try {
            return new ServerSocket(port, BACKLOG, loopback());
        } catch (IOException e) {
            if (port != 0) {
                throw new PortInUseException(port, e);
            }
            throw new UncheckedIOException("no port could be opened on 127.0.0.1: " + e.getMessage(), e);
        }
    }

    /** 127.0.0.1, whatever the system prefers: every address that the lab shows has it. */
    static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
    }

    /** Where it answers on 127.0.0.1; the same for its whole life. */
    @Override
    public int port() {
        return port;
    }

    /** Whether it accepts connections. */
    @Override
    public boolean listens() {
        return listener != null;
    }

    /** Closes every connection, answered or not, and refuses new ones until {@link #reopen}; keeps the port. */
    @Override
    public synchronized void shut() {
        if (end()) {
            held = hold(port);
        }
    }

    /**
     * Accepts connections again; without effect if it does.
     *
     * @throws PortInUseException if somebody else has got the port after all
     */
    @Override
    public synchronized void reopen() {
        if (listener == null) {
            release();
            listen(bind(port));
        }
    }

    /** Closes the port for good and every connection, answered or not. */
    @Override
    public synchronized void close() {
        end();
        release();
    }

    private boolean end() {
        ServerSocket open = listener;
        listener = null;
        if (open == null) {
            return false;
        }
        try {
            open.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a port closed badly", e);
        }
        connections.forEach(EdgeConnection::close);
        awaitAcceptor();
        return true;
    }

    /** A port that somebody waits at is only closed once this somebody has noticed. */
    private void awaitAcceptor() {
        Thread accepting = acceptor;
        acceptor = null;
        try {
            if (accepting != null && !accepting.join(ACCEPTOR_LIMIT)) {
                LOG.log(System.Logger.Level.WARNING, "port " + port + " is slow to close");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A socket that is bound and does not listen: connections to it are refused, and nobody is given its port. */
    private static @Nullable Socket hold(int port) {
        var alone = bound(port, false);
        // Connections that were closed from this side keep the port for a minute; this one may share it with them.
        return alone != null ? alone : bound(port, true);
    }

    private static @Nullable Socket bound(int port, boolean shared) {
        var socket = new Socket();
        try {
            socket.setReuseAddress(shared);
            socket.bind(new InetSocketAddress(loopback(), port));
            return socket;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "port " + port + " could not be kept", e);
            closeQuietly(socket);
            return null;
        }
    }

    private void release() {
        if (held != null) {
            closeQuietly(held);
            held = null;
        }
    }

    private void listen(ServerSocket opened) {
        listener = opened;
        acceptor = Thread.ofVirtual().name("edge-" + port).start(() -> accept(opened));
    }

    private void accept(ServerSocket from) {
        while (listener == from) {
            try {
                Socket socket = from.accept();
                try {
                    begin(socket, from);
                } catch (IOException | RuntimeException | Error e) {
                    closeQuietly(socket);
                    throw e;
                }
            } catch (IOException | RuntimeException | Error e) {
                // Too many open files, or no memory for one more: others end, and this port must outlive it.
                if (listener == from) {
                    LOG.log(System.Logger.Level.DEBUG, "a connection could not be accepted", e);
                    budget.makeRoom();
                    LockSupport.parkNanos(RETRY_NANOS);
                }
            }
        }
    }

    private void begin(Socket socket, ServerSocket from) throws IOException {
        socket.setTcpNoDelay(true);
        var connection = new EdgeConnection(this, socket, budget);
        if (!budget.admit(connection)) {
            connection.refuse();
            return;
        }
        connections.add(connection);
        if (listener != from) {
            connection.close();
        }
        connection.start();
    }

    static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a connection closed badly", e);
        }
    }

    HostPolicy hosts() {
        return hosts;
    }

    OutsideRequest submit(HttpMessage.Request request, Answer answer) {
        return entrance.enter(request, answer);
    }

    boolean beginRequest() {
        if (requests.incrementAndGet() > REQUESTS_MAX) {
            requests.decrementAndGet();
            return false;
        }
        budget.busy();
        return true;
    }

    void endRequest() {
        requests.decrementAndGet();
    }

    void closed(EdgeConnection connection) {
        connections.remove(connection);
        budget.leave(connection);
    }
}
