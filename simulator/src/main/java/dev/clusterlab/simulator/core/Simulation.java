package dev.clusterlab.simulator.core;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * Virtual time and its event queue, ordered by (time, sequence).
 *
 * <p>Everything inside runs on one thread, which the caller provides; no method may be called from another thread. Time
 * moves only in {@link #step()} and the {@code run} methods. The same seed and the same calls give the same history.
 */
public final class Simulation {
    private final PriorityQueue<Entry> queue = new PriorityQueue<>();
    private final SimRandom random;
    private final Instant epoch;
    private long nowNanos;
    private long sequence;
    private long executed;

    /**
     * @param seed the source of every random choice inside
     * @param epoch what the inside believes the date to be at virtual time zero
     */
    public Simulation(long seed, Instant epoch) {
        this.random = new SimRandom(seed);
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

    /** A random source for one component; see {@link SimRandom#split(String)}. */
    public SimRandom random(String component) {
        return random.split(component);
    }

    /** Runs {@code action} after {@code delay}; a delay that is not positive means "now, after what is already due". */
    public Timer schedule(Duration delay, Runnable action) {
        return scheduleNanos(delay.toNanos(), action);
    }

    /** As {@link #schedule(Duration, Runnable)}, in nanoseconds. */
    public Timer scheduleNanos(long delayNanos, Runnable action) {
        var entry = new Entry(nowNanos + Math.max(0, delayNanos), sequence++, action);
        queue.add(entry);
        return entry;
    }

    /** Virtual time of the next event in nanoseconds, or {@link Long#MAX_VALUE} if nothing is scheduled. */
    public long nextEventNanos() {
        dropCancelled();
        Entry next = queue.peek();
        return next == null ? Long.MAX_VALUE : next.timeNanos;
    }

    /** Moves time to the next event and runs it; false if there is none. */
    public boolean step() {
        dropCancelled();
        Entry next = queue.poll();
        if (next == null) {
            return false;
        }
        nowNanos = next.timeNanos;
        executed++;
        Runnable action = next.take();
        action.run();
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
        runUntilNanos(nowNanos + duration.toNanos());
    }

    /**
     * Runs until {@code condition} holds (looked at after every event) or {@code limit} of virtual time has passed.
     *
     * @return whether the condition holds
     */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        long deadline = nowNanos + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (nextEventNanos() > deadline) {
                nowNanos = deadline;
                return condition.getAsBoolean();
            }
            step();
        }
        return true;
    }

    private void dropCancelled() {
        while (!queue.isEmpty() && !queue.peek().pending()) {
            queue.poll();
        }
    }

    private static final class Entry implements Comparable<Entry>, Timer {
        private final long timeNanos;
        private final long order;
        private Runnable action;

        Entry(long timeNanos, long order, Runnable action) {
            this.timeNanos = timeNanos;
            this.order = order;
            this.action = action;
        }

        Runnable take() {
            Runnable taken = action;
            action = DONE;
            return taken;
        }

        @Override
        public void cancel() {
            action = DONE;
        }

        @Override
        public boolean pending() {
            return action != DONE;
        }

        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(timeNanos, other.timeNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }

        private static final Runnable DONE = () -> {};
    }
}
