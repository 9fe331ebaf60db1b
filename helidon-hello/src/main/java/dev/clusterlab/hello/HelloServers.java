package dev.clusterlab.hello;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The server of a process in which many services begin and end: all share one, for a server of Helidon takes some megabytes, and
 * leaves a thread behind that nobody outside can end. A request says by {@link HelloService#marks} whose it is. Its threads keep a
 * program alive until it exits by itself. Thread-safe.
 */
public final class HelloServers {
    private final Map<String, HelloServer> servers = new LinkedHashMap<>();
    private final AtomicLong lastMark = new AtomicLong();

    /** The server of {@code host}, on a port that the first service has opened. */
    HelloServer at(String host) {
        synchronized (servers) {
            return servers.computeIfAbsent(host, HelloServer::shared);
        }
    }

    /** A name that no other service of these servers has, or had. */
    String mark() {
        return "s" + lastMark.incrementAndGet();
    }
}
