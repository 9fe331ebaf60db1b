package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Sweep;
import dev.clusterlab.provisioning.client.ConsulClients;
import dev.clusterlab.provisioning.client.DockerClients;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.FaultService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * {@link Observer} over the real protocols: every machine's own daemon, every Consul agent and Traefik behind a published
 * port. It never depends on one manager. Nothing is read again while the engine's change count stands still.
 *
 * <p>Where time is wall-clock time, daemons may hang, and not everything that changes is told of by the engine: then nobody
 * who hangs holds up the picture of the others ({@link ConcurrentQueries}), Consul is followed by blocking queries
 * ({@link ConsulWatch}), and what nobody tells of is asked for once in a while ({@link PollPlan}). An engine with a clock of
 * its own tells of every change, and its daemons answer in its own time.
 */
public final class ObserverService implements Observer {
    private static final Logger LOG = Logger.getLogger(ObserverService.class.getName());
    /** Wall-clock time: sweeps begin at most this often. */
    private static final Duration SWEEP_PERIOD = Duration.ofMillis(100);
    /** Wall-clock time: between sweeps of which the second only adds what came late for the first. */
    private static final Duration COMPLETION_PERIOD = Duration.ofMillis(20);
    /** Wall-clock time: without any change, traffic still ages, and what nobody tells of may be due. */
    private static final Duration IDLE_PERIOD = Duration.ofMillis(250);
    /** Wall-clock time: a picture in which nothing is new is told this often. */
    private static final Duration TELL_PERIOD = Duration.ofSeconds(1);
    /** Of engine time: looked at again after this long although nothing is said to have changed. */
    private static final Duration STALE = Duration.ofSeconds(5);
    /** Faults that ended are remembered this long, in engine time, as causes of what follows. */
    private static final Duration CAUSE_MEMORY = Duration.ofMinutes(2);

    private final Engine engine;
    private final Supplier<List<ActiveFault>> faults;
    /** For who follows; 150 ms and a sweep's pause leave time for a second sweep within 250 ms of an event. */
    private static final ConcurrentQueries.Limits LIMITS = new ConcurrentQueries.Limits(
            Duration.ofMillis(150), Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(5));
    /** Whoever looks now, for a command or a check, rather waits than sees what was before. */
    private static final Duration DIRECT_LIMIT = Duration.ofSeconds(1);
    /** An engine whose time is not wall-clock time gives up by itself, in its own time. */
    private static final Duration NO_LIMIT = Duration.ofSeconds(60);

    private final boolean wallTime;
    private final DockerClients docker;
    private final ConsulClients consul;
    private final LoopbackHttp http = new LoopbackHttp(Duration.ofSeconds(5));
    private final SwarmReader swarmReader;
    private final ConsulReader consulReader;
    private final TraefikReader traefikReader = new TraefikReader(http);
    private final ConcurrentQueries punctual;
    private final ConsulWatch consulWatch;
    private final AtomicLong catalogChanges = new AtomicLong();
    private final Duration idlePeriod;
    private final TrafficRecord traffic = new TrafficRecord();
    private final List<BiConsumer<ClusterSnapshot, List<ClusterEvent>>> listeners = new CopyOnWriteArrayList<>();
    private final List<Recorded> recorded = new ArrayList<>();
    /** Guarded by the sweep lock. */
    private final EventMemory memory = new EventMemory();

    private final List<ActiveFault> causes = new ArrayList<>();
    /** Held for one whole sweep, so that snapshots follow one another. */
    private final ReentrantLock sweepLock = new ReentrantLock();

    private final Object signal = new Object();
    private boolean changed;
    private boolean completes;
    private volatile ClusterSnapshot latest;
    private long seenChanges = -1;
    private Duration readAt = Duration.ZERO;
    private long seenTraffic;
    private long sweeps;
    private long toldNanos;
    private @Nullable Thread follower;
    private @Nullable AutoCloseable subscription;
    private volatile boolean closed;

    /** An observer that knows of no faults. */
    public ObserverService(Engine engine) {
        this(engine, List::of);
    }

    /** An observer whose snapshots and events tell of the faults of {@code faults}. */
    public static ObserverService of(Engine engine, FaultService faults) {
        var observer = new ObserverService(engine, faults::active);
        faults.listen(observer::faultInjected);
        return observer;
    }

    /** @param faults those in force now; see {@link FaultService#active()} */
    public ObserverService(Engine engine, Supplier<List<ActiveFault>> faults) {
        this(engine, faults, LIMITS, IDLE_PERIOD);
    }

