package dev.clusterlab.lab;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.ProbePlan;
import dev.clusterlab.provisioning.observe.Observer;
import dev.clusterlab.provisioning.traffic.Probe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client that a person switches on and off: asks for the site again and again until it is stopped. It waits for an
 * entry point where there is none yet. Like a client that knows several addresses, it stays with one machine until that
 * machine has been silent for a while, then takes the next. Thread-safe.
 */
public final class TrafficClient implements AutoCloseable {
    /** Engine time after which a request is given up. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Engine time between two polls for whether the entry point is still there. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Engine time that a machine may be gone before the client goes elsewhere. */
    private static final Duration FAITHFUL = Duration.ofSeconds(5);

    private final Engine engine;
    private final Observer observer;
    private final Object lock = new Object();
    private @Nullable Thread thread;
    private volatile Optional<EntryPoint> asking = Optional.empty();

    public TrafficClient(Engine engine, Observer observer) {
        this.engine = engine;
        this.observer = observer;
    }

    /**
     * Begins, or goes on at another rate.
     *
     * @param requestsPerSecond of engine time, 1 to {@link ProbePlan#RATE_MAX}
     */
    public void start(int requestsPerSecond) {
        synchronized (lock) {
            stop();
            thread = Thread.ofVirtual().name("traffic-client").start(() -> run(requestsPerSecond));
        }
    }

    /** Ends it; requests under way are given up. */
    public void stop() {
        synchronized (lock) {
            if (thread != null) {
                thread.interrupt();
                thread = null;
            }
            asking = Optional.empty();
        }
    }

    /** Whether it is switched on, also while it waits for an entry point. */
    public boolean running() {
        synchronized (lock) {
            return thread != null;
        }
    }

    /** The entry point that it asks; empty while it is switched off or waits for one. */
    public Optional<EntryPoint> asking() {
        return asking;
    }

    private void run(int requestsPerSecond) {
        EngineClock clock = engine.clock();
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Optional<EntryPoint> entry = EntryPoint.find(engine);
                if (!tell(entry)) {
                    return;
                }
                if (entry.isPresent()) {
                    ask(entry.get(), requestsPerSecond);
                } else {
                    clock.sleep(LOOK);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False once somebody has stopped this thread, or another one took its place. */
    private boolean tell(Optional<EntryPoint> entry) {
        synchronized (lock) {
            if (thread != Thread.currentThread()) {
                return false;
            }
            asking = entry;
            return true;
        }
    }

    private void ask(EntryPoint entry, int requestsPerSecond) throws InterruptedException {
        EngineClock clock = engine.clock();
        var plan = new ProbePlan(
                requestsPerSecond,
                ProbePlan.DURATION_MAX,
                List.of(entry.machine()),
                EntryPoint.PORT,
                "/",
                Map.of("Host", EntryPoint.HOST),
                TIMEOUT);
        try (Probe probe = Probe.start(engine, observer, plan)) {
            Duration lastSeen = clock.elapsed();
            while (!probe.over()) {
                clock.sleep(LOOK);
                if (there(entry)) {
                    lastSeen = clock.elapsed();
                } else if (clock.elapsed().minus(lastSeen).compareTo(FAITHFUL) >= 0) {
                    return;
                }
            }
        }
    }

    private boolean there(EntryPoint entry) {
        return engine.machine(entry.machine())
                .map(machine -> machine.state() == Machine.State.RUNNING
                        && machine.ports().containsKey(EntryPoint.PORT))
                .orElse(false);
    }

    @Override
    public void close() {
        stop();
    }
}
