package dev.clusterlab.hello;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Servers for a process in which many services begin and end: a server whose service has ended is kept for the next one.
 * A stopped server of Helidon 4 leaves a thread behind, its timer for idle connections, which nobody outside can end. There
 * are as many servers as there were services at once. Their threads keep a program alive until it exits by itself. Thread-safe.
 */
public final class HelloServers {
    private final Map<String, Deque<HelloServer>> free = new LinkedHashMap<>();

    /** A server on any port of {@code host}; the one that is free for the longest time, or a new one. */
    HelloServer take(String host) {
        synchronized (free) {
            Deque<HelloServer> here = free.get(host);
            HelloServer kept = here == null ? null : here.poll();
            if (kept != null) {
                return kept;
            }
        }
        return HelloServer.open(host, 0);
    }

    void give(String host, HelloServer server) {
        server.serve(null);
        synchronized (free) {
            free.computeIfAbsent(host, name -> new ArrayDeque<>()).add(server);
        }
    }
}
