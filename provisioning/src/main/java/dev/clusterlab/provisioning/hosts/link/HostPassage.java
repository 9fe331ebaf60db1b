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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The way to one host, for a lab that has it: doors on this computer behind which its Docker daemon and ports of it answer, to whatever
 * is asked. {@link HostLink} is the way that lets only reading requests through; the two have no common way out. A way that breaks is
 * made anew when the next one asks, as there. Thread-safe.
 */
public final class HostPassage implements AutoCloseable {
    private static final String PING = "GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n";

    private final Host host;
    private final Dialer dialer;
    private final Path socket;
    private final Knocks knocks;
    private PassingDoor docker;
    private Path at;
    private int begun;
    private final Map<Integer, Port> ports = new HashMap<>();
    private boolean closed;

    private record Port(PassingDoor door, String at) {}

    /**
     * @param socket where the door to the daemon is made, in a folder of this user alone
     * @param nanos as {@link System#nanoTime()}
     * @throws IOException if there can be no door
     */
    HostPassage(Host host, Dialer dialer, Path socket, LongSupplier nanos) throws IOException {
        this.host = host;
        this.dialer = dialer;
        this.socket = socket;
        this.knocks = new Knocks(nanos);
        this.at = socket;
        this.docker = door(socket);
    }

    private PassingDoor door(Path place) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(place));
        return new PassingDoor(host.toString(), server, true, () -> knocks.openWhenDue(dialer::docker), knocks::told);
    }

    public Host host() {
        return host;
    }

    /** Where the daemon answers on this computer, to this user; elsewhere after each {@link #begin}. */
    public synchronized URI docker() {
        return URI.create("unix://" + at.toUri().getRawPath());
    }

    /**
     * Where a published port of the host answers on this computer; opened by the first call. Where nobody listens there, a connection
     * ends at once.
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
            var door = new PassingDoor(
                    host + ", port " + port, server, false, () -> HostPorts.dial(host, dialer, port), ignored -> {});
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
     * Tries the way once, apart from whoever else asks, and without the patience that those have.
     *
     * @param limit of wall-clock time, from when the host took the connection
     * @return whether its daemon answered
     */
    public boolean knock(Duration limit) {
        try (ByteStream stream = dialer.docker();
                var _ = new StreamLimit(stream, limit)) {
            stream.output().write(PING.getBytes(StandardCharsets.US_ASCII));
            stream.output().flush();
            return stream.input().read() >= 0;
        } catch (IOException e) {
            // Whoever cannot be asked does not answer.
            return false;
        }
    }

    /** There is reason to ask anew, although it failed just now. */
    public void again() {
        knocks.forget();
    }

    /**
     * What was known of the way holds no more: the host was switched off or on. Streams that are open end, and the door to the daemon is
     * another one, so that nobody asks through a connection that was made before.
     */
    public void begin() {
        PassingDoor old;
        Path left;
        synchronized (this) {
            if (closed) {
                return;
            }
            old = docker;
            left = at;
            begun++;
            Path next = socket.resolveSibling(socket.getFileName() + "." + begun);
            try {
                docker = door(next);
            } catch (IOException e) {
                throw new UncheckedIOException("No socket of this computer could be had", e);
            }
            at = next;
        }
        old.close();
        dialer.forget();
        knocks.forget();
        try {
            Files.deleteIfExists(left);
        } catch (IOException e) {
            throw new UncheckedIOException("A socket of this program could not be removed", e);
        }
    }

    /**
     * Runs a script on the host; empty where there is no way to run one.
     *
     * @throws HostUnreachableException if it could not be run
     */
    public Optional<String> run(String script, int limitSeconds) throws HostUnreachableException {
        return dialer instanceof SshDialer ssh ? Optional.of(ssh.run(script, limitSeconds)) : Optional.empty();
    }

    @Override
    public void close() {
        Map<Integer, Port> open;
        PassingDoor last;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            open = Map.copyOf(ports);
            last = docker;
        }
        last.close();
        open.values().forEach(port -> port.door().close());
        dialer.close();
    }
}
