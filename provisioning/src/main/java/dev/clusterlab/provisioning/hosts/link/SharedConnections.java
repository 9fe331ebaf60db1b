package dev.clusterlab.provisioning.hosts.link;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which streams to one host share which connection: an ssh server lets ten sessions into a connection (MaxSessions) and refuses
 * more, also while one of the ten is still on its way out. Thread-safe.
 */
final class SharedConnections {
    /** Streams of one connection, with room for those that are ending. */
    static final int STREAMS = 6;

    private final Path socket;
    /** Open streams of each connection. */
    private final List<Integer> open = new ArrayList<>();

    /** @param socket of the first connection; those of others are beside it */
    SharedConnections(Path socket) {
        this.socket = socket;
    }

    /** For one more stream; {@link #give} says that it has ended. */
    synchronized Path take() {
        int chosen = 0;
        while (chosen < open.size() && open.get(chosen) >= STREAMS) {
            chosen++;
        }
        if (chosen == open.size()) {
            open.add(0);
        }
        open.set(chosen, open.get(chosen) + 1);
        return at(chosen);
    }

    synchronized void give(Path taken) {
        for (int i = 0; i < open.size(); i++) {
            if (at(i).equals(taken)) {
                open.set(i, open.get(i) - 1);
            }
        }
    }

    /** Sockets of all connections that there have been. */
    synchronized List<Path> all() {
        var all = new ArrayList<Path>();
        for (int i = 0; i < open.size(); i++) {
            all.add(at(i));
        }
        return all;
    }

    private Path at(int index) {
        return index == 0 ? socket : socket.resolveSibling(socket.getFileName() + "." + index);
    }
}
