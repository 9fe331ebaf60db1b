package dev.clusterlab.provisioning.hosts.link;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between a lab and a host, and keeps every byte that was sent to the host. Only its own name, in the line that says who is
 * asked, it replaces by the host's on the way.
 */
public final class RecordingProxy implements AutoCloseable {
    private final ServerSocket server;
    private final String toHost;
    private final int toPort;
    private final Duration delay;
    private final List<ByteArrayOutputStream> recorded = new ArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** @param hostAndPort to which it passes everything on */
    public RecordingProxy(String hostAndPort) throws IOException {
        this(hostAndPort, Duration.ZERO);
    }

    /** @param delay of everything on its way, there and back */
    public RecordingProxy(String hostAndPort, Duration delay) throws IOException {
        this.delay = delay;
        int colon = hostAndPort.lastIndexOf(':');
        toHost = hostAndPort.substring(0, colon);
        toPort = Integer.parseInt(hostAndPort.substring(colon + 1));
        server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public String hostAndPort() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** Everything that was sent to the host, each connection's bytes as a text. */
    public List<String> sent() {
        synchronized (recorded) {
            return recorded.stream()
                    .map(bytes -> bytes.toString(StandardCharsets.ISO_8859_1))
                    .toList();
        }
    }

    /** Breaks every connection that there is. */
    public void drop() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                open.add(client);
                var bytes = new ByteArrayOutputStream();
                synchronized (recorded) {
                    recorded.add(bytes);
                }
                Thread.ofVirtual().start(() -> pass(client, bytes));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void pass(Socket client, ByteArrayOutputStream bytes) {
        try (client;
                Socket host = new Socket(toHost, toPort)) {
            open.add(host);
            Thread answers = Thread.ofVirtual().start(() -> copy(host, client, new ByteArrayOutputStream()));
            copy(client, host, bytes);
            host.shutdownOutput();
            answers.join();
        } catch (IOException e) {
            // Whoever asked notices.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void copy(Socket from, Socket to, ByteArrayOutputStream kept) {
        byte[] buffer = new byte[8192];
        try {
            InputStream input = from.getInputStream();
            OutputStream output = to.getOutputStream();
            for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                synchronized (recorded) {
                    kept.write(buffer, 0, read);
                }
                LockSupport.parkNanos(delay.toNanos());
                output.write(new String(buffer, 0, read, StandardCharsets.ISO_8859_1)
                        .replace("Host: " + hostAndPort(), "Host: " + toHost + ":" + toPort)
                        .getBytes(StandardCharsets.ISO_8859_1));
                output.flush();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            try {
                to.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        drop();
    }
}