    /**
     * @param limits of timeout, where time is wall-clock time
     * @param idlePeriod of wall-clock time, after which who follows looks without any sign of a change
     */
    ObserverService(
            Engine engine, Supplier<List<ActiveFault>> faults, ConcurrentQueries.Limits limits, Duration idlePeriod) {
        this.engine = engine;
        this.faults = faults;
        this.idlePeriod = idlePeriod;
        EngineClock clock = engine.clock();
        this.wallTime = clock.wallTime();
        this.docker = wallTime ? new DockerClients(engine, limits.request()) : new DockerClients(engine);
        this.consul = wallTime
                ? new ConsulClients(Duration.ofSeconds(1), limits.request())
                : new ConsulClients(Duration.ofSeconds(1));
        this.swarmReader = new SwarmReader(docker);
        this.consulReader = new ConsulReader(consul);
        this.punctual = new ConcurrentQueries(
                wallTime ? limits : new ConcurrentQueries.Limits(NO_LIMIT, NO_LIMIT, NO_LIMIT, NO_LIMIT),
                System::nanoTime,
                this::wakeAtOnce);
        this.consulWatch = new ConsulWatch(ConsulWatch.Pace.USUAL, RandomGenerator.getDefault(), Thread::sleep, () -> {
            catalogChanges.incrementAndGet();
            wake();
        });
        this.latest = ClusterSnapshot.empty(clock.now());
    }

    @Override
    public ClusterSnapshot latest() {
        return latest;
    }

    @Override
    public ClusterSnapshot observe() {
        return observe(true);
    }

    /** @param patiently rather late than of before, where time is wall-clock time */
    private ClusterSnapshot observe(boolean patiently) {
        sweepLock.lock();
        try {
            if (closed) {
                return latest;
            }
            ClusterSnapshot before = latest;
            // Read before the sweep: what changes meanwhile is looked at next time.
            long changes = engine.changeCount();
            long requests = traffic.count();
            List<ActiveFault> inForce = faults.get();
            boolean stale = engine.clock().elapsed().minus(readAt).compareTo(STALE) >= 0;
            boolean same = !wallTime && changes == seenChanges && !stale;
            ClusterSnapshot after = same ? again(before, inForce) : read(before, inForce, look(changes, patiently));
            seenChanges = changes;
            List<ClusterEvent> events = events(before, after);
            boolean read = wallTime ? tellsNews(before, after) : !same;
            boolean news = read || !events.isEmpty() || requests != seenTraffic;
            seenTraffic = requests;
            latest = after;
            if (news) {
                toldNanos = System.nanoTime();
                tell(after, events);
            }
            return after;
        } finally {
            sweepLock.unlock();
        }
    }

    private PollPlan look(long changes, boolean patiently) {
        if (!wallTime) {
            sweeps++;
            if (Sweep.of(engine.clock()) == Sweep.SEQUENTIAL) {
                return PollPlan.atAll(Queries.SEQUENTIAL, sweeps);
            }
            punctual.beginPatiently(NO_LIMIT);
            return PollPlan.atAll(punctual, sweeps);
        }
        if (patiently) {
            punctual.beginPatiently(DIRECT_LIMIT);
        } else {
            punctual.begin();
        }
        return PollPlan.atNews(punctual, changes, catalogChanges.get(), consulWatch.stands());
    }

    /** A look at what is known already is cheap and frequent; it need not be told if it shows nothing else. */
    private boolean tellsNews(ClusterSnapshot before, ClusterSnapshot after) {
        return System.nanoTime() - toldNanos >= TELL_PERIOD.toNanos()
                || !after.machines().equals(before.machines())
                || !after.swarm().equals(before.swarm())
                || !after.consul().equals(before.consul())
                || !after.traefik().equals(before.traefik());
    }

    private ClusterSnapshot read(ClusterSnapshot before, List<ActiveFault> inForce, PollPlan look) {
        List<Machine> machines = engine.machines();
        docker.keepOnly(machines.stream().map(Machine::name).toList());
        SwarmReader.Seen seen = swarmReader.read(machines, before, look);
        ConsulReader.Read consulRead = consulReader.read(seen, look);
        if (wallTime) {
            consulWatch.follow(consulRead.agents());
        }
        var traefikViews = traefikReader.read(seen, look);
        Duration elapsed = engine.clock().elapsed();
        readAt = elapsed;
        return new ClusterSnapshot(
                engine.clock().now(),
                elapsed,
                seen.machines(),
                seen.swarm(),
                consulRead.view(),
                traefikViews,
                inForce,
                traffic.view(elapsed));
    }

