package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A door without a socket, for callers in this program. It gets one the first time that somebody asks for {@link #socket}, for callers
 * that know nothing but sockets. Thread-safe.
 */
final class InnerDoor implements Door {
    private final int number;
    private final HostPolicy hosts;
    private final HttpEdge.Entrance entrance;
    private boolean open = true;
    private @Nullable HttpEdge edge;

    InnerDoor(int number, HostPolicy hosts, HttpEdge.Entrance entrance) {
        this.number = number;
        this.hosts = hosts;
        this.entrance = entrance;
    }

    /** Any thread; empty, after {@code answer} has been told so, if nobody is let in. */
    Optional<OutsideRequest> enter(HttpMessage.Request request, Answer answer) {
        if (!listens()) {
            answer.failed(HttpExchange.Failure.REFUSED);
            return Optional.empty();
        }
        return Optional.of(entrance.enter(request, answer));
    }

    /** A loopback port that leads to the same. */
    synchronized int socket() {
        HttpEdge opened = edge;
        if (opened == null) {
            opened = HttpEdge.open(0, hosts, entrance);
            edge = opened;
            if (!open) {
                opened.shut();
            }
        }
        return opened.port();
    }

    @Override
    public int port() {
        return number;
    }

    @Override
    public synchronized boolean listens() {
        return open;
    }

    @Override
    public synchronized void shut() {
        open = false;
        if (edge != null) {
            edge.shut();
        }
    }

    @Override
    public synchronized void reopen() {
        open = true;
        if (edge != null) {
            edge.reopen();
        }
    }

    @Override
    public synchronized void close() {
        open = false;
        if (edge != null) {
            edge.close();
        }
    }
}
