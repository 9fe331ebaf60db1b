package dev.clusterlab.provisioning.client;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for requests that failed in the access logs, about once a second for as long as there are such, on a thread of its own: for
 * engines where time is wall-clock time and programs write their logs in containers of their own. Thread-safe.
 */
public final class AccessLogSearch implements LoopbackProbes.ServerSearch, AutoCloseable {
    /** Between two looks, so that one finds many. */
    private static final Duration PERIOD = Duration.ofSeconds(1);
    /** For so long a request is looked for: a Traefik tells of one when it is over, and learns late that a client has gone. */
    private static final Duration SOUGHT = Duration.ofSeconds(15);
    /** Requests that are looked for at once; of more the oldest are not. */
    private static final int SOUGHT_MAX = 20_000;

    private final EngineClock clock;
    private final AccessLogs logs;
    private final Map<String, Sought> sought = new LinkedHashMap<>();
    private @Nullable Thread searching;
    private boolean closed;

    private record Sought(Duration since, Consumer<String> found) {}

    public AccessLogSearch(Engine engine) {
        this.clock = engine.clock();
        this.logs = new AccessLogs(engine);
    }

    @Override
    public synchronized void find(String mark, Consumer<String> found) {
        if (closed) {
            return;
        }
        sought.put(mark, new Sought(clock.elapsed(), found));
        if (sought.size() > SOUGHT_MAX) {
            sought.remove(sought.keySet().iterator().next());
        }
        if (searching == null) {
            searching = Thread.ofVirtual().name("access-log-search").start(this::search);
        }
    }

    private void search() {
        try {
            do {
                clock.sleep(PERIOD);
                tell(logs.find(marks()));
            } while (goesOn());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Set<String> marks() {
        return Set.copyOf(sought.keySet());
    }

    private void tell(Map<String, String> servers) {
        List<Runnable> calls = new ArrayList<>();
        synchronized (this) {
            servers.forEach((mark, server) -> {
                Sought one = sought.remove(mark);
                if (one != null) {
                    calls.add(() -> one.found().accept(server));
                }
            });
        }
        calls.forEach(Runnable::run);
    }

    /** Whether there is something to look for; if not, the next one begins a search of its own. */
    private synchronized boolean goesOn() {
        Duration oldest = clock.elapsed().minus(SOUGHT);
        sought.values().removeIf(one -> one.since().compareTo(oldest) < 0);
        if (sought.isEmpty()) {
            searching = null;
        }
        return !sought.isEmpty();
    }

    @Override
    public void close() {
        Thread ending;
        synchronized (this) {
            closed = true;
            sought.clear();
            ending = searching;
        }
        if (ending != null) {
            ending.interrupt();
        }
        logs.close();
    }
}
