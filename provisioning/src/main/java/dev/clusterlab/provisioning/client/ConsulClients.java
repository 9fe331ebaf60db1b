package dev.clusterlab.provisioning.client;

import dev.clusterlab.provisioning.Machine;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Clients of Consul agents by endpoint, made when first asked for and kept. Thread-safe. */
public final class ConsulClients implements AutoCloseable {
    private static final Duration WALL_LIMIT = Duration.ofSeconds(30);

    private final Duration timeout;
    private final Duration wallLimit;
    private final Map<String, ConsulPort> clients = new LinkedHashMap<>();

    /** @param timeout engine time after which a request is given up, in whole seconds */
    public ConsulClients(Duration timeout) {
        this(timeout, WALL_LIMIT);
    }

    /** @param wallLimit of wall-clock time, after which a request without any answer is given up */
    public ConsulClients(Duration timeout, Duration wallLimit) {
        this.timeout = timeout;
        this.wallLimit = wallLimit;
    }

    /**
     * The agent that answers at {@code hostAndPort}, such as {@code 127.0.0.1:41234} ({@link Machine#ports()}). No request
     * is made yet.
     */
    public ConsulPort at(String hostAndPort) {
        synchronized (clients) {
            return clients.computeIfAbsent(hostAndPort, at -> new ConsulClientPort(at, timeout, wallLimit));
        }
    }

    /** Closes the clients of endpoints that are not among these. */
    public void keepOnly(java.util.Collection<String> endpoints) {
        synchronized (clients) {
            clients.entrySet().removeIf(entry -> {
                boolean gone = !endpoints.contains(entry.getKey());
                if (gone) {
                    entry.getValue().close();
                }
                return gone;
            });
        }
    }

    @Override
    public void close() {
        synchronized (clients) {
            clients.values().forEach(ConsulPort::close);
            clients.clear();
        }
    }
}
