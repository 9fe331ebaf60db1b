package dev.clusterlab.simulator.endpoints;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * The loopback ports of what one machine publishes. A port keeps its loopback port for the machine's life: while it is not
 * published, such as while the machine is off, connections are refused and nobody else gets it. Guarded by its owner.
 */
final class PublishedPorts implements AutoCloseable {
    /** Loopback ports that are kept although nothing is published there; beyond, the ones opened longest ago go. */
    static final int SHUT_MAX = 64;

    private static final System.Logger LOG = System.getLogger(PublishedPorts.class.getName());

    private final IntFunction<Door> opener;
    /** By published port, in the order in which they were last opened. */
    private final Map<Integer, Door> edges = new LinkedHashMap<>();

    /** {@code opener} opens a loopback port for a published one. */
    PublishedPorts(IntFunction<Door> opener) {
        this.opener = opener;
    }

    /** Opens and shuts ports so that these, and only these, accept connections. */
    void bring(Collection<Integer> wanted) {
        edges.forEach((port, edge) -> {
            if (!wanted.contains(port)) {
                edge.shut();
            }
        });
        for (int port : wanted) {
            try {
                open(port);
            } catch (UncheckedIOException e) {
                // Such as too many open files: the other ports, and those of other machines, must not suffer.
                LOG.log(System.Logger.Level.WARNING, "published port " + port + " has no loopback port", e);
            }
        }
        forget();
    }

    private void open(int port) {
        Door known = edges.get(port);
        if (known != null && known.listens()) {
            return;
        }
        if (known != null) {
            edges.remove(port);
            try {
                known.reopen();
                edges.put(port, known);
                return;
            } catch (PortInUseException e) {
                LOG.log(System.Logger.Level.WARNING, "published port " + port + " gets another loopback port", e);
                known.close();
            }
        }
        edges.put(port, opener.apply(port));
    }

    private void forget() {
        var shut = new ArrayList<Integer>();
        edges.forEach((port, edge) -> {
            if (!edge.listens()) {
                shut.add(port);
            }
        });
        for (int port : shut.subList(0, Math.max(0, shut.size() - SHUT_MAX))) {
            Door forgotten = edges.remove(port);
            if (forgotten != null) {
                forgotten.close();
            }
        }
    }

    /** Published ports that answer now, and the loopback port of each. */
    NavigableMap<Integer, Integer> open() {
        var open = new TreeMap<Integer, Integer>();
        edges.forEach((port, edge) -> {
            if (edge.listens()) {
                open.put(port, edge.port());
            }
        });
        return open;
    }

    @Override
    public void close() {
        edges.values().forEach(Door::close);
    }
}
