package dev.clusterlab.provisioning.client;

import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.ProbePlan;
import dev.clusterlab.provisioning.ProbePort;
import dev.clusterlab.provisioning.RequestMarks;
import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.RequestSample.NoAnswer;
import dev.clusterlab.provisioning.RequestSample.Outcome;
import dev.clusterlab.shell.curl.CurlFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Requests over real connections to the ports that machines publish on loopback, where time is wall-clock time: one thread keeps the
 * instants, each request has a virtual thread of its own.
 */
public final class LoopbackProbes implements ProbePort {
    /** A start that is so late is not made any more: the wait would be this computer's, and the server would get the blame. */
    private static final Duration LATE_MAX = Duration.ofMillis(100);
    /** Sooner than this the operating system wakes nobody reliably. */
    private static final long NAP_NANOS_MIN = 50_000;

    private final EngineClock clock;
    private final Function<String, Optional<Machine>> machines;
    private final ServerSearch servers;
    private final int underWayMax;
    private final AtomicLong plans = new AtomicLong();

    /** Finds out to which servers requests were passed on. Any thread; never blocks. */
    @FunctionalInterface
    public interface ServerSearch {
        /** Nobody is asked. */
        ServerSearch NONE = (mark, found) -> {};

        /**
         * Calls {@code found} with the server's URL if an access log tells of the request with this mark; on any thread, later, once at
         * most.
         */
        void find(String mark, Consumer<String> found);
    }

    /**
     * @param machines looks a machine up by its name, at once
     * @param servers is asked for each failure
     */
    public LoopbackProbes(EngineClock clock, Function<String, Optional<Machine>> machines, ServerSearch servers) {
        this(clock, machines, servers, UNDER_WAY_MAX);
    }

    /** @param underWayMax requests under way at once, at most {@link #UNDER_WAY_MAX} */
    LoopbackProbes(
            EngineClock clock, Function<String, Optional<Machine>> machines, ServerSearch servers, int underWayMax) {
        this.clock = clock;
        this.machines = machines;
        this.servers = servers;
        this.underWayMax = underWayMax;
    }

    @Override
    public Running begin(ProbePlan plan, Listener listener) {
        var asking = new Asking(plan, listener);
        asking.thread.start();
        return asking;
    }

    /** A plan that is being carried out. */
    private final class Asking implements Running {
        private final ProbePlan plan;
        private final Listener listener;
        private final LoopbackHttp http;
        private final RequestMarks marks;
        private final Thread thread =
                Thread.ofPlatform().daemon(true).name("probe").unstarted(this::run);
        private final AtomicInteger underWay = new AtomicInteger();
        private final AtomicLong made = new AtomicLong();
        /** By the instant at which they were due, which is the order in which they are given up; of the thread alone. */
        private final Deque<Asked> asked = new ArrayDeque<>();

        private volatile boolean stopped;
        private volatile boolean over;

        Asking(ProbePlan plan, Listener listener) {
            this.plan = plan;
            this.listener = listener;
            // A lab that is taken up again has logs of its former life.
            this.marks = RequestMarks.of(
                    plan, Long.toString(clock.elapsed().toNanos(), Character.MAX_RADIX) + plans.incrementAndGet());
            this.http = new LoopbackHttp(plan.timeout(), true, underWayMax, underWayMax, plan.timeout());
        }

        private void run() {
            try {
                long beganNanos = clock.elapsed().toNanos();
                long next = 0;
                while (!stopped && (next < plan.requests() || underWay.get() > 0)) {
                    long now = clock.elapsed().toNanos();
                    giveUp(now);
                    while (!stopped && next < plan.requests() && beganNanos + plan.dueNanos(next) <= now) {
                        due(beganNanos + plan.dueNanos(next), next);
                        next++;
                        now = clock.elapsed().toNanos();
                    }
                    long until = next < plan.requests() ? beganNanos + plan.dueNanos(next) : Long.MAX_VALUE;
                    if (!asked.isEmpty()) {
                        until = Math.min(
                                until,
                                asked.getFirst().dueNanos + plan.timeout().toNanos());
                    }
                    nap(Math.min(until - now, Duration.ofMillis(50).toNanos()));
                }
            } finally {
                asked.forEach(Asked::abandon);
                over = true;
                http.close();
            }
        }

        private static void nap(long nanos) {
            if (nanos > 0) {
                LockSupport.parkNanos(Math.max(nanos, NAP_NANOS_MIN));
            }
        }

