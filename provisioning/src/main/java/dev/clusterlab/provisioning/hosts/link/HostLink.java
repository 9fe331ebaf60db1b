package dev.clusterlab.provisioning.hosts.link;

import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
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
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The way to one host, for reading: doors on this computer behind which its Docker daemon and ports of it answer. A way that breaks is
 * made anew when the next one asks; after failures it is waited, so that a host that is away is not knocked at all the time, and a
 * server that counts failed logins has no reason to shut this computer out. Thread-safe.
 */
public final class HostLink implements AutoCloseable {
    private final Host host;
    private final Dialer dialer;
    private final Path socket;
    private final LongSupplier nanos;
    private final Knocks knocks;
    private final RequestDoor docker;
    private final Map<Integer, Port> ports = new HashMap<>();

    private boolean closed;

    private record Port(RequestDoor door, String at) {}

    /**
     * @param socket where the door to the daemon is made, in a folder of this user alone
     * @param nanos as {@link System#nanoTime()}
     * @throws IOException if there can be no door
     */
    HostLink(Host host, Dialer dialer, Path socket, LongSupplier nanos) throws IOException {
        this.host = host;
        this.dialer = dialer;
        this.socket = socket;
        this.nanos = nanos;
        this.knocks = new Knocks(nanos);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        this.docker = door(server, ReadingDoor.permits(ReadingPaths.DOCKER, Optional.empty()), nanos);
    }

    /** Another door to the daemon, which shares what is known of the way. Whoever asked for it closes it. */
    RequestDoor door(ServerSocketChannel at, RequestDoor.Permits permits, LongSupplier time) {
        return new RequestDoor(
                host.toString(), authority(host), at, permits, () -> knocks.open(dialer::docker), knocks::told, time);
    }

    /** As the docker command line names a daemon behind a socket or ssh. */
    private static String authority(Host host) {
        return host.address() instanceof HostAddress.Tcp tcp ? tcp.authority() : "docker.example.com";
    }

    private static String authority(Host host, int port) {
        String given = host.ports().get(port);
        if (given != null) {
            return given;
        }
        return host.address() instanceof HostAddress.Tcp tcp
                ? new HostAddress.Tcp(tcp.host(), port, Optional.empty()).authority()
                : "127.0.0.1:" + port;
    }

    public Host host() {
        return host;
    }

    /** Where the daemon answers on this computer, to reading requests of this user. */
    public URI docker() {
        return URI.create("unix://" + socket.toUri().getRawPath());
    }

    /**
     * Where a published port of the host answers on this computer, to what is read of Consul and Traefik; opened by the first call.
     *
     * @return as {@code 127.0.0.1:PORT}
     */
    public synchronized String port(int port) {
        Port known = ports.get(port);
        if (known != null) {
            return known.at();
        }
        if (closed) {
            throw new IllegalStateException("the way to " + host.name() + " is closed");
        }
        try {
            ServerSocketChannel server = ServerSocketChannel.open();
            server.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
            String at = "127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort();
            // A port that does not answer says nothing of the host.
            var door = new RequestDoor(
                    host + ", port " + port,
                    authority(host, port),
                    server,
                    ReadingDoor.permits(ReadingPaths.PLATFORM, Optional.of(at)),
                    () -> HostPorts.dial(host, dialer, port),
                    ignored -> {},
                    nanos);
            ports.put(port, new Port(door, at));
            return at;
        } catch (IOException e) {
            throw new UncheckedIOException("No port of this computer could be had", e);
        }
    }

    /** Why the daemon was not reached when it was asked last; empty if it was, or has not been asked. */
    public Optional<HostTrouble> trouble() {
        return knocks.trouble();
    }

    /**
     * Runs a script on the host that only reads; empty where there is no way to run one.
     *
     * @param script for {@code sh}; not more than what looks
     * @throws HostUnreachableException if it could not be run
     */
    public Optional<String> look(String script, int limitSeconds) throws HostUnreachableException {
        return dialer instanceof SshDialer ssh ? Optional.of(ssh.run(script, limitSeconds)) : Optional.empty();
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
        docker.close();
        open.values().forEach(port -> port.door().close());
        dialer.close();
    }
}
