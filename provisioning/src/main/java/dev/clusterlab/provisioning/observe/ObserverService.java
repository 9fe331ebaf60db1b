package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.FaultListener;
import dev.clusterlab.provisioning.fault.FaultService;
import dev.clusterlab.provisioning.observe.ClusterReader.Frame;
import dev.clusterlab.provisioning.observe.ClusterReader.Parts;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@link Observer} over a {@link ClusterReader}: the engine's own where it can be read from inside, else one over the real
 * protocols. Makes events of what one picture has and the one before has not, in the order in which it happened.
 */
public final class ObserverService implements Observer {
    private static final System.Logger LOG = System.getLogger(ObserverService.class.getName());
    /** Wall-clock time: sweeps begin at most this often. */
    private static final Duration SWEEP_PERIOD = Duration.ofMillis(100);
    /** Wall-clock time: between sweeps of which the second only adds what came late for the first. */
    private static final Duration COMPLETION_PERIOD = Duration.ofMillis(20);
    /** Wall-clock time: without any change, traffic still ages, and what nobody tells of may be due. */
    private static final Duration IDLE_PERIOD = Duration.ofMillis(250);
    /** Wall-clock time: a picture in which nothing is new is passed on this often. */
    private static final Duration TELL_PERIOD = Duration.ofSeconds(1);
    /** Faults that ended are remembered this long, in engine time, as causes of what follows. */
    private static final Duration CAUSE_MEMORY = Duration.ofMinutes(2);

    private final Engine engine;
    private final Supplier<List<ActiveFault>> faults;
    /** For who follows; 150 ms and a sweep's pause leave time for a second sweep within 250 ms of an event. */
    private static final ConcurrentQueries.Limits LIMITS = new ConcurrentQueries.Limits(
            Duration.ofMillis(150), Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(5));

    private final boolean wallTime;
    /** What the engine's clock showed when the engine began. */
    private final Instant epoch;

    private final ClusterReader reader;
    private final Duration idlePeriod;
    private final TrafficRecord traffic = new TrafficRecord();
    private final List<BiConsumer<ClusterSnapshot, List<ClusterEvent>>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<RequestSample>> requestListeners = new CopyOnWriteArrayList<>();
    private final List<BiConsumer<String, String>> serverListeners = new CopyOnWriteArrayList<>();
    /** What has become of faults since the last poll, oldest first; guarded by itself. */
    private final List<FaultChange> faultChanges = new ArrayList<>();
    /** Guarded by the sweep lock. */
    private final EventMemory memory = new EventMemory();

    private final List<ActiveFault> causes = new ArrayList<>();
    /** Held for one whole sweep, so that snapshots follow one another. */
    private final ReentrantLock sweepLock = new ReentrantLock();

