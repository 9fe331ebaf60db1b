package dev.clusterlab.simulator.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The life of something that can be paused and killed: a machine while it is on, a container while it runs.
 *
 * <p>What is scheduled in a scope does not run once the scope or a parent is closed, and waits while it or a parent is
 * paused (as a process stopped by a signal or frozen by its control group does). A closed scope never opens again; what
 * starts anew gets a new scope. Children close with their parent.
 */
public final class Scope {
    /** Shortest period of what is repeated. */
    public static final Duration PERIOD_MIN = Duration.ofMillis(10);

    private static final @Nullable Scheduled[] NOTHING = {};
    private static final int PENDING_MIN = 4;
    /** What is due within ten seconds is not noted: when the scope is closed, it goes by itself when its time has come. */
    private static final long SOON_NANOS = 10_000_000_000L;

    private final Simulation simulation;
    private final String name;
    private final @Nullable Scope parent;
    private final List<Scope> children = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    /** Whether it has been paused itself. */
    private boolean frozen;
    /** Whether this scope or a parent is; kept here, since it is asked for each message. */
    private boolean paused;

    private boolean closed;
    /** What is scheduled for later than soon and has not run, with gaps: to take one in or out touches no other. */
    private @Nullable Scheduled[] pending = NOTHING;

    private int pendingCount;
    /** Where the next gap is looked for. */
    private int gap;

    private Scope(Simulation simulation, String name, @Nullable Scope parent) {
        this.simulation = simulation;
        this.name = name;
        this.parent = parent;
    }

    /** A scope without a parent. */
    public static Scope root(Simulation simulation, String name) {
        return new Scope(simulation, name, null);
    }

    /** A scope that closes with this one and is paused while this one is. */
    public Scope child(String childName) {
        var child = new Scope(simulation, childName, this);
        child.closed = closed;
        child.paused = paused;
        children.removeIf(Scope::closed);
        children.add(child);
        return child;
    }

    public String name() {
        return name;
    }

    public Simulation simulation() {
        return simulation;
    }

    /** Neither closed nor paused, nor is any parent. */
    public boolean running() {
        return !closed && !paused;
    }

    /** Whether this scope or a parent is paused. */
    public boolean paused() {
        return paused;
    }

    /** Closed for good. */
    public boolean closed() {
        return closed;
    }

    /** Runs {@code action} after {@code delay}, unless the scope has closed by then; waits while it is paused. */
    public Timer schedule(Duration delay, Runnable action) {
        return new Scheduled(this, delay, action);
    }

    /**
     * Runs {@code action} every {@code period}, first after one period, until cancelled or closed. A period shorter than
     * {@link #PERIOD_MIN} is that long: with none, time would never move.
     */
    public Timer every(Duration period, Runnable action) {
        return new Repeating(this, period.compareTo(PERIOD_MIN) < 0 ? PERIOD_MIN : period, action);
    }

    /** Runs {@code action} now; when resumed, if paused; never, if closed. */
    public void execute(Runnable action) {
        if (closed) {
            return;
        }
        if (paused) {
            held.add(simulation.keep(action));
            return;
        }
        action.run();
    }

    /** Freezes this scope and its children; without effect if closed. */
    public void pause() {
        frozen = true;
        mark();
    }

    private void mark() {
        paused = frozen || (parent != null && parent.paused);
        children.forEach(Scope::mark);
    }

    /** Ends the freeze and runs, in order, what came due meanwhile. */
    public void resume() {
        frozen = false;
        mark();
        release();
    }

    private void release() {
        if (closed || paused) {
            return;
        }
        List<Runnable> due = List.copyOf(held);
        held.clear();
        for (Runnable action : due) {
            execute(action);
        }
        for (Scope child : List.copyOf(children)) {
            child.release();
        }
    }

    /** Ends this scope and its children at once; nothing scheduled in them runs any more. */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        held.clear();
        // Some would be due in days of virtual time, and until then hold all that the scope was.
        for (Scheduled scheduled : pending) {
            if (scheduled != null) {
                scheduled.cancel();
            }
        }
        pending = NOTHING;
        for (Scope child : List.copyOf(children)) {
            child.close();
        }
        children.clear();
    }

    private int takeIn(Scheduled scheduled) {
        if (2 * pendingCount >= pending.length) {
            pending = Arrays.copyOf(pending, Math.max(PENDING_MIN, 2 * pending.length));
        }
        while (pending[gap] != null) {
            gap = (gap + 1) & (pending.length - 1);
        }
        pending[gap] = scheduled;
        pendingCount++;
        return gap;
    }

    private void takeOut(int place) {
        pending[place] = null;
        pendingCount--;
        gap = place;
    }

    /** Can be cancelled also while it waits for the end of a pause. Runs twice: when it is due, and when its scope lets it. */
    private static final class Scheduled extends Simulation.Entry implements Timer {
        private static final int OVER = -1;
        /** Not noted in the scope. */
        private static final int SOON = -2;

        private final Scope scope;
        private final Runnable action;
        /** Among what is pending in the scope. */
        private int place = OVER;

        private boolean due;

        Scheduled(Scope scope, Duration delay, Runnable action) {
            this.scope = scope;
            this.action = action;
            if (!scope.closed) {
                long delayNanos = Simulation.nanos(delay);
                scope.simulation.schedule(delayNanos, this);
                place = delayNanos > SOON_NANOS ? scope.takeIn(this) : SOON;
            }
        }

        private void leave() {
            if (place != SOON) {
                scope.takeOut(place);
            }
            place = OVER;
        }

        @Override
        public void run() {
            if (!due) {
                due = true;
                scope.execute(this);
            } else if (pending()) {
                leave();
                action.run();
            }
        }

        @Override
        public void cancel() {
            if (place != OVER) {
                leave();
                if (!due) {
                    scope.simulation.gone(this);
                }
            }
        }

        @Override
        public boolean pending() {
            return place != OVER && !scope.closed;
        }

        @Override
        boolean gone() {
            return !pending();
        }
    }

    private static final class Repeating implements Timer {
        private final Scope scope;
        private final Duration period;
        private final Runnable action;
        private Timer next;

        Repeating(Scope scope, Duration period, Runnable action) {
            this.scope = scope;
            this.period = period;
            this.action = action;
            this.next = scope.schedule(period, this::fire);
        }

        private void fire() {
            next = scope.schedule(period, this::fire);
            action.run();
        }

        @Override
        public void cancel() {
            next.cancel();
        }

        @Override
        public boolean pending() {
            return next.pending();
        }
    }
}
