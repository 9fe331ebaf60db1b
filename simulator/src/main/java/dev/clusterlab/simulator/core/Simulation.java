package dev.clusterlab.simulator.core;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Virtual time and its event queue, ordered by (time, sequence).
 *
 * <p>Everything inside runs on one thread, which the caller provides; no method may be called from another thread. Time
 * moves only in {@link #step()} and the {@code run} methods. The same seed and the same calls give the same history.
 *
 * <p><b>Observing leaves no trace.</b> What only reads the world for somebody outside runs within {@link #observe}. All that
 * is scheduled there is observation too, its random choices come from streams of their own ({@link SimRandom}), and the
 * network orders its messages apart ({@link Underlay}): history is the same whether and whatever somebody observes. Who
 * keeps a callback to run it from a later event keeps it by {@link #keep}.
 */
public final class Simulation {
    /** The last moment there is: an event later than that is at it, and nobody waits so long. */
    private static final long END_NANOS = Long.MAX_VALUE - 1;

    private final EventQueue<Entry> queue = new EventQueue<>();
    private final SimRandom random;
    private final Instant epoch;
    private long nowNanos;
    private long executed;
    private boolean observing;
    /** Counts what history schedules; unlike the order in the queue it does not know of observation. */
    private long historyOrder;

    private long digest;

    /**
     * @param seed the source of every random choice inside
     * @param epoch what the inside believes the date to be at virtual time zero
     */
    public Simulation(long seed, Instant epoch) {
        this.random = new SimRandom(seed, this::observing);
        this.epoch = epoch;
    }

    /** Virtual nanoseconds since the simulation began. */
    public long nowNanos() {
        return nowNanos;
    }

    /** Virtual time since the simulation began. */
    public Duration elapsed() {
        return Duration.ofNanos(nowNanos);
    }

    /** The date and time that the inside believes it to be. */
    public Instant now() {
        return epoch.plusNanos(nowNanos);
    }

    /** How many events have run. */
    public long executedEvents() {
        return executed;
    }

    /**
     * A digest of history: of the instant and the order of all events that have run, observation apart. Two runs with
     * the same history have the same digest; others, but for chance, another one.
     */
    public long digest() {
        return digest;
    }

    /** Whether what runs now only reads the world for somebody outside. */
    public boolean observing() {
        return observing;
    }

    /** Runs {@code action} at once as observation; see the class. */
    public void observe(Runnable action) {
        within(true, action);
    }

    /** {@code action}, which will run as observation if that is what happens now, and else as history. */
    public Runnable keep(Runnable action) {
        boolean kept = observing;
        return () -> within(kept, action);
    }

    /** As {@link #keep(Runnable)}. */
    public <T> Consumer<T> keep(Consumer<T> action) {
        boolean kept = observing;
        return value -> within(kept, () -> action.accept(value));
    }

    private void within(boolean observation, Runnable action) {
        boolean before = observing;
        observing = observation;
        try {
            action.run();
        } finally {
            observing = before;
        }
    }

    /** How many entries the queue holds, cancelled ones that are not cleared away yet among them. */
    public int queueLength() {
        return queue.size();
    }

    /** A random source for one component; see {@link SimRandom#split(String)}. */
    public SimRandom random(String component) {
        return random.split(component);
    }

    /**
     * Runs {@code action} after {@code delay}; a delay that is not positive means "now, after what is already due", one
     * beyond the end of time (292 years) means never.
     */
    public Timer schedule(Duration delay, Runnable action) {
        return scheduleNanos(nanos(delay), action);
    }

    static long nanos(Duration delay) {
        try {
            return delay.toNanos();
        } catch (ArithmeticException beyond) {
            return delay.isNegative() ? 0 : Long.MAX_VALUE;
        }
    }

    private long after(long delayNanos) {
        return Math.max(0, delayNanos) > END_NANOS - nowNanos ? END_NANOS : nowNanos + Math.max(0, delayNanos);
    }

    /** As {@link #schedule(Duration, Runnable)}, in nanoseconds. */
    public Timer scheduleNanos(long delayNanos, Runnable action) {
        var call = new Call(this, action);
        schedule(delayNanos, call);
        return call;
    }

    /** As {@link #scheduleNanos}, for one that is its own entry in the queue, and has not been in it. */
    void schedule(long delayNanos, Entry entry) {
        entry.historyOrder = observing ? Entry.OBSERVATION : historyOrder++;
        queue.add(after(delayNanos), entry);
    }

    /** Says that an entry that has not run is {@linkplain Entry#gone gone}. */
    void gone(Entry entry) {
        queue.oneGone(entry);
    }

    /** Virtual time of the next event in nanoseconds, or {@link Long#MAX_VALUE} if nothing is scheduled. */
    public long nextEventNanos() {
        Entry first = queue.first();
        return first == null ? Long.MAX_VALUE : first.timeNanos();
    }

    /** Moves time to the next event and runs it; false if there is none. */
    public boolean step() {
        Entry next = queue.first();
        if (next == null) {
            return false;
        }
        nowNanos = next.timeNanos();
        queue.removeFirst();
        executed++;
        boolean observation = next.historyOrder == Entry.OBSERVATION;
        if (!observation) {
            digest = (digest ^ nowNanos) * 0x9e3779b97f4a7c15L;
            digest = (digest ^ (digest >>> 29) ^ next.historyOrder) * 0xbf58476d1ce4e5b9L;
        }
        within(observation, next);
        return true;
    }

    /** Runs every event due up to and at {@code timeNanos}, then stands at that time. */
    public void runUntilNanos(long timeNanos) {
        while (nextEventNanos() <= timeNanos) {
            step();
        }
        nowNanos = Math.max(nowNanos, timeNanos);
    }

    /** Runs for {@code duration} of virtual time. */
    public void runFor(Duration duration) {
        runUntilNanos(after(nanos(duration)));
    }

    /**
     * Runs until {@code condition} holds (looked at after every event) or {@code limit} of virtual time has passed.
     *
     * @return whether the condition holds
     */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        long deadline = after(nanos(limit));
        while (!condition.getAsBoolean()) {
            if (nextEventNanos() > deadline) {
                nowNanos = deadline;
                return condition.getAsBoolean();
            }
            step();
        }
        return true;
    }

    /** Something that will happen, and runs then. A large swarm makes two for each message: what they need, they have in themselves. */
    abstract static class Entry extends EventQueue.Event implements Runnable {
        /** In place of an order in history. */
        private static final long OBSERVATION = -1;

        private long historyOrder;
    }

    private static final class Call extends Entry implements Timer {
        private static final Runnable DONE = () -> {};

        private final Simulation simulation;
        private Runnable action;

        Call(Simulation simulation, Runnable action) {
            this.simulation = simulation;
            this.action = action;
        }

        @Override
        public void run() {
            Runnable taken = action;
            action = DONE;
            taken.run();
        }

        @Override
        public void cancel() {
            if (action != DONE) {
                action = DONE;
                simulation.gone(this);
            }
        }

        @Override
        public boolean pending() {
            return action != DONE;
        }

        @Override
        boolean gone() {
            return action == DONE;
        }
    }
}
