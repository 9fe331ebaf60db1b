package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpService;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Blocking code outside that the inside uses: real programs in this process.
 *
 * <p>An outcall <i>thinks</i> while it runs, except while a request that it made through its {@link Lane} waits for the
 * simulation's answer. Nothing else happens inside while any outcall thinks; then everything that outcalls gave back
 * meanwhile (requests and results) enters in the order of the outcalls' numbers. How fast their threads were makes no
 * difference.
 *
 * <p>All methods are called on the simulation's thread, unless they say otherwise.
 */
public final class Outcalls {
    /** An outcall that thinks for so long at a stretch counts as failed: a hung program cannot stop time for good. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Executor THREADS =
            action -> Thread.ofVirtual().name("outcall").start(action);

    private final SimulationDriver driver;
    private final LongSupplier wallNanos;
    private final Duration limit;
    private final List<Held> held = new ArrayList<>();
    private final Map<Long, Call<?>> running = new LinkedHashMap<>();
    private long lastNumber;
    private long lastSequence;
    private int thinking;

    Outcalls(SimulationDriver driver, LongSupplier wallNanos, Duration limit) {
        this.driver = driver;
        this.wallNanos = wallNanos;
        this.limit = limit;
    }

    /** How an outcall ended. */
    public sealed interface Result<T> {
        record Done<T>(T value) implements Result<T> {}

        record Failed<T>(Throwable cause) implements Result<T> {}
    }

    record Held(long outcall, long sequence, Runnable action) {}

    /**
     * Runs {@code work} on another thread and then {@code done} on the simulation's. The work must not make requests to
     * the simulation; use a {@link Lane} for that.
     */
    public <T> void begin(Callable<T> work, Consumer<Result<T>> done) {
        begin(new Call<>(++lastNumber, null, work, done));
    }

    /** A sequence of outcalls, one at a time, that may make requests: those of one container. */
    public Lane lane() {
        return new Lane();
    }

    /** Whether none is under way. */
    boolean idle() {
        return running.isEmpty();
    }

    /** Whether one thinks, or something waits to be let in: then time must not move. */
    boolean busy() {
        return thinking > 0 || !held.isEmpty();
    }

    int thinking() {
        return thinking;
    }

    /** Lets in what is held, if no outcall thinks; whether there was something. */
    boolean releaseHeld() {
        if (held.isEmpty() || thinking > 0) {
            return false;
        }
        List<Held> due = new ArrayList<>(held);
        held.clear();
        due.sort(SimulationDriver.HELD_ORDER);
        for (Held one : due) {
            driver.guarded(one.action());
        }
        return true;
    }

    private <T> void begin(Call<T> call) {
        running.put(call.number, call);
        call.think();
        THREADS.execute(() -> {
            Result<T> result = call.perform();
            driver.executeNow(() -> finish(call, result));
        });
    }

    private <T> void finish(Call<T> call, Result<T> result) {
        if (running.remove(call.number) == null) {
            return;
        }
        call.rest();
        hold(call.number, () -> {
            if (call.lane != null) {
                call.lane.next();
            }
            call.done.accept(result);
        });
    }

    /**
     * While some think: gives up those that have for too long, and says for how long the others may still, in nanoseconds of
     * wall-clock time.
     */
    long napNanos() {
        long now = wallNanos.getAsLong();
        long nap = Long.MAX_VALUE;
        for (Call<?> call : List.copyOf(running.values())) {
            if (call.thinks) {
                long left = call.sinceNanos + limit.toNanos() - now;
                if (left <= 0) {
                    call.timeOut();
                    return 0;
                }
                nap = Math.min(nap, left);
            }
        }
        return nap;
    }

    private void hold(long number, Runnable action) {
        held.add(new Held(number, ++lastSequence, action));
        releaseHeld();
    }

    private final class Call<T> {
        final long number;
        final @Nullable Lane lane;
        private final Callable<T> work;
        final Consumer<Result<T>> done;
        private boolean thinks;
        private int awaited;
        /** Wall-clock time. */
        private long sinceNanos;

        Call(long number, @Nullable Lane lane, Callable<T> work, Consumer<Result<T>> done) {
            this.number = number;
            this.lane = lane;
            this.work = work;
            this.done = done;
        }

        Result<T> perform() {
            try {
                return new Result.Done<>(work.call());
            } catch (Exception | Error e) {
                return new Result.Failed<>(e);
            }
        }

        void think() {
            if (!thinks) {
                thinks = true;
                thinking++;
                sinceNanos = wallNanos.getAsLong();
            }
        }

        private void timeOut() {
            driver.loseRepeatability();
            finish(this, new Result.Failed<>(new TimeoutException("no answer within " + limit.toSeconds() + " s")));
        }

        void rest() {
            if (thinks) {
                thinks = false;
                thinking--;
            }
        }

        void asks() {
            awaited++;
            rest();
        }

        void isAnswered() {
            awaited--;
            if (awaited == 0 && running.containsKey(number)) {
                think();
            }
        }
    }

    /** Outcalls of one container, one after the other, whose requests to the simulation are known to be theirs. */
    public final class Lane {
        private final Deque<Call<?>> queue = new ArrayDeque<>();
        private @Nullable Call<?> current;
        private boolean closed;

        /** As {@link Outcalls#begin}, after those before it in this lane; the work may make requests. */
        public <T> void begin(Callable<T> work, Consumer<Result<T>> done) {
            queue.add(new Call<>(++lastNumber, this, work, done));
            if (current == null) {
                next();
            }
        }

        /** Drops what has not begun yet. */
        public void clear() {
            queue.clear();
        }

        /**
         * The container has ended. What its program still asks, for as long as its threads take to notice, is refused and
         * leaves no trace inside: only wall-clock time decides how much that is.
         */
        public void close() {
            closed = true;
            clear();
        }

        private void next() {
            current = queue.poll();
            if (current != null) {
                Outcalls.this.begin(current);
            }
        }

        /**
         * A request made by the lane's outcall, through its gateway. As everything that the inside does of itself, it
         * does not make time move on demand. Any thread.
         */
        public OutsideRequest request(HttpMessage.Request request, HttpService service, Answer answer) {
            var caller = new Caller();
            var outsideRequest = new OutsideRequest(driver, request, answer, false, any -> false, caller::answered);
            driver.executeNow(() -> {
                if (closed) {
                    answer.failed(HttpExchange.Failure.REFUSED);
                    return;
                }
                Call<?> call = current;
                if (call == null || !running.containsKey(call.number)) {
                    driver.executeOutside(() -> outsideRequest.begin(service));
                    return;
                }
                caller.call = call;
                call.asks();
                hold(call.number, () -> {
                    if (closed) {
                        caller.answered();
                        answer.failed(HttpExchange.Failure.REFUSED);
                    } else {
                        outsideRequest.begin(service);
                    }
                });
            });
            return outsideRequest;
        }
    }

    /** Who made a request: it thinks again as soon as it is answered. */
    private static final class Caller {
        private @Nullable Call<?> call;

        void answered() {
            if (call != null) {
                call.isAnswered();
                call = null;
            }
        }
    }
}
