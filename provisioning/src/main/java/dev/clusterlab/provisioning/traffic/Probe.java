package dev.clusterlab.provisioning.traffic;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.ProbePlan;
import dev.clusterlab.provisioning.ProbePort;
import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.RequestSample.Answered;
import dev.clusterlab.provisioning.RequestSample.NoAnswer;
import dev.clusterlab.provisioning.observe.Observer;
import dev.clusterlab.shell.curl.CurlFailure;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * A client of the platform that asks at a fixed rate, counts what it gets, and records each request in the {@link Observer}.
 * Thread-safe.
 */
public final class Probe implements AutoCloseable {
    /** Names of instances that are counted apart; a service that crashes again and again has a new one each time. */
    private static final int INSTANCES_MAX = 1_000;

    private final ProbePlan plan;
    private final EngineClock clock;
    private final Tally tally;
    private final ProbePort.Running running;

    private Probe(ProbePlan plan, EngineClock clock, Tally tally, ProbePort.Running running) {
        this.plan = plan;
        this.clock = clock;
        this.tally = tally;
        this.running = running;
    }

    /**
     * Begins to ask.
     *
     * @throws LabException REFUSED if the engine cannot keep such a rate
     */
    public static Probe start(Engine engine, Observer observer, ProbePlan plan) {
        var tally = new Tally(plan, observer);
        return new Probe(plan, engine.clock(), tally, engine.probes().begin(plan, tally));
    }

    public ProbePlan plan() {
        return plan;
    }

    /** Whether nothing more comes: every request that was due has ended or was missed, or it was {@link #stop() stopped}. */
    public boolean over() {
        return running.over();
    }

    /** What it got so far. */
    public ProbeTotals totals() {
        return tally.totals(running.made());
    }

    /**
     * Waits until it is over.
     *
     * @throws InterruptedException if its thread is interrupted; then it goes on asking
     */
    public void await() throws InterruptedException {
        Duration limit = plan.duration().plus(plan.timeout()).plusSeconds(1);
        while (!clock.await(this::over, limit)) {
            // Where time is wall-clock time this computer may be slower than that.
        }
    }

    /** Ends it; requests under way are given up and do not count. Without effect if it is over. */
    public void stop() {
        tally.close();
        running.stop();
    }

    @Override
    public void close() {
        stop();
    }

    /** Counts. */
    private static final class Tally implements ProbePort.Listener {
        private final ProbePlan plan;
        private final Observer observer;
        private final Histogram latencies = Latencies.histogram();
        private final Map<Integer, Long> byStatus = new TreeMap<>();
        private final Map<CurlFailure, Long> byFailure = new EnumMap<>(CurlFailure.class);
        private final Map<String, Long> byInstance = new HashMap<>();
        private final Map<String, ProbeTotals.Entry> byEntry = new HashMap<>();
        private long ended;
        private long missed;
        private boolean closed;

        Tally(ProbePlan plan, Observer observer) {
            this.plan = plan;
            this.observer = observer;
        }

        @Override
        public void ended(RequestSample sample) {
            synchronized (this) {
                if (closed) {
                    return;
                }
                count(sample);
            }
            observer.recordTraffic(sample);
        }

        private void count(RequestSample sample) {
            ended++;
            latencies.recordValue(Math.max(0, sample.took().toNanos()));
            byEntry.merge(
                    sample.entry(),
                    new ProbeTotals.Entry(0, 0).plus(sample.failed()),
                    (before, one) -> before.plus(sample.failed()));
            switch (sample.outcome()) {
                case Answered(int status, String instance) -> {
                    byStatus.merge(status, 1L, Long::sum);
                    if (!instance.isEmpty()) {
                        boolean apart = byInstance.size() < INSTANCES_MAX || byInstance.containsKey(instance);
                        byInstance.merge(apart ? instance : "", 1L, Long::sum);
                    }
                }
                case NoAnswer(CurlFailure why) -> byFailure.merge(why, 1L, Long::sum);
            }
        }

        @Override
        public void missed(Duration due) {
            synchronized (this) {
                if (closed) {
                    return;
                }
                missed++;
            }
            observer.recordMissedStart(due);
        }

        @Override
        public void passedOn(String mark, String server) {
            observer.recordServer(mark, server);
        }

        synchronized void close() {
            closed = true;
        }

        synchronized ProbeTotals totals(long made) {
            // The port may have told of more since it was asked.
            long begun = Math.max(made, ended);
            return new ProbeTotals(
                    begun,
                    ended,
                    missed,
                    Duration.ofNanos(plan.dueNanos(begun + missed)),
                    byStatus,
                    byFailure,
                    byInstance,
                    byEntry,
                    Latencies.of(latencies));
        }
    }
}