    private ClusterSnapshot again(ClusterSnapshot before, List<ActiveFault> inForce) {
        Duration elapsed = engine.clock().elapsed();
        return new ClusterSnapshot(
                engine.clock().now(),
                elapsed,
                before.machines(),
                before.swarm(),
                before.consul(),
                before.traefik(),
                inForce,
                traffic.view(elapsed));
    }

    private List<ClusterEvent> events(ClusterSnapshot before, ClusterSnapshot after) {
        for (ActiveFault fault : after.faults()) {
            if (causes.stream().noneMatch(c -> c.id().equals(fault.id()))) {
                causes.add(fault);
            }
        }
        causes.removeIf(c -> c.since().plus(CAUSE_MEMORY).isBefore(after.time())
                && after.faults().stream().noneMatch(f -> f.id().equals(c.id())));
        var events = new ArrayList<ClusterEvent>();
        synchronized (recorded) {
            for (Recorded each : recorded) {
                ClusterEvent event =
                        each.event().apply(new Stamp(memory.nextNumber(), each.at(), each.at(), List.of()));
                memory.remember(event);
                events.add(event);
            }
            recorded.clear();
        }
        events.addAll(new SnapshotDiff(before, after, causes, memory).events());
        return List.copyOf(events);
    }

    private void tell(ClusterSnapshot snapshot, List<ClusterEvent> events) {
        for (var listener : listeners) {
            try {
                listener.accept(snapshot, events);
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "A listener of snapshots failed", e);
            }
        }
    }

    @Override
    public void follow() {
        synchronized (signal) {
            if (follower != null || closed) {
                return;
            }
            changed = true;
            subscription = engine.onChange(this::wake);
            follower = Thread.ofPlatform().daemon(true).name("observer").start(this::followChanges);
        }
    }

    private void wake() {
        synchronized (signal) {
            changed = true;
            signal.notifyAll();
        }
    }

    /** The picture lacks only what has just come: to complete it costs nobody a question. */
    private void wakeAtOnce() {
        synchronized (signal) {
            completes = true;
        }
        wake();
    }

    /** Sweeps begin a period apart, or a shorter one if they only complete the one before. */
    private void pause(long beganNanos) throws InterruptedException {
        synchronized (signal) {
            while (!closed) {
                long period = (completes ? COMPLETION_PERIOD : SWEEP_PERIOD).toMillis();
                long leftMillis = period - (System.nanoTime() - beganNanos) / 1_000_000;
                if (leftMillis <= 0) {
                    return;
                }
                signal.wait(leftMillis);
            }
        }
    }

    private void followChanges() {
        try {
            while (!closed) {
                long beganNanos = System.nanoTime();
                synchronized (signal) {
                    changed = false;
                    completes = false;
                }
                try {
                    observe(false);
                } catch (RuntimeException e) {
                    if (!closed) {
                        LOG.log(Level.WARNING, "Looking at the cluster failed; it is tried again", e);
                    }
                }
                pause(beganNanos);
                synchronized (signal) {
                    if (!changed && !closed) {
                        signal.wait(idlePeriod.toMillis());
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public AutoCloseable onSnapshot(BiConsumer<ClusterSnapshot, List<ClusterEvent>> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void recordTraffic(int status, String instance, double latencyMs) {
        traffic.add(engine.clock().elapsed(), status, instance, latencyMs);
    }

    /** Something that no snapshot shows, at {@code at}; it gets its number when it is told. */
    private record Recorded(Duration at, Function<Stamp, ClusterEvent> event) {}

    private void faultInjected(ActiveFault fault, boolean momentary) {
        recordFault(fault);
        // What lasts is told by comparing snapshots, what does not must be told here.
        if (momentary) {
            synchronized (recorded) {
                recorded.add(new Recorded(
                        engine.clock().elapsed(), stamp -> new ClusterEvent.FaultBegan(stamp, fault, true)));
            }
            wake();
        }
    }

    /** Something was injected: keeps it as a possible cause even if it is over before the next look. */
    private void recordFault(ActiveFault fault) {
        sweepLock.lock();
        try {
            causes.add(fault);
        } finally {
            sweepLock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        AutoCloseable subscribed;
        Thread following;
        synchronized (signal) {
            subscribed = subscription;
            following = follower;
            signal.notifyAll();
        }
        if (subscribed != null) {
            try {
                subscribed.close();
            } catch (Exception e) {
                LOG.log(Level.FINE, "Unsubscribing from the engine failed", e);
            }
        }
        if (following != null) {
            following.interrupt();
            try {
                following.join(2000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        punctual.close();
        consulWatch.close();
        docker.close();
        consul.close();
        http.close();
    }
}
