package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
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
 * <p>{@link Questions} to a server are outcalls whose answers are wanted a while later. They think from then on only: until
 * then the inside goes on, and other servers are asked. Before other code outside begins or goes on, those under way end.
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
    /** Questions that had no answer when this was last looked at. */
    private final Set<Question<?>> asked = new LinkedHashSet<>();
    /** What begins or goes on as soon as no question is under way. */
    private final List<Runnable> waiting = new ArrayList<>();

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

    /** Questions to the server of one container, asked one after the other. */
    public Questions questions() {
        return new Questions();
    }

    /** Whether none is under way. */
    boolean idle() {
        asked.removeIf(Question::answered);
        return running.isEmpty() && asked.isEmpty();
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
        afterQuestions(() -> THREADS.execute(() -> {
            Result<T> result = call.perform();
            driver.executeNow(() -> finish(call, result));
        }));
    }

    /** Runs {@code action} when no question is under way; the caller sees to it that time stands until then. */
    private void afterQuestions(Runnable action) {
        waiting.add(action);
        asked.forEach(Question::await);
        runWaiting();
    }

    private void runWaiting() {
        asked.removeIf(Question::answered);
        if (asked.isEmpty()) {
            if (!waiting.isEmpty()) {
                // What was held up by others has its whole limit before it.
                running.values().forEach(Call::begin);
            }
            List<Runnable> due = List.copyOf(waiting);
            waiting.clear();
            due.forEach(Runnable::run);
        }
    }

    private <T> void finish(Call<T> call, Result<T> result) {
        if (running.remove(call.number) == null) {
            return;
        }
        call.rest();
        call.ended(result);
    }

    /**
     * While some think: gives up those that have for too long, and says for how long the others may still, in nanoseconds of
     * wall-clock time.
     */
    long napNanos() {
        long now = wallNanos.getAsLong();
        long nap = Long.MAX_VALUE;
        for (Call<?> call : List.copyOf(running.values())) {
            if (call.thinks && (waiting.isEmpty() || call instanceof Question)) {
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

    private class Call<T> {
        final long number;
        final @Nullable Lane lane;
        private final Callable<T> work;
        final Consumer<Result<T>> done;
        private boolean thinks;
        private int awaited;
        /** Wall-clock time. */
        private long sinceNanos;

        private volatile @Nullable Thread thread;

        Call(long number, @Nullable Lane lane, Callable<T> work, Consumer<Result<T>> done) {
            this.number = number;
            this.lane = lane;
            this.work = work;
            this.done = done;
        }

        Result<T> perform() {
            thread = Thread.currentThread();
            try {
                return new Result.Done<>(work.call());
            } catch (Exception | Error e) {
                return new Result.Failed<>(e);
            } finally {
                thread = null;
            }
        }

        /** It no longer thinks. */
        void ended(Result<T> result) {
            hold(number, () -> {
                if (lane != null) {
                    lane.next();
                }
                done.accept(result);
            });
        }

        void think() {
            if (!thinks) {
                thinks = true;
                thinking++;
                begin();
            }
        }

        /** From now on its limit counts. */
        void begin() {
            sinceNanos = wallNanos.getAsLong();
        }

        private void timeOut() {
            driver.loseRepeatability();
            Thread working = thread;
            if (working != null) {
                working.interrupt();
            }
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

    /** What is asked of a server. It thinks only if its answer is waited for. */
    private final class Question<T> extends Call<T> {
        final Instant instant = driver.now();
        private volatile @Nullable Result<T> result;
        private volatile boolean awaited;
        /** The answer is wanted now. */
        private boolean due;

        Question(Callable<T> work, Consumer<Result<T>> done) {
            super(++lastNumber, null, work, done);
        }

        /** On a thread outside. {@code over} runs before anybody can know that it is answered. */
        void ask(Runnable over) {
            Result<T> found = perform();
            over.run();
            result = found;
            if (awaited) {
                driver.executeNow(() -> finish(this, found));
            }
        }

        boolean answered() {
            return result != null;
        }

        /** Time stands until it is answered. */
        void await() {
            awaited = true;
            if (!answered() && running.putIfAbsent(number, this) == null) {
                think();
            }
        }

        void due() {
            due = true;
            asked.remove(this);
            Result<T> found = result;
            if (found == null) {
                await();
                found = result;
            }
            if (found != null && !running.containsKey(number)) {
                done.accept(found);
            }
        }

        @Override
        void ended(Result<T> ended) {
            result = ended;
            runWaiting();
            if (due) {
                hold(number, () -> done.accept(ended));
            }
        }
    }

    /**
     * Questions to the server of one container. It is asked one at a time, in their order, so that what it counts or draws by
     * chance is the same in each run.
     */
    public final class Questions {
        private final Queue<Question<?>> queue = new ConcurrentLinkedQueue<>();
        private final AtomicInteger open = new AtomicInteger();
        private volatile @Nullable Instant instant;

        /**
         * Asks, on another thread, and gives the answer to {@code done} after {@code delay} of virtual time, unless the scope
         * has closed by then. The work must not make requests to the simulation.
         */
        public <T> void begin(Callable<T> work, Scope scope, Duration delay, Consumer<Result<T>> done) {
            var question = new Question<>(work, done);
            asked.add(question);
            if (!waiting.isEmpty()) {
                // Asked while time stands, because somebody outside has thawed who asks: what waits for the questions
                // under way waits for this one too.
                question.await();
            }
            queue.add(question);
            if (open.getAndIncrement() == 0) {
                THREADS.execute(this::askAll);
            }
            scope.schedule(delay, question::due);
        }

        /** When the question under way was asked; null if there is none. Any thread. */
        public @Nullable Instant instant() {
            return instant;
        }

        private void askAll() {
            do {
                // One that met its limit was interrupted, the next is not.
                boolean ignored = Thread.interrupted();
                Question<?> next = Objects.requireNonNull(queue.poll());
                instant = next.instant;
                next.ask(() -> instant = null);
            } while (open.decrementAndGet() > 0);
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
            Answer goingOn = new AfterQuestions(answer);
            var outsideRequest = new OutsideRequest(driver, request, goingOn, false, any -> false, caller::answered);
            driver.executeNow(() -> {
                if (closed) {
                    goingOn.failed(HttpExchange.Failure.REFUSED);
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
                        goingOn.failed(HttpExchange.Failure.REFUSED);
                    } else {
                        outsideRequest.begin(service);
                    }
                });
            });
            return outsideRequest;
        }
    }

    /** Lets code outside go on when no question is under way. */
    private final class AfterQuestions implements Answer {
        private final Answer answer;

        AfterQuestions(Answer answer) {
            this.answer = answer;
        }

        @Override
        public void complete(HttpMessage.Response response) {
            afterQuestions(() -> answer.complete(response));
        }

        @Override
        public void head(HttpMessage.Response head) {
            afterQuestions(() -> answer.head(head));
        }

        @Override
        public void bytes(byte[] bytes) {
            afterQuestions(() -> answer.bytes(bytes));
        }

        @Override
        public void end() {
            afterQuestions(answer::end);
        }

        @Override
        public void failed(HttpExchange.Failure failure) {
            afterQuestions(() -> answer.failed(failure));
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
