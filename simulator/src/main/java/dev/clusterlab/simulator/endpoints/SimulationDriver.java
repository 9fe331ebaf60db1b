package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.core.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Owns the thread of a {@link Simulation}: moves its time at a {@link Pace}, lets the outside in between two events,
 * and wakes whoever waits. The only place where threads and wall-clock time meet the simulation.
 *
 * <p><b>On demand</b> time moves only while somebody waits: an outside request that has neither been answered nor said
 * that it is a long poll, a sleeper, or an awaiter. It stops exactly at the event that served the last of them. A
 * client that does one thing after another therefore gets the same history each time; several clients at once do not,
 * because wall-clock time decides whose request comes first.
 *
 * <p><b>Outcalls</b> let the inside use real code outside, on other threads ({@link Outcalls}). Time stands still and
 * nobody else is let in while one thinks, at every pace, and what outcalls give back enters in the order in which they
 * were begun: the same requests at the same instants give the same history.
 *
 * <p>Thread-safe. The methods that wait must not be called on the simulation's thread nor in an outcall: they would wait
 * for themselves.
 */
public final class SimulationDriver implements AutoCloseable {
    /** A request that got no answer in this much virtual time fails as a dead connection does. */
    static final Duration REQUEST_LIMIT = Duration.ofMinutes(5);
    /** An awaiter's condition is polled at least this often. */
    private static final Duration POLL = Duration.ofMillis(250);
    /** Changes come in bursts: an awaiter lets this much virtual time pass after one before it polls. */
    private static final Duration SETTLE = Duration.ofMillis(10);
    /** Events run between two polls of the inbox when paced, and tasks of the outside between two polls of it. */
    private static final int BATCH = 64;
    /** Behind by more than this much wall-clock time, the simulation is slower than asked and stops chasing. */
    private static final long LAG_NANOS = 250_000_000L;
    /** Paced time may be so much ahead: a request is then served at once, rather than slept through in pieces of 30 µs. */
    private static final long AHEAD_NANOS = 1_000_000L;
    /** Longest sleep of the thread when paced, so that {@link #elapsed()} is never staler than this. */
    private static final long NAP_NANOS = 100_000_000L;

    private static final System.Logger LOG = System.getLogger(SimulationDriver.class.getName());

    private final Simulation simulation;
    private final Instant epoch;
    private final LongSupplier wallNanos;
    private final Thread thread;
    private final Outcalls outcalls;
    /** What must be done whatever the pace: outcalls coming back, settings. */
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    /** What the outside wants; it waits while an outcall thinks. */
    private final Queue<Runnable> outside = new ConcurrentLinkedQueue<>();

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final List<Reading> readings = new CopyOnWriteArrayList<>();
    private final List<Runnable> waitingForChange = new ArrayList<>();
    private final List<InsideAwait> insideAwaits = new ArrayList<>();
    private final List<CompletableFuture<?>> pending = new CopyOnWriteArrayList<>();
    private final AtomicBoolean notifying = new AtomicBoolean();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private volatile boolean closed;
    private volatile Pace pace;
    private volatile long publishedNanos;
    private volatile long changes;
    private volatile long repeatabilityLostNanos = -1;
    /** Wall-clock time since which an outcall is waited for; 0 if none is. */
    private volatile long standsSinceNanos;
    /** Wall-clock time by which paced time is late. */
    private volatile long behindNanos;

    private int demands;

    private long anchorVirtualNanos;
    private long anchorWallNanos;

    /** Takes over {@code simulation}; nobody else may use it from now on but through this object. */
    public SimulationDriver(Simulation simulation, Pace pace) {
        this(simulation, pace, System::nanoTime, Outcalls.LIMIT);
    }

    /** @param outcallLimit of wall-clock time, after which an outcall that thinks counts as failed */
    SimulationDriver(Simulation simulation, Pace pace, LongSupplier wallNanos, Duration outcallLimit) {
        this.simulation = simulation;
        this.pace = pace;
        this.wallNanos = wallNanos;
        this.publishedNanos = simulation.nowNanos();
        this.epoch = simulation.now().minusNanos(simulation.nowNanos());
        this.outcalls = new Outcalls(this, wallNanos, outcallLimit);
        this.thread = Thread.ofPlatform().daemon().name("simulation").unstarted(this::loop);
        anchor();
        thread.start();
    }

