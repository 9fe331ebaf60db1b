package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.core.HttpMessage;
import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real port on 127.0.0.1 behind which something inside the simulation answers. Idle it costs one waiting thread.
 *
 * <p>A failure inside becomes one of the connection: refused, broken and timed-out ones are closed without an answer.
 */
public final class HttpEdge implements AutoCloseable {
    /** Requests being served at once, long polls included; more are answered with status 503. */
    private static final int REQUESTS_MAX = 1024;

    private static final int CONNECTIONS_MAX = 2048;
    private static final Duration IDLE = Duration.ofMinutes(10);

    private final Entrance entrance;
    private final HostPolicy hosts;
    private final WebServer server;
    private final Set<EdgeConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile boolean closed;

    /** Lets a request into the simulation; any thread. */
    @FunctionalInterface
    public interface Entrance {
        OutsideRequest enter(HttpMessage.Request request, Answer answer);
    }

    private HttpEdge(int port, HostPolicy hosts, Entrance entrance) {
        this.entrance = entrance;
        this.hosts = hosts;
        this.server = WebServer.builder()
                .address(InetAddress.getLoopbackAddress())
                .port(port)
                .shutdownHook(false)
                .shutdownGracePeriod(Duration.ofMillis(50))
                .featuresDiscoverServices(false)
                .protocolsDiscoverServices(false)
                .concurrencyLimitDiscoverServices(false)
                .addConnectionSelector(new Selector())
                .maxTcpConnections(CONNECTIONS_MAX)
                .idleConnectionTimeout(IDLE)
                .connectionOptions(options -> options.readTimeout(Duration.ZERO).tcpNoDelay(true))
                .build();
    }

    /**
     * Opens a port.
     *
     * @param port wanted, or 0 for any
     * @throws PortInUseException if the wanted port belongs to somebody else
     */
    public static HttpEdge open(int port, HostPolicy hosts, Entrance entrance) {
        if (port != 0) {
            // Helidon logs a port in use with a stack trace and says nothing to its caller.
            try (var probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException e) {
                throw new PortInUseException(port, e);
            }
        }
        var edge = new HttpEdge(port, hosts, entrance);
        edge.server.start();
        if (!edge.server.isRunning()) {
            throw new IllegalStateException("no port could be opened on 127.0.0.1");
        }
        return edge;
    }

    /** Where it answers on 127.0.0.1. */
    public int port() {
        return server.port();
    }

    /** Closes the port and every connection, answered or not. */
    @Override
    public void close() {
        closed = true;
        connections.forEach(connection -> connection.close(true));
        server.stop();
    }

    HostPolicy hosts() {
        return hosts;
    }

    OutsideRequest submit(HttpMessage.Request request, Answer answer) {
        return entrance.enter(request, answer);
    }

    boolean begin() {
        if (requests.incrementAndGet() > REQUESTS_MAX) {
            requests.decrementAndGet();
            return false;
        }
        return true;
    }

    void end() {
        requests.decrementAndGet();
    }

    void opened(EdgeConnection connection) {
        connections.add(connection);
        if (closed) {
            connection.close(true);
        }
    }

    void closed(EdgeConnection connection) {
        connections.remove(connection);
    }

    /** Every connection to an edge is ours, whatever its first bytes. */
    private final class Selector implements ServerConnectionSelector {
        @Override
        public int bytesToIdentifyConnection() {
            return 0;
        }

        @Override
        public Support supports(BufferData data) {
            return Support.SUPPORTED;
        }

        @Override
        public Set<String> supportedApplicationProtocols() {
            return Set.of();
        }

        @Override
        public ServerConnection connection(ConnectionContext context) {
            return new EdgeConnection(HttpEdge.this, context);
        }
    }
}
