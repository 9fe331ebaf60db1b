package dev.clusterlab.provisioning.hosts.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A socket on this computer behind which something on a host answers, to whoever may use the socket. All bytes pass, both ways, and
 * nothing here reads them; each connection has a stream of its own, and nothing is ever sent again by the door. Serves each connection
 * on threads of its own until it is closed.
 */
final class PassingDoor implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PassingDoor.class.getName());
    private static final int BUFFER = 32_768;

    private final String name;
    private final ServerSocketChannel server;
    private final boolean speaking;
    private final RequestDoor.Opening opening;
    private final Consumer<Optional<HostTrouble>> told;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param server bound; closed with the door
     * @param speaking whether clients speak HTTP, and so can be told by an answer why nobody else answers
     * @param told of each answer that began (empty), and of each trouble; on any thread
     */
    PassingDoor(
            String name,
            ServerSocketChannel server,
            boolean speaking,
            RequestDoor.Opening opening,
            Consumer<Optional<HostTrouble>> told) {
        this.name = name;
        this.server = server;
        this.speaking = speaking;
        this.opening = opening;
        this.told = told;
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

    /** Ends the streams that are open; new ones can be opened. */
    void drop() {
        connections.forEach(Connection::close);
    }

    @Override
    public void close() {
        closed = true;
        try {
            server.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "The door to " + name + " could not be closed", e);
        }
        drop();
    }

    private final class Connection {
        private final SocketChannel client;
        private final AtomicBoolean over = new AtomicBoolean();
        private volatile Optional<ByteStream> host = Optional.empty();

        Connection(SocketChannel client) {
            this.client = client;
        }

        void serve() {
            try {
                ByteStream stream = opening.open();
                host = Optional.of(stream);
                if (over.get()) {
                    stream.close();
                    return;
                }
                Thread.ofVirtual().name("answers of " + name).start(() -> answers(stream));
                copy(Channels.newInputStream(client), stream.output());
                // The client has said all; what is answered may still come.
                stream.endOutput();
            } catch (HostUnreachableException e) {
                told.accept(Optional.of(e.trouble()));
                refuse(e.trouble());
                close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "What was sent to " + name + " broke off", e);
                if (host.isEmpty()) {
                    close();
                }
            }
        }

        private void answers(ByteStream from) {
            boolean any = false;
            try {
                InputStream input = from.input();
                OutputStream output = Channels.newOutputStream(client);
                byte[] buffer = new byte[BUFFER];
                for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                    if (!any) {
                        any = true;
                        told.accept(Optional.empty());
                    }
                    output.write(buffer, 0, read);
                }
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "Answers of " + name + " broke off", e);
            } finally {
                if (!any && !over.get() && !closed) {
                    from.trouble().ifPresent(why -> {
                        told.accept(Optional.of(why));
                        tell(why);
                    });
                }
                close();
            }
        }

        /** Whoever is answered before it has asked does not hear the answer. */
        private void refuse(HostTrouble trouble) {
            try {
                if (speaking && Channels.newInputStream(client).read(new byte[BUFFER]) > 0) {
                    tell(trouble);
                }
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "Nobody waits any more for " + name, e);
            }
        }

        private void tell(HostTrouble trouble) {
            if (!speaking || over.get()) {
                return;
            }
            try {
                Channels.newOutputStream(client).write(DoorAnswer.unreachable(trouble));
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "A trouble could not be told", e);
            }
        }

        void close() {
            over.set(true);
            try {
                client.close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "A connection could not be closed", e);
            }
            host.ifPresent(ByteStream::close);
            connections.remove(this);
        }
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            to.write(buffer, 0, read);
            to.flush();
        }
    }
}
