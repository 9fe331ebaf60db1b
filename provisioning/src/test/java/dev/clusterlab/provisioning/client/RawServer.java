package dev.clusterlab.provisioning.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A web server over bare connections, which can also do what no web server does on purpose. */
final class RawServer implements AutoCloseable {
    private static final String BODY = "Hello Docker World on democonsul:instance_raw";

    /** What it does with a request. */
    enum Manner {
        ANSWERS,
        ANSWERS_502,
        /** Answers once it has become another. */
        WAITS,
        /** Breaks the connection off. */
        RESETS,
        /** Closes the connection in order, without a word. */
        CLOSES
    }

    private final ServerSocket socket = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final List<String> hosts = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final long[] delaysMs;
    private final Object lock = new Object();
    private Manner manner;

    RawServer(Manner manner) throws IOException {
        this(manner, new long[0]);
    }

    private RawServer(Manner manner, long[] delaysMs) throws IOException {
        this.manner = manner;
        this.delaysMs = delaysMs;
        Thread.ofVirtual().start(this::accept);
    }

    /** One whose answers take these times, in milliseconds, by the order of the requests. */
    static RawServer taking(long[] delaysMs) throws IOException {
        return new RawServer(Manner.ANSWERS, delaysMs.clone());
    }

    String hostAndPort() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** The {@code Host} header of every request. */
    List<String> hosts() {
        return List.copyOf(hosts);
    }

    /** Connections that are open. */
    int open() {
        return connections.size();
    }

    void become(Manner other) {
        synchronized (lock) {
            manner = other;
            lock.notifyAll();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            var in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
            while (request(in)) {
                int number = asked.getAndIncrement();
                if (delaysMs.length > 0) {
                    Thread.sleep(delaysMs[number % delaysMs.length]);
                }
                switch (awaitManner()) {
                    case ANSWERS, WAITS -> answer(connection, "200 OK", BODY);
                    case ANSWERS_502 -> answer(connection, "502 Bad Gateway", "Bad Gateway");
                    case RESETS -> {
                        connection.setSoLinger(true, 0);
                        return;
                    }
                    case CLOSES -> {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            // The client left.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(connection);
        }
    }

    /** Reads one; false at the end. */
    private boolean request(BufferedReader in) throws IOException {
        String line = in.readLine();
        if (line == null) {
            return false;
        }
        while (line != null && !line.isEmpty()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("host:")) {
                hosts.add(line.substring(5).strip());
            }
            line = in.readLine();
        }
        return true;
    }

    private Manner awaitManner() throws InterruptedException {
        synchronized (lock) {
            while (manner == Manner.WAITS && !socket.isClosed()) {
                lock.wait();
            }
            return manner;
        }
    }

    private static void answer(Socket connection, String status, String body) throws IOException {
        connection
                .getOutputStream()
                .write(("HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        socket.close();
        synchronized (lock) {
            lock.notifyAll();
        }
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
