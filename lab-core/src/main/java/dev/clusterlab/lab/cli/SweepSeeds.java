package dev.clusterlab.lab.cli;

import dev.clusterlab.provisioning.embedded.SeedSweep;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code clusterlab sweep}: for developers of the embedded engine; in English only. */
@Command(
        name = "sweep",
        description = {
            "Break the lab's platform at random on simulated machines, one history for each seed: faults first, then"
                    + " everything is healed and has to come back. Rules are held against every event.",
            "A failing seed prints the command that replays it."
        },
        mixinStandardHelpOptions = true)
final class SweepSeeds implements Callable<Integer> {
    private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(5);
    /** How long printing what is known may take. */
    private static final Duration CANCEL_LIMIT = Duration.ofSeconds(5);

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "How many seeds. Default: ${DEFAULT-VALUE}.",
            defaultValue = "100")
    private long seeds = 100;

    @Option(
            names = "--from",
            paramLabel = "SEED",
            description = "The first seed. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private long from = 1;

    @Option(
            names = "--machines",
            paramLabel = "M",
            description = "Machines of each run, three of them managers. Default: ${DEFAULT-VALUE}.",
            defaultValue = "" + SeedSweep.MACHINES_DEFAULT)
    private int machines = SeedSweep.MACHINES_DEFAULT;

    @Option(names = "--parallel", paramLabel = "P", description = "Runs at once. Default: one for each processor.")
    private @Nullable Integer parallel;

    @Option(names = "--trace", description = "Print faults and decisions of each run, with their instants in seconds.")
    private boolean trace;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        int atOnce = parallel == null ? Runtime.getRuntime().availableProcessors() : parallel;
        var sweep = new SeedSweep(new SeedSweep.Settings(from, seeds, machines, atOnce));
        out.printf("seeds %d to %d, %d machines, %d at once%n", from, from + seeds - 1, machines, atOnce);
        out.flush();
        var tally = new Tally(out);
        Thread running = Thread.currentThread();
        var told = new CountDownLatch(1);
        Thread stop = Thread.ofPlatform().unstarted(() -> cancel(running, told));
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            sweep.run(tally::ended);
        } finally {
            tally.summary();
            told.countDown();
        }
        removeHook(stop);
        return tally.violations() == 0 ? ExitCodes.OK : ExitCodes.FAILED;
    }

    /** Ctrl-C: what is known so far is still printed. */
    private static void cancel(Thread running, CountDownLatch told) {
        running.interrupt();
        try {
            if (!told.await(CANCEL_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("clusterlab: the sweep did not end in time; there is no summary.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeHook(Thread stop) {
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException e) {
            // The program is ending; the hook has nothing more to wait for.
        }
    }

    /** What people read of a failing seed. */
    static String failure(SeedSweep.Outcome outcome, SeedSweep.Broken broken, int machines) {
        return String.format(
                Locale.ROOT,
                "seed %d: %s at %.3f s: %s%n  drawn: %s%n  replay: clusterlab sweep --from %d --seeds 1 --machines %d --trace",
                outcome.seed(),
                broken.rule(),
                broken.instant().toNanos() / 1e9,
                broken.what(),
                outcome.options(),
                outcome.seed(),
                machines);
    }

    /** Counts outcomes and prints them; called by one thread at a time. */
    private final class Tally {
        private final PrintWriter out;
        private final long startedNanos = System.nanoTime();
        private final TreeMap<String, Integer> byRule = new TreeMap<>();
        private long printedNanos = startedNanos;
        private long done;
        private long violations;
        private Duration virtualTime = Duration.ZERO;

        Tally(PrintWriter out) {
            this.out = out;
        }

        synchronized long violations() {
            return violations;
        }

        synchronized void ended(SeedSweep.Outcome outcome) {
            done++;
            virtualTime = virtualTime.plus(outcome.virtualTime());
            if (trace) {
                out.println("seed " + outcome.seed());
                outcome.trace().forEach(out::println);
            }
            outcome.broken().ifPresent(broken -> {
                violations++;
                byRule.merge(broken.rule(), 1, Integer::sum);
                out.println(failure(outcome, broken, machines));
            });
            if (System.nanoTime() - printedNanos >= PROGRESS_INTERVAL.toNanos()) {
                printedNanos = System.nanoTime();
                out.println(progress());
            }
            out.flush();
        }

        private String progress() {
            double seconds = (System.nanoTime() - startedNanos) / 1e9;
            return String.format(
                    Locale.ROOT,
                    "%d of %d seeds, %.1f a second, %d violations",
                    done,
                    seeds,
                    done / Math.max(seconds, 1e-3),
                    violations);
        }

        synchronized void summary() {
            out.printf(
                    Locale.ROOT,
                    "%s; %.1f h of virtual time in %.1f s%n",
                    progress(),
                    virtualTime.toMillis() / 3_600_000.0,
                    (System.nanoTime() - startedNanos) / 1e9);
            byRule.forEach((rule, count) -> out.println("  " + rule + ": " + count));
            out.flush();
        }
    }
}
