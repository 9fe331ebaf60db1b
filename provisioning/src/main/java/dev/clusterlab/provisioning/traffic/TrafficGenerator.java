package dev.clusterlab.provisioning.traffic;

import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.InsideClient;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.client.LabHttp;
import dev.clusterlab.provisioning.client.LabHttp.Result;
import dev.clusterlab.provisioning.observe.Observer;
import dev.clusterlab.provisioning.observe.RequestSample;
import dev.clusterlab.provisioning.observe.RequestSample.Answered;
import dev.clusterlab.provisioning.observe.RequestSample.NoAnswer;
import dev.clusterlab.provisioning.observe.RequestSample.Outcome;
import dev.clusterlab.shell.curl.CurlFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A client of the lab that asks again and again, at a bounded rate for a bounded time, both of the engine's, and records
 * what it gets in the {@link Observer}.
 *
 * <p>Either {@link #start()} lets it go on by itself, or whoever waits drives it with
 * {@link #step()} (unattended runs, where one thing must happen after the other).
 */
public final class TrafficGenerator implements AutoCloseable {
    /** Requests a second of engine time. */
    public static final int RATE_MAX = 50;

    public static final Duration DURATION_MAX = Duration.ofHours(1);

    /** Requests under way at once when it has a thread of its own; more are not begun until one ends. */
    private static final int IN_FLIGHT_MAX = 64;

    private static final Pattern INSTANCE = Pattern.compile("\\bon (?:[\\w.-]+:)?([\\w.-]+)");

    private final EngineClock clock;
    private final LabHttp http;
    private final Observer observer;
    private final Plan plan;
    private final Semaphore free = new Semaphore(IN_FLIGHT_MAX);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Object lock = new Object();
    private final TreeMap<Integer, Integer> byStatus = new TreeMap<>();
    private @Nullable Duration began;
    private long begun;
    private boolean started;
    private @Nullable Thread thread;

    /**
     * What to ask.
     *
     * @param request its timeout is the client's timeout
     * @param requestsPerSecond 1 to {@link #RATE_MAX}, of engine time
     * @param duration engine time, at most {@link #DURATION_MAX}
     */
    public record Plan(LabHttp.Request request, int requestsPerSecond, Duration duration) {
        public Plan {
            if (requestsPerSecond < 1 || requestsPerSecond > RATE_MAX) {
                throw new LabException(
                        Kind.INPUT,
                        requestsPerSecond + " requests a second are not possible.",
                        "Choose 1 to " + RATE_MAX + ".");
            }
            if (duration.isNegative() || duration.isZero() || duration.compareTo(DURATION_MAX) > 0) {
                throw new LabException(
                        Kind.INPUT,
                        "Traffic cannot last " + duration.toSeconds() + " s.",
                        "Choose 1 s to " + DURATION_MAX.toSeconds() + " s.");
            }
        }

        long requests() {
            return Math.max(1, requestsPerSecond * duration.toMillis() / 1000);
        }
    }

    public TrafficGenerator(EngineClock clock, LabHttp http, Observer observer, Plan plan) {
        this.clock = clock;
        this.http = http;
        this.observer = observer;
        this.plan = plan;
    }

    /**
     * Waits until the next request is due and makes it; false if there was none left. Not with {@link #start()}.
     */
    public boolean step() throws InterruptedException {
        if (!awaitNext()) {
            return false;
        }
        request();
        return true;
    }

    /**
     * Begins by itself: in the engine's own time where it has one, each request at its instant of it, else on a thread of
     * its own. A request that takes long does not hold up the next one.
     */
    public void start() {
        synchronized (lock) {
            if (started) {
                throw new IllegalStateException("already started");
            }
            started = true;
        }
        Optional<Consumer<Consumer<InsideClient.Answer>>> inside = http.inside(plan.request());
        if (inside.isPresent()) {
            synchronized (lock) {
                began = clock.elapsed();
            }
            // Where the requests go is decided now.
            String entry = http.machine(plan.request()).orElse("");
            clock.schedule(Duration.ZERO, () -> askInside(inside.get(), entry));
        } else {
            synchronized (lock) {
                thread = Thread.ofVirtual().name("traffic").start(this::run);
            }
        }
    }

    /** Inside the engine, at the instant of a request; one that was planned before the end does nothing any more. */
    private void askInside(Consumer<Consumer<InsideClient.Answer>> ask, String entry) {
        boolean more;
        synchronized (lock) {
            if (closed.get() || begun >= plan.requests()) {
                return;
            }
            begun++;
            more = begun < plan.requests();
        }
        if (more) {
            clock.schedule(Duration.ofNanos(1_000_000_000L / plan.requestsPerSecond()), () -> askInside(ask, entry));
        }
        ask.accept(answer -> {
            boolean timedOut = answer.took().compareTo(plan.request().timeout()) >= 0;
            Outcome outcome = answer.status() > 0
                    ? answered(answer.status(), answer.text())
                    : new NoAnswer(timedOut ? Optional.of(CurlFailure.TIMEOUT) : Optional.empty());
            record(entry, outcome, answer.took());
        });
    }

    private void run() {
        try {
            while (awaitNext()) {
                free.acquire();
                Thread.ofVirtual().name("traffic-request").start(() -> {
                    try {
                        request();
                    } finally {
                        free.release();
                    }
                });
            }
            free.acquire(IN_FLIGHT_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closed.set(true);
    }

    /** Whether it goes on asking. */
    public boolean running() {
        synchronized (lock) {
            return !closed.get() && began != null && begun < plan.requests();
        }
    }

    /** What it got so far: HTTP status → answers; status 0 stands for no answer. */
    public java.util.Map<Integer, Integer> totals() {
        synchronized (lock) {
            return java.util.Collections.unmodifiableMap(new TreeMap<>(byStatus));
        }
    }

    private boolean awaitNext() throws InterruptedException {
        Duration due;
        synchronized (lock) {
            if (closed.get() || begun >= plan.requests()) {
                return false;
            }
            if (began == null) {
                began = clock.elapsed();
            }
            due = began.plusNanos(begun * 1_000_000_000L / plan.requestsPerSecond());
            begun++;
        }
        Duration wait = due.minus(clock.elapsed());
        if (wait.isPositive()) {
            clock.sleep(wait);
        }
        return !closed.get();
    }

    private void request() {
        Result result = http.send(plan.request());
        switch (result) {
            case Result.Answer answer ->
                record(answer.machine(), answered(answer.status(), answer.text()), answer.took());
            case Result.NoAnswer none ->
                record(http.machine(plan.request()).orElse(""), new NoAnswer(Optional.of(none.failure())), none.took());
        }
    }

    private static Outcome answered(int status, String text) {
        return new Answered(status, status == 200 ? instance(text) : "");
    }

    private void record(String entry, Outcome outcome, Duration took) {
        Duration now = clock.elapsed();
        var request = new RequestSample(now.minus(took), now, entry, outcome);
        synchronized (lock) {
            if (closed.get()) {
                return;
            }
            byStatus.merge(request.status(), 1, Integer::sum);
        }
        observer.recordTraffic(request);
    }

    /** The instance that answered, as the hello service names itself ({@code … on democonsul:instance_…}); or empty. */
    public static String instance(String body) {
        Matcher matcher = INSTANCE.matcher(body);
        return matcher.find() ? matcher.group(1) : "";
    }

    @Override
    public void close() {
        closed.set(true);
        Thread running;
        synchronized (lock) {
            running = thread;
        }
        if (running != null) {
            running.interrupt();
        }
    }
}