    private final Object signal = new Object();
    private boolean changed;
    private boolean completes;
    private volatile ClusterSnapshot latest;
    private long seenTraffic;
    private boolean repeatabilityLost;
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
        faults.listen(observer.new FaultWatch());
        return observer;
    }

    /** @param faults those in force now; see {@link FaultService#active()} */
    public ObserverService(Engine engine, Supplier<List<ActiveFault>> faults) {
        this(engine, faults, LIMITS, IDLE_PERIOD);
    }

    /**
     * @param limits of timeout, where time is wall-clock time
     * @param idlePeriod of wall-clock time, after which who follows polls without any sign of a change
     */
    ObserverService(
            Engine engine, Supplier<List<ActiveFault>> faults, ConcurrentQueries.Limits limits, Duration idlePeriod) {
        this.engine = engine;
        this.faults = faults;
        this.idlePeriod = idlePeriod;
        EngineClock clock = engine.clock();
        this.wallTime = clock.wallTime();
        this.epoch = clock.now().minus(clock.elapsed());
        this.reader = engine instanceof ReadFromInside inside
                ? inside.reader()
                : new ProtocolReader(engine, limits, this::wakeAtOnce, this::wake);
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
            long requests = traffic.count();
            List<Frame> frames = reader.read(patiently);
            // In this order: a fault that begins meanwhile is among those in force before it is among the changes.
            List<FaultChange> changes = faultChanges();
            List<ActiveFault> inForce = faults.get();
            var poll = new Poll(before, engine.clock().elapsed());
            poll.take(frames, changes);
            poll.takeRepeatability();
            ClusterSnapshot after = poll.end(inForce);
            boolean read = wallTime ? tellsNews(before, after) : !frames.isEmpty();
            boolean news = read || !poll.events.isEmpty() || requests != seenTraffic;
            seenTraffic = requests;
            latest = after;
            if (news) {
                toldNanos = System.nanoTime();
                tell(after, List.copyOf(poll.events));
            }
            return after;
        } finally {
            sweepLock.unlock();
        }
    }

    private List<FaultChange> faultChanges() {
        synchronized (faultChanges) {
            List<FaultChange> taken = List.copyOf(faultChanges);
            faultChanges.clear();
            return taken;
        }
    }

    /** What has become of a fault. */
    private record FaultChange(Duration at, ActiveFault fault, Became became) {}

    private enum Became {
        IN_FORCE,
        /** Something without duration. */
        DONE,
        /** In force for longer than it was to be. */
        EXTENDED,
        ENDED
    }

    /** Goes from the picture before to that of now, one change after the other, and collects the events on the way. */
    private final class Poll {
        private final Duration now;
        private ClusterSnapshot current;
        private final List<ClusterEvent> events = new ArrayList<>();

        Poll(ClusterSnapshot before, Duration now) {
            this.current = before;
            this.now = now;
        }

        /** Both oldest first. At the same instant a fault comes before its effects. */
        void take(List<Frame> frames, List<FaultChange> changes) {
            for (FaultChange change : changes) {
                if (change.became() == Became.IN_FORCE || change.became() == Became.DONE) {
                    causes.add(change.fault());
                }
            }
            int next = 0;
            for (Frame frame : frames) {
                while (next < changes.size() && changes.get(next).at().compareTo(frame.at()) <= 0) {
                    apply(changes.get(next++));
                }
                step(frame.at(), frame.parts(), reader.exact() ? stillIn(frame.parts()) : current.faults());
            }
            while (next < changes.size()) {
                apply(changes.get(next++));
            }
        }

        /** That is said once. */
        void takeRepeatability() {
            if (!repeatabilityLost && engine.repeatabilityLost().isPresent()) {
                repeatabilityLost = true;
                Duration at = engine.repeatabilityLost().orElse(now);
                ClusterEvent event =
                        new ClusterEvent.RepeatabilityLost(new Stamp(memory.nextNumber(), at, now, List.of()));
                memory.remember(event);
                events.add(event);
            }
        }

        private void apply(FaultChange change) {
            ActiveFault fault = change.fault();
            var inForce = new ArrayList<>(current.faults());
            switch (change.became()) {
                case IN_FORCE -> {
                    if (inForce.stream().noneMatch(known -> known.id().equals(fault.id()))) {
                        inForce.add(fault);
                    }
                }
                case EXTENDED -> inForce.replaceAll(known -> known.id().equals(fault.id()) ? fault : known);
                case ENDED -> inForce.removeIf(known -> known.id().equals(fault.id()));
                case DONE -> {
                    Duration at = notBefore(change.at());
                    ClusterEvent event = new ClusterEvent.FaultBegan(
                            new Stamp(memory.nextNumber(), at, now, List.of()), fault, true);
                    memory.remember(event);
                    events.add(event);
                }
            }
            step(change.at(), parts(current), inForce);
        }

        /** Some end because of what happens to their machine. */
        private List<ActiveFault> stillIn(Parts parts) {
            if (current.faults().isEmpty()) {
                return current.faults();
            }
            Map<String, Machine.State> states = parts.machines().stream()
                    .map(MachineView::machine)
                    .collect(Collectors.toMap(Machine::name, Machine::state, (first, second) -> first, TreeMap::new));
            return current.faults().stream()
                    .filter(fault -> !fault.over(name -> java.util.Optional.ofNullable(states.get(name))))
                    .toList();
        }

        /** A fault may be reported a little after a poll that found what followed. */
        private Duration notBefore(Duration at) {
            return at.compareTo(current.elapsed()) < 0 ? current.elapsed() : at;
        }

        private void step(Duration at, Parts parts, List<ActiveFault> inForce) {
            ClusterSnapshot before = current;
            Duration when = notBefore(at);
            var after = new ClusterSnapshot(
                    epoch.plus(when),
                    when,
                    parts.machines(),
                    parts.swarm(),
                    parts.consul(),
                    parts.traefik(),
                    inForce,
                    before.traffic(),
                    parts.reach());
            remember(after);
            events.addAll(new SnapshotDiff(before, after, causes, memory, now, reader.exact()).events());
            current = after;
        }

        /** The picture of now. */
        ClusterSnapshot end(List<ActiveFault> inForce) {
            step(now, parts(current), inForce);
            return new ClusterSnapshot(
                    engine.clock().now(),
                    current.elapsed(),
                    current.machines(),
                    current.swarm(),
                    current.consul(),
                    current.traefik(),
                    current.faults(),
                    traffic.view(current.elapsed()),
                    current.reach());
        }
    }

    private static Parts parts(ClusterSnapshot snapshot) {
        return new Parts(
                snapshot.machines(), snapshot.swarm(), snapshot.consul(), snapshot.traefik(), snapshot.reach());
    }

    /** Faults in force and those that ended lately may be causes. */
    private void remember(ClusterSnapshot after) {
        for (ActiveFault fault : after.faults()) {
            if (causes.stream().noneMatch(c -> c.id().equals(fault.id()))) {
                causes.add(fault);
            }
        }
        causes.removeIf(c -> c.since().plus(CAUSE_MEMORY).isBefore(after.time())
                && after.faults().stream().noneMatch(f -> f.id().equals(c.id())));
    }

    /** A poll of what is known already is cheap and frequent; its snapshot is not passed on if it shows nothing else. */
    private boolean tellsNews(ClusterSnapshot before, ClusterSnapshot after) {
        return System.nanoTime() - toldNanos >= TELL_PERIOD.toNanos()
                || !after.machines().equals(before.machines())
                || !after.swarm().equals(before.swarm())
                || !after.consul().equals(before.consul())
                || !after.traefik().equals(before.traefik())
                || !after.reach().equals(before.reach());
    }

    private void tell(ClusterSnapshot snapshot, List<ClusterEvent> events) {
        for (var listener : listeners) {
            try {
                listener.accept(snapshot, events);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "A listener of snapshots failed", e);
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
                        LOG.log(System.Logger.Level.WARNING, "A poll of the cluster failed; it is tried again", e);
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
        reader.begin();
        return () -> listeners.remove(listener);
    }

    @Override
    public void recordTraffic(RequestSample request) {
        traffic.add(engine.clock().elapsed(), request);
        requestListeners.forEach(listener -> listener.accept(request));
    }

    @Override
    public void recordServer(String mark, String server) {
        serverListeners.forEach(listener -> listener.accept(mark, server));
    }

    @Override
    public AutoCloseable onServer(BiConsumer<String, String> listener) {
        serverListeners.add(listener);
        return () -> serverListeners.remove(listener);
    }

    @Override
    public void recordMissedStart(Duration due) {
        traffic.addMissed(engine.clock().elapsed());
    }

    @Override
    public AutoCloseable onRequest(Consumer<RequestSample> listener) {
        requestListeners.add(listener);
        return () -> requestListeners.remove(listener);
    }

    /** What lasts is in the pictures, what does not must be reported here; and all of it is a possible cause. */
    private final class FaultWatch implements FaultListener {
        @Override
        public void injected(ActiveFault fault, boolean momentary) {
            note(fault, momentary ? Became.DONE : Became.IN_FORCE);
        }

        @Override
        public void extended(ActiveFault fault) {
            note(fault, Became.EXTENDED);
        }

        @Override
        public void ended(ActiveFault fault) {
            note(fault, Became.ENDED);
        }

        private void note(ActiveFault fault, Became became) {
            synchronized (faultChanges) {
                faultChanges.add(new FaultChange(engine.clock().elapsed(), fault, became));
            }
            wake();
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
                LOG.log(System.Logger.Level.DEBUG, "Unsubscribing from the engine failed", e);
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
        reader.close();
    }
}