    /** The simulation; to be used on its thread only. */
    public Simulation simulation() {
        return simulation;
    }

    /** Real code outside, used by the inside. */
    public Outcalls outcalls() {
        return outcalls;
    }

    /** Virtual time since the simulation began. */
    public Duration elapsed() {
        return Duration.ofNanos(publishedNanos);
    }

    /** The date and time that the inside believes it to be. */
    public Instant now() {
        return epoch.plusNanos(publishedNanos);
    }

    public Pace pace() {
        return pace;
    }

    /**
     * Since when another run with the same seed and commands need not have the same history: since an outcall took longer
     * than its limit, and was given up. Empty as long as that has not happened.
     */
    public Optional<Duration> repeatabilityLost() {
        long since = repeatabilityLostNanos;
        return since < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(since));
    }

    /**
     * How far, in wall-clock time, paced time is behind what was asked for: since an outcall thinks for long, or since
     * there is more to do than this computer can. It is not made up for once it exceeds a quarter of a second.
     */
    public Duration lag() {
        long since = standsSinceNanos;
        boolean paced = pace instanceof Pace.Times;
        long stands = paced && since != 0 ? Math.max(0, wallNanos.getAsLong() - since) : 0;
        return Duration.ofNanos(Math.max(behindNanos, stands));
    }

    /** Sets the pace; in force when this returns. */
    public void setPace(Pace newPace) {
        if (onThread()) {
            changePace(newPace);
            return;
        }
        var done = new CompletableFuture<Void>();
        enqueue(inbox, () -> {
            changePace(newPace);
            done.complete(null);
        });
        join(done);
    }

    private void changePace(Pace newPace) {
        pace = newPace;
        behindNanos = 0;
        anchor();
    }

    /**
     * Runs {@code work} on the simulation's thread between two events, and gives its result. Time does not move.
     *
     * @throws DriverClosedException if the simulation has ended
     */
    public <T> T call(Callable<T> work) {
        if (onThread()) {
            try {
                return work.call();
            } catch (Exception e) {
                throw unchecked(e);
            }
        }
        return join(submit(work));
    }

    /** As {@link #call}, for what gives no result. */
    public void run(Runnable work) {
        call(() -> {
            work.run();
            return Boolean.TRUE;
        });
    }

    /** As {@link #call}, without waiting. */
    public <T> CompletableFuture<T> submit(Callable<T> work) {
        var result = new CompletableFuture<T>();
        track(result);
        enqueue(outside, () -> {
            try {
                result.complete(work.call());
            } catch (Exception | Error e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /**
     * Brings a request in from outside; it is served by {@code service} on the simulation's thread and holds a demand
     * for time until it is answered or says that it is a long poll.
     */
    public OutsideRequest request(HttpMessage.Request request, HttpService service, Answer answer) {
        return request(request, service, any -> false, answer);
    }

    /**
     * As {@link #request(HttpMessage.Request, HttpService, Answer)}; a request for which {@code observes} holds, asked on
     * the simulation's thread, only reads the world and leaves no trace in its history.
     */
    public OutsideRequest request(
            HttpMessage.Request request, HttpService service, Predicate<HttpMessage.Request> observes, Answer answer) {
        var outsideRequest = new OutsideRequest(this, request, answer, true, observes, () -> {});
        executeOutside(() -> outsideRequest.begin(service));
        return outsideRequest;
    }

    /** Waits for this much virtual time; while paused, for as long as the pause lasts too. */
    public void sleep(Duration duration) throws InterruptedException {
        waitFor(wake -> simulation.schedule(duration, () -> wake.accept(true)));
    }

    /**
     * Waits until {@code condition} holds or {@code limit} of virtual time has passed. The condition is polled on
     * the waiting thread, first at once, then after changes and at least every 250 ms of virtual time; it may make
     * requests to the simulation.
     *
     * @return whether the condition holds
     */
    public boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException {
        long deadline = call(simulation::nowNanos) + limit.toNanos();
        while (true) {
            long seen = changes;
            if (condition.getAsBoolean()) {
                return true;
            }
            if (waitForChange(seen, deadline)) {
                return condition.getAsBoolean();
            }
        }
    }

    /**
     * Waits until {@code condition} holds, which is polled on the simulation's thread after each event, or
     * {@code limit} of virtual time has passed. On demand time stops at the very event that made it true.
     *
     * @return whether the condition held
     */
    public boolean awaitInside(BooleanSupplier condition, Duration limit) throws InterruptedException {
        return waitFor(wake -> {
            if (condition.getAsBoolean()) {
                wake.accept(true);
                return null;
            }
            var await = new InsideAwait(condition, wake);
            insideAwaits.add(await);
            Timer timer = simulation.schedule(limit, () -> {
                insideAwaits.remove(await);
                wake.accept(condition.getAsBoolean());
            });
            await.timer = timer;
            return timer;
        });
    }

    /** Says that something may have changed that an observer outside would like to see. Any thread. */
    public void changed() {
        if (onThread()) {
            mark();
        } else {
            enqueue(outside, this::mark);
        }
    }

    /** Grows with each {@link #changed()}. */
    public long changeCount() {
        return changes;
    }

    /** Calls {@code listener} soon after changes, on a thread of its own, coalesced. */
    public AutoCloseable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /**
     * Calls {@code reader} on the simulation's thread at the end of each instant at which {@code due} says so, after its last
     * event and before time moves: for who reads the inside without being part of it. Both must change nothing inside,
     * ask nothing there and schedule nothing. {@code due} is called after each event and must be quick. Closing the
     * result ends it. On demand an instant may have no end for long, since nobody waits for its last events: who needs to
     * read then does so by {@link #call}.
     */
    public AutoCloseable atEndsOfInstants(BooleanSupplier due, Runnable reader) {
        var reading = new Reading(due, reader);
        readings.add(reading);
        return () -> readings.remove(reading);
    }

    private record Reading(BooleanSupplier due, Runnable reader) {}

    /** Errors thrown by events so far; a sound model throws none. */
    public List<Throwable> failures() {
        return List.copyOf(failures);
    }

    /** Runs {@code action} when the simulation has ended; at once if it has. */
    public void onClose(Runnable action) {
        ended.thenRun(action);
    }

    /** Whether {@link #close()} has been called. */
    public boolean closed() {
        return closed;
    }

    /** Ends the thread; whoever waits gets a {@link DriverClosedException}. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        if (!onThread()) {
            ended.join();
        }
    }

    // ---- on the simulation's thread, or for this package

    /** From now on wall-clock time has a part in history. On the simulation's thread. */
    void loseRepeatability() {
        if (repeatabilityLostNanos < 0) {
            repeatabilityLostNanos = simulation.nowNanos();
            mark();
        }
    }

    /** Whether this is the simulation's thread. */
    boolean onThread() {
        return Thread.currentThread() == thread;
    }

    /** Makes time move on demand until released. On the simulation's thread. */
    Demand demand() {
        return new Demand();
    }

    final class Demand {
        private boolean held = true;

        Demand() {
            demands++;
        }

        void release() {
            if (held) {
                held = false;
                demands--;
            }
        }
    }

    /** For requests of the outside, in their order of arrival. */
    void executeOutside(Runnable action) {
        enqueue(outside, action);
    }

    /** For what must get in even while outcalls think. */
    void executeNow(Runnable action) {
        enqueue(inbox, action);
    }

    void report(Throwable failure) {
        if (failures.size() < 100) {
            failures.add(failure);
        }
        LOG.log(System.Logger.Level.ERROR, "the simulation failed at " + simulation.elapsed(), failure);
    }

    private void enqueue(Queue<Runnable> queue, Runnable action) {
        queue.add(action);
        LockSupport.unpark(thread);
    }

    private void loop() {
        try {
            while (!closed) {
                long napNanos = turn();
                if (napNanos > 0 && !closed) {
                    LockSupport.parkNanos(this, napNanos);
                }
            }
        } finally {
            closed = true;
            var gone = new DriverClosedException();
            pending.forEach(future -> future.completeExceptionally(gone));
            ended.complete(null);
        }
    }

    /** Does one thing that is due and says for how long there is nothing to do. */
    private long turn() {
        Runnable task = inbox.poll();
        if (task != null) {
            guarded(task);
            checkInsideAwaits();
            return 0;
        }
        if (outcalls.thinking() > 0) {
            if (standsSinceNanos == 0) {
                standsSinceNanos = Math.max(1, wallNanos.getAsLong());
            }
            return outcalls.napNanos();
        }
        standsSinceNanos = 0;
        if (outcalls.releaseHeld() || letIn()) {
            return 0;
        }
        return switch (pace) {
            case Pace.OnDemand() -> {
                if (demands == 0) {
                    yield Long.MAX_VALUE;
                }
                yield stepOnce();
            }
            case Pace.Paused() -> stepStanding();
            case Pace.Times(double factor) -> paced(factor);
        };
    }

    /**
     * Lets in who waits outside; whether there was somebody. All who came while an outcall was thinking enter together, so
     * that what they begin thinks together too.
     */
    private boolean letIn() {
        int entered = 0;
        for (Runnable task = outside.poll(); task != null; task = ++entered < BATCH ? outside.poll() : null) {
            guarded(task);
            checkInsideAwaits();
        }
        return entered > 0;
    }

    /** What is due at this very instant, and nothing later. */
    private long stepStanding() {
        return simulation.nextEventNanos() <= simulation.nowNanos() ? stepOnce() : Long.MAX_VALUE;
    }

    private long stepOnce() {
        long next = simulation.nextEventNanos();
        if (next == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        // Before the event runs: whoever it wakes may ask for the time at once.
        publishedNanos = next;
        guarded(simulation::step);
        checkInsideAwaits();
        endInstant();
        return 0;
    }

    private void endInstant() {
        if (readings.isEmpty() || simulation.nextEventNanos() <= simulation.nowNanos()) {
            return;
        }
        for (Reading reading : readings) {
            if (reading.due().getAsBoolean()) {
                guarded(reading.reader());
            }
        }
    }

    private long paced(double factor) {
        long wall = wallNanos.getAsLong() - anchorWallNanos;
        long target = anchorVirtualNanos + (long) (wall * factor);
        long due = target + AHEAD_NANOS;
        for (int i = 0; i < BATCH && simulation.nextEventNanos() <= due; i++) {
            stepOnce();
            if (outcalls.busy()) {
                return 0;
            }
        }
        long next = simulation.nextEventNanos();
        if (next <= due) {
            behindNanos = Math.max(0, (long) ((target - simulation.nowNanos()) / factor));
            if (behindNanos > LAG_NANOS) {
                anchor();
            }
            return 0;
        }
        behindNanos = 0;
        if (target > simulation.nowNanos()) {
            simulation.runUntilNanos(target);
            publish();
        }
        double untilNext = (next - due) / factor;
        return Math.max(1, (long) Math.min(NAP_NANOS, untilNext));
    }

    private void publish() {
        publishedNanos = simulation.nowNanos();
    }

    private void anchor() {
        anchorVirtualNanos = simulation.nowNanos();
        anchorWallNanos = wallNanos.getAsLong();
    }

    /** Runs it; what it throws is reported and goes no further. */
    void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            report(e);
        }
    }

    private void mark() {
        changes++;
        if (!waitingForChange.isEmpty()) {
            List<Runnable> due = List.copyOf(waitingForChange);
            waitingForChange.clear();
            simulation.observe(() -> due.forEach(Runnable::run));
        }
        if (!listeners.isEmpty() && notifying.compareAndSet(false, true)) {
            Thread.ofVirtual().name("simulation-listeners").start(this::tellListeners);
        }
    }

    private void tellListeners() {
        notifying.set(false);
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "a listener failed", e);
            }
        }
    }

    private void checkInsideAwaits() {
        if (insideAwaits.isEmpty()) {
            return;
        }
        for (InsideAwait await : List.copyOf(insideAwaits)) {
            if (await.condition.getAsBoolean()) {
                insideAwaits.remove(await);
                if (await.timer != null) {
                    await.timer.cancel();
                }
                await.wake.accept(true);
            }
        }
    }

    private static final class InsideAwait {
        final BooleanSupplier condition;
        final Consumer<Boolean> wake;

        @Nullable
        Timer timer;

        InsideAwait(BooleanSupplier condition, Consumer<Boolean> wake) {
            this.condition = condition;
            this.wake = wake;
        }
    }

    /** Waits for a change after {@code seen}, or for the next poll; true if the deadline has come. */
    private boolean waitForChange(long seen, long deadlineNanos) throws InterruptedException {
        return waitFor(wake -> {
            long now = simulation.nowNanos();
            if (now >= deadlineNanos) {
                wake.accept(true);
                return null;
            }
            boolean alreadyChanged = changes != seen;
            long lookAt = Math.min(deadlineNanos, now + (alreadyChanged ? SETTLE : POLL).toNanos());
            Timer latest = simulation.scheduleNanos(lookAt - now, () -> wake.accept(lookAt >= deadlineNanos));
            if (!alreadyChanged) {
                waitingForChange.add(() -> {
                    if (pace instanceof Pace.Paused) {
                        latest.cancel();
                        wake.accept(false);
                    } else if (simulation.nowNanos() + SETTLE.toNanos() < lookAt) {
                        latest.cancel();
                        simulation.schedule(SETTLE, () -> wake.accept(false));
                    }
                });
            }
            return latest;
        });
    }

    /** Begins a wait on the simulation's thread; gives the timer to cancel if the waiter is interrupted. */
    @FunctionalInterface
    private interface Wait {
        @Nullable
        Timer begin(Consumer<Boolean> wake);
    }

    private boolean waitFor(Wait wait) throws InterruptedException {
        if (onThread()) {
            throw new IllegalStateException("the simulation's thread must not wait for itself");
        }
        var woken = new CompletableFuture<Boolean>();
        var ending = new CompletableFuture<Runnable>();
        track(woken);
        executeOutside(() -> {
            Demand demand = demand();
            Consumer<Boolean> wake = result -> {
                demand.release();
                woken.complete(result);
            };
            var begun = new Timer[1];
            // Whoever waits outside is not part of history.
            simulation.observe(() -> begun[0] = wait.begin(wake));
            Timer timer = begun[0];
            ending.complete(() -> {
                demand.release();
                if (timer != null) {
                    timer.cancel();
                }
            });
        });
        try {
            return woken.get();
        } catch (InterruptedException e) {
            executeOutside(() -> ending.thenAccept(Runnable::run));
            throw e;
        } catch (ExecutionException e) {
            throw unchecked(e.getCause());
        }
    }

    private void track(CompletableFuture<?> future) {
        pending.add(future);
        if (closed) {
            future.completeExceptionally(new DriverClosedException());
        }
        future.whenComplete((value, failure) -> pending.remove(future));
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (java.util.concurrent.CompletionException e) {
            throw unchecked(e.getCause());
        }
    }

    private static RuntimeException unchecked(@Nullable Throwable failure) {
        return switch (failure) {
            case RuntimeException runtime -> runtime;
            case Error error -> throw error;
            case null -> new IllegalStateException("failed without a reason");
            default -> new IllegalStateException(failure.getMessage(), failure);
        };
    }

    /** Orders what outcalls give back. */
    static final Comparator<Outcalls.Held> HELD_ORDER =
            Comparator.comparingLong(Outcalls.Held::outcall).thenComparingLong(Outcalls.Held::sequence);
}
