package dev.clusterlab.provisioning.hosts.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A socket on this computer behind which something on a host answers, to requests that are understood and let through one by one. Nothing
 * else can leave by it: what goes to the host is written here, anew, from what a {@link Permits} understood. Whoever asks for more gets
 * 403 with a sentence; where no way leads to the host, 502 with the reason.
 *
 * <p>Serves each connection on threads of its own until it is closed.
 */
final class RequestDoor implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RequestDoor.class.getName());
    /** Of wall-clock time: a host at the end of a slow line is given at least this long, whoever asks. */
    private static final Duration WAIT_LEAST = Duration.ofSeconds(8);

    private static final int BUFFER = 16_384;

    /** Opens a stream to what is behind the door. */
    @FunctionalInterface
    interface Opening {
        ByteStream open() throws HostUnreachableException;
    }

    /** What may leave. */
    @FunctionalInterface
    interface Permits {
        /**
         * Reads a request.
         *
         * @return empty at the end of the requests
         * @throws ReadingRequest.Refused if it may not leave, with the whole sentence for whoever asked
         */
        Optional<? extends Request> read(InputStream from) throws IOException, ReadingRequest.Refused;
    }

    /** A request that may leave, as it was understood. */
    interface Request {
        /**
         * The bytes that leave.
         *
         * @param authority of whoever is asked, as it knows itself: whoever asked knows the door only
         */
        byte[] bytes(String authority);

        /** How long whoever asks waits for an answer, where it says so; {@code least} at least. */
        Optional<Duration> wait(Duration least);
    }

    private final String name;
    private final String authority;
    private final ServerSocketChannel server;
    private final Permits permits;
    private final Opening opening;
    private final Consumer<Optional<HostTrouble>> told;
    private final LongSupplier nanos;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param authority of what is behind the door, as requests name it
     * @param server bound; closed with the door
     * @param told of each answer that began (empty), and of each trouble; on any thread
     * @param nanos as {@link System#nanoTime()}, by which it is waited for answers
     */
    RequestDoor(
            String name,
            String authority,
            ServerSocketChannel server,
            Permits permits,
            Opening opening,
            Consumer<Optional<HostTrouble>> told,
            LongSupplier nanos) {
        this.name = name;
        this.authority = authority;
        this.server = server;
        this.permits = permits;
        this.opening = opening;
        this.told = told;
        this.nanos = nanos;
        Thread.ofVirtual().name("door to " + name).start(this::accept);
    }

    private void accept() {
        while (!closed) {
            try {
                var connection = new Connection(server.accept());
                connections.add(connection);
                Thread.ofVirtual().name("through the door to " + name).start(connection::serve);
                if (closed) {
                    connection.close();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "The door to " + name + " cannot be used", e);
                return;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            server.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "The door to " + name + " could not be closed", e);
        }
        connections.forEach(Connection::close);
    }

    /** One client, its requests in turn. */
    private final class Connection {
        private final SocketChannel client;
        private final InputStream asked;
        private final OutputStream answered;
        /** Guards what is written to the client, and what follows. */
        private final Object lock = new Object();

        private @Nullable ByteStream host;
        private long requests;
        /** Of the last request, whether its answer has begun. */
        private boolean answering;

        private boolean over;

        Connection(SocketChannel client) {
            this.client = client;
            this.asked = Channels.newInputStream(client);
            this.answered = Channels.newOutputStream(client);
        }

        void serve() {
            try {
                while (true) {
                    Optional<? extends Request> request = permits.read(asked);
                    if (request.isEmpty()) {
                        return;
                    }
                    pass(request.get());
                }
            } catch (ReadingRequest.Refused e) {
                refuse(String.valueOf(e.getMessage()));
            } catch (HostUnreachableException e) {
                told.accept(Optional.of(e.trouble()));
                answer(DoorAnswer.unreachable(e.trouble()));
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "A connection to " + name + " ended", e);
            } finally {
                close();
            }
        }

        private void pass(Request request) throws IOException {
            ByteStream to;
            long number;
            synchronized (lock) {
                to = host;
            }
            if (to == null) {
                to = opening.open();
                ByteStream opened = to;
                synchronized (lock) {
                    host = opened;
                    if (over) {
                        opened.close();
                        return;
                    }
                }
                Thread.ofVirtual().name("answers of " + name).start(() -> answers(opened));
            }
            synchronized (lock) {
                requests++;
                number = requests;
                answering = false;
            }
            request.wait(WAIT_LEAST)
                    .ifPresent(limit ->
                            Thread.ofVirtual().name("patience with " + name).start(() -> endLate(number, limit)));
            try {
                to.output().write(request.bytes(authority));
                to.output().flush();
            } catch (IOException e) {
                // Whoever reads its answers knows why, and says so.
                LOG.log(System.Logger.Level.DEBUG, "A request to " + name + " could not be sent", e);
            }
        }

        /** Whoever said how long it waits is not kept longer by a host that is silent. */
        private void endLate(long number, Duration limit) {
            synchronized (lock) {
                long end = nanos.getAsLong() + limit.toNanos();
                try {
                    for (long left = limit.toMillis();
                            left > 0 && waits(number);
                            left = (end - nanos.getAsLong()) / 1_000_000) {
                        lock.wait(left);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
                if (!waits(number)) {
                    return;
                }
            }
            answer(DoorAnswer.of(
                    504,
                    "Gateway Timeout",
                    "Preference-Applied: wait\r\n",
                    name + " did not answer within " + limit.toSeconds() + " s."));
            close();
        }

        private boolean waits(long number) {
            return !over && !answering && requests == number;
        }

        private void answers(ByteStream from) {
            byte[] buffer = new byte[BUFFER];
            boolean any = false;
            try {
                InputStream input = from.input();
                for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                    if (!any) {
                        any = true;
                        told.accept(Optional.empty());
                    }
                    synchronized (lock) {
                        if (over) {
                            return;
                        }
                        answering = true;
                        lock.notifyAll();
                        answered.write(buffer, 0, read);
                        answered.flush();
                    }
                }
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "Answers of " + name + " broke off", e);
            } finally {
                ended(from, any);
                close();
            }
        }

        private void ended(ByteStream from, boolean any) {
            if (closed) {
                return;
            }
            Optional<HostTrouble> why = from.trouble();
            synchronized (lock) {
                if (over) {
                    return;
                }
            }
            if (!any && why.isPresent()) {
                told.accept(why);
                answer(DoorAnswer.unreachable(why.get()));
            }
        }

        /** Who has its last answer asks for something else: nothing of the host is under way. */
        private void refuse(String message) {
            synchronized (lock) {
                if (requests > 0 && !answering) {
                    return;
                }
                answering = false;
            }
            answer(DoorAnswer.of(403, "Forbidden", "", message));
        }

        /** An answer of this program's own, if none of the host has begun. */
        private void answer(byte[] bytes) {
            synchronized (lock) {
                if (over || answering) {
                    return;
                }
                over = true;
                lock.notifyAll();
                try {
                    answered.write(bytes);
                    answered.flush();
                    client.shutdownOutput();
                } catch (IOException e) {
                    LOG.log(System.Logger.Level.DEBUG, "A refusal could not be told", e);
                }
            }
        }

        void close() {
            try {
                // First of all: whoever writes to a client that does not read holds the lock until then.
                client.close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "A connection could not be closed", e);
            }
            ByteStream open;
            synchronized (lock) {
                over = true;
                lock.notifyAll();
                open = host;
            }
            connections.remove(this);
            if (open != null) {
                open.close();
            }
        }
    }
}
