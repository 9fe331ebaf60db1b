package dev.clusterlab.provisioning.hosts.link;

import dev.clusterlab.provisioning.hosts.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The way to one host whose owner may consent to faults: the reading one, and beside it a door for what is done to containers, one for the
 * helper, and doors for the requests of clients. {@link Consent} is asked for each request that changes something. Thread-safe.
 */
public final class HostConsent implements AutoCloseable {
    private final HostLink link;
    private final Dialer dialer;
    private final Path socket;
    private final Consent consent;
    private final RequestDoor containers;
    private final RequestDoor helper;
    private final Map<Integer, Port> ports = new HashMap<>();
    private boolean closed;

    private record Port(PassingDoor door, String at) {}

    /**
     * @param socket where the reading door is made; the others beside it
     * @throws IOException if there can be no door
     */
    HostConsent(Host host, Dialer dialer, Path socket, LongSupplier nanos, Consent consent) throws IOException {
        this.dialer = dialer;
        this.socket = socket;
        this.consent = consent;
        this.link = new HostLink(host, dialer, socket, nanos);
        this.containers = door(".c", ConsentDoor.containers(consent), nanos);
        this.helper = door(".h", ConsentDoor.helper(consent), nanos);
    }

    private RequestDoor door(String suffix, RequestDoor.Permits permits, LongSupplier nanos) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(beside(suffix)));
        return link.door(server, permits, nanos);
    }

    private Path beside(String suffix) {
        return socket.resolveSibling(socket.getFileName() + suffix);
    }

    /** For reading alone. */
    public HostLink link() {
        return link;
    }

    public Host host() {
        return link.host();
    }

    public Consent consent() {
        return consent;
    }

    /** Where the daemon answers to reading requests, and to what is done to containers by consent. */
    public URI containers() {
        return URI.create("unix://" + beside(".c").toUri().getRawPath());
    }

    /** Where the daemon answers to reading requests, and to what the helper needs. */
    public URI helper() {
        return URI.create("unix://" + beside(".h").toUri().getRawPath());
    }

    /**
     * Where a published port of the host answers on this computer, to whatever clients ask of it; opened by the first call.
     *
     * @return as {@code 127.0.0.1:PORT}
     */
    public synchronized String clients(int port) {
        Port known = ports.get(port);
        if (known != null) {
            return known.at();
        }
        if (closed) {
            throw new IllegalStateException("the way to " + host().name() + " is closed");
        }
        try {
            ServerSocketChannel server = ServerSocketChannel.open();
            server.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
            String at = "127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort();
            var door = new PassingDoor(
                    host() + ", port " + port,
                    server,
                    false,
                    () -> HostPorts.dial(host(), dialer, port),
                    ignored -> {});
            ports.put(port, new Port(door, at));
            return at;
        } catch (IOException e) {
            throw new UncheckedIOException("No port of this computer could be had", e);
        }
    }

    @Override
    public void close() {
        Map<Integer, Port> open;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            open = Map.copyOf(ports);
        }
        containers.close();
        helper.close();
        open.values().forEach(port -> port.door().close());
        link.close();
    }
}
