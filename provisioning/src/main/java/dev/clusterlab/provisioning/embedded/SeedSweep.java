package dev.clusterlab.provisioning.embedded;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.simulator.invariant.Violation;
import dev.clusterlab.simulator.sweep.SweepResult;
import dev.clusterlab.simulator.sweep.SweepRun;
import dev.clusterlab.simulator.sweep.SweepSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Plays a range of seeds on simulations of their own, several at once, and tells how each ended. No machine, port or file of
 * this computer is used.
 */
public final class SeedSweep {
    /** Machines of a run, if nobody says otherwise. */
    public static final int MACHINES_DEFAULT = SweepSettings.MACHINES_DEFAULT;

    private final Settings settings;

    /**
     * What is to be played.
     *
     * @param from the first seed
     * @param seeds how many, at least one
     * @param machines of each run
     * @param parallel runs at once, at least one
     */
    public record Settings(long from, long seeds, int machines, int parallel) {}

    /**
     * How a seed's run ended.
     *
     * @param options what was drawn from the seed, in one line
     * @param broken the rule that did not hold, if one did not
     * @param trace faults and decisions with their instants, a line each
     * @param virtualTime how long the run took inside
     */
    public record Outcome(
            long seed, String options, Optional<Broken> broken, List<String> trace, Duration virtualTime) {
        public Outcome {
            trace = List.copyOf(trace);
        }
    }

    /**
     * A rule that did not hold.
     *
     * @param rule its name, in lower case with hyphens
     * @param instant virtual time since the beginning of the run
     * @param what was not as it must be, for developers
     */
    public record Broken(String rule, Duration instant, String what) {}

    /** @throws LabException if there can be no such sweep */
    public SeedSweep(Settings settings) {
        within("--seeds", settings.seeds(), 1, 1_000_000_000L);
        within("--machines", settings.machines(), SweepSettings.MACHINES_MIN, SweepSettings.MACHINES_MAX);
        within("--parallel", settings.parallel(), 1, 1_000);
        this.settings = settings;
    }

    private static void within(String option, long given, long least, long most) {
        if (given < least || given > most) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    option + " is " + given + ", but " + least + " to " + most + " are possible.",
                    "Give a number within these.");
        }
    }

    /**
     * Plays all seeds; {@code ended} gets the outcomes one at a time, on one of the sweep's threads, in the order in which
     * runs end. Returns when all are over.
     *
     * @throws IllegalStateException if a run broke off by a mistake of ours; the others end then too
     * @throws InterruptedException if the caller's thread is interrupted: runs under way end, nothing more is reported
     */
    public void run(Consumer<Outcome> ended) throws InterruptedException {
        var next = new AtomicLong();
        var cancelled = new AtomicBoolean();
        var failure = new AtomicReference<Throwable>();
        var telling = new Object();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < Math.min(settings.parallel(), settings.seeds()); i++) {
            threads.add(Thread.ofPlatform().name("sweep-" + i).daemon().start(() -> {
                try {
                    for (long number = next.getAndIncrement();
                            number < settings.seeds() && !cancelled.get();
                            number = next.getAndIncrement()) {
                        Outcome outcome = play(settings.from() + number);
                        synchronized (telling) {
                            if (!cancelled.get()) {
                                ended.accept(outcome);
                            }
                        }
                    }
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                    cancelled.set(true);
                }
            }));
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } finally {
            synchronized (telling) {
                cancelled.set(true);
            }
        }
        Throwable failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a run of the sweep broke off", failed);
        }
    }

    private Outcome play(long seed) {
        SweepResult result = new SweepRun(seed, SweepSettings.of(settings.machines())).run();
        return new Outcome(
                seed,
                result.options().toString(),
                result.violation().map(SeedSweep::broken),
                result.trace(),
                result.virtualTime());
    }

    private static Broken broken(Violation violation) {
        return new Broken(violation.name(), violation.instant(), violation.what());
    }
}
