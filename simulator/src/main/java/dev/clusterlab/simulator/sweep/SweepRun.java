package dev.clusterlab.simulator.sweep;

import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.invariant.Violation;
import dev.clusterlab.simulator.swarm.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * One history. First the platform comes up; then faults begin and end as the seed has it, and only the invariants must hold;
 * then everything is healed, and within {@link #RECOVERY_LIMIT} everything must be back.
 */
public final class SweepRun {
    /**
     * Virtual time. The slowest parts in a row: a failed server is tried again after 30 s (serf's reconnect interval), a
     * Consul agent reconciles with the catalog every minute, an instance tries again within 30 s, one that is critical is
     * deregistered after a minute, and Traefik polls every 15 s.
     */
    public static final Duration RECOVERY_LIMIT = Duration.ofMinutes(6);

    /** Whether all is back is asked once in that much virtual time. */
    private static final Duration ASK_INTERVAL = Duration.ofMillis(500);

    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final long seed;
    private final SweepSettings settings;
    private final SweepOptions options;
    private final SimRandom random;
    private final WatchedHistory history;

    public SweepRun(long seed, SweepSettings settings) {
        this.seed = seed;
        this.settings = settings;
        var simulation = new Simulation(seed, EPOCH);
        this.random = simulation.random("sweep");
        this.options = SweepOptions.draw(random.split("options"));
        this.history = new WatchedHistory(simulation, new World(simulation, Platform.catalog(settings.sabotage())));
    }

    /** Plays the history to its end, or to the first violation. To be called once. */
    public SweepResult run() {
        try {
            play();
            return result(Optional.empty());
        } catch (Violation violation) {
            history.note(violation.name() + ": " + violation.what());
            return result(Optional.of(violation));
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            // Whatever breaks inside is what the sweep is for; the stack says where, unless the machine has left it
            // out.
            String where = Arrays.stream(e.getStackTrace())
                    .findFirst()
                    .map(at -> " at " + at)
                    .orElse("");
            Violation violation = history.violation("nothing-throws", e + where);
            violation.initCause(e);
            history.note(violation.name() + ": " + violation.what());
            return result(Optional.of(violation));
        }
    }

    private SweepResult result(Optional<Violation> violation) {
        return new SweepResult(
                seed,
                options,
                violation,
                history.trace(),
                history.simulation().elapsed(),
                history.simulation().executedEvents(),
                history.simulation().digest());
    }

    private void play() {
        history.note("options: " + options);
        new Platform(history, settings.machines()).build(options.replicas());
        var traffic = new Traffic(history, random.split("traffic"), Duration.ofMillis(options.requestMillis()));
        traffic.start();
        recover("the platform is up", new Recovery(history, traffic));
        var faults = new Faults(history, options, random.split("faults"));
        for (int i = 0; i < options.faults(); i++) {
            faults.begin();
            history.run(random.between(Duration.ZERO, Duration.ofSeconds(options.pauseSecondsMax())));
            if (i == options.faults() / 2) {
                settings.sabotage().stroke().accept(history.world());
            }
        }
        faults.heal();
        recover("everything is back", new Recovery(history, traffic));
        history.note(traffic.summary());
    }

    private void recover(String then, Recovery recovery) {
        long deadlineNanos = history.simulation().nowNanos() + RECOVERY_LIMIT.toNanos();
        var lost = new LostServers(history);
        while (true) {
            lost.check();
            Optional<Recovery.Lack> lack = recovery.whyNotYet();
            if (lack.isEmpty()) {
                history.note(then);
                return;
            }
            if (history.simulation().nowNanos() >= deadlineNanos) {
                throw history.violation(
                        lack.get().invariant(),
                        "not within " + RECOVERY_LIMIT.toSeconds() + " s: "
                                + lack.get().what());
            }
            history.run(ASK_INTERVAL);
        }
    }
}