        private void due(long dueNanos, long number) {
            boolean late = clock.elapsed().toNanos() - dueNanos > LATE_MAX.toNanos();
            if (late || underWay.get() >= underWayMax) {
                listener.missed(Duration.ofNanos(dueNanos));
                return;
            }
            underWay.incrementAndGet();
            made.incrementAndGet();
            var request = new Asked(dueNanos, plan.entry(number), marks.mark(number));
            asked.addLast(request);
            request.thread.start();
        }

        private void giveUp(long now) {
            while (!asked.isEmpty()) {
                Asked first = asked.getFirst();
                if (!first.decided.get()) {
                    if (first.dueNanos + plan.timeout().toNanos() > now) {
                        return;
                    }
                    first.end(new NoAnswer(CurlFailure.TIMEOUT));
                    first.abandon();
                }
                asked.removeFirst();
            }
        }

        @Override
        public void stop() {
            stopped = true;
            LockSupport.unpark(thread);
        }

        @Override
        public long made() {
            return made.get();
        }

        @Override
        public boolean over() {
            return stopped || over;
        }

        /** One request under way. */
        private final class Asked {
            private final long dueNanos;
            private final String entry;
            private final String mark;
            private final Map<String, String> headers;
            private final Thread thread =
                    Thread.ofVirtual().name("probe-request").unstarted(this::ask);
            /** Whoever is first says what became of it. */
            private final AtomicBoolean decided = new AtomicBoolean();

            Asked(long dueNanos, String entry, String mark) {
                this.dueNanos = dueNanos;
                this.entry = entry;
                this.mark = mark;
                this.headers = marks.headers(mark);
            }

            private void ask() {
                @Nullable Outcome outcome = null;
                try {
                    outcome = outcome();
                } catch (LabException e) {
                    // A machine that is going away may not be looked up.
                    outcome = new NoAnswer(CurlFailure.UNREACHABLE);
                } finally {
                    if (outcome == null) {
                        miss();
                    } else {
                        end(outcome);
                    }
                }
            }

            /** What came of it; null if it could not even be made. */
            private @Nullable Outcome outcome() {
                Machine machine = machines.apply(entry).orElse(null);
                if (machine == null) {
                    return new NoAnswer(CurlFailure.UNKNOWN_HOST);
                }
                String at = machine.ports().get(plan.port());
                return switch (machine.state()) {
                    case STOPPED, KILLED -> new NoAnswer(CurlFailure.UNREACHABLE);
                    case RUNNING -> at == null ? new NoAnswer(CurlFailure.REFUSED) : exchange(at);
                    case PAUSED -> at == null ? silence() : exchange(at);
                };
            }

            /** Whoever is frozen says nothing. */
            private Outcome silence() {
                LockSupport.parkNanos(plan.timeout().toNanos());
                return new NoAnswer(CurlFailure.TIMEOUT);
            }

            private @Nullable Outcome exchange(String at) {
                try {
                    LoopbackHttp.Answer answer =
                            http.exchange(at, "GET", plan.path(), headers, new byte[0], plan.timeout());
                    return answer.gaveUp()
                            ? new NoAnswer(CurlFailure.TIMEOUT)
                            : RequestSample.answered(answer.status(), answer.text());
                } catch (LoopbackHttp.NoAnswer e) {
                    return switch (e.refusal()) {
                        case REFUSED -> new NoAnswer(CurlFailure.REFUSED);
                        case UNREACHABLE -> new NoAnswer(CurlFailure.UNREACHABLE);
                        case TIMEOUT -> new NoAnswer(CurlFailure.TIMEOUT);
                        case EMPTY -> new NoAnswer(CurlFailure.EMPTY_REPLY);
                        case RESET -> new NoAnswer(CurlFailure.RESET);
                        case UNKNOWN_HOST -> new NoAnswer(CurlFailure.UNKNOWN_HOST);
                        case EXHAUSTED -> null;
                    };
                }
            }

            private void miss() {
                if (decided.compareAndSet(false, true)) {
                    made.decrementAndGet();
                    tell(() -> listener.missed(Duration.ofNanos(dueNanos)));
                }
            }

            private void end(Outcome outcome) {
                if (decided.compareAndSet(false, true)) {
                    var sample = new RequestSample(
                            Duration.ofNanos(dueNanos), clock.elapsed(), entry, outcome, mark, Optional.empty());
                    tell(() -> listener.ended(sample));
                    if (sample.failed() && !mark.isEmpty()) {
                        servers.find(mark, server -> listener.passedOn(mark, server));
                    }
                }
            }

            private void tell(Runnable what) {
                try {
                    if (!stopped) {
                        what.run();
                    }
                } finally {
                    underWay.decrementAndGet();
                }
            }

            /** Nobody waits for it any more: its connection is closed. */
            private void abandon() {
                decided.set(true);
                thread.interrupt();
            }
        }
    }
}
