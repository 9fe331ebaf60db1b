package dev.clusterlab.ui.model.experiment;

import dev.clusterlab.lab.experiment.Expectation;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.run.Happening;
import dev.clusterlab.lab.experiment.run.Spectator;
import dev.clusterlab.lab.experiment.run.Violation;
import dev.clusterlab.ui.model.experiment.Course.Gap;
import dev.clusterlab.ui.model.experiment.Course.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sees a run go, and holds it back so that a person can follow: its history is the same at any speed. Thread-safe.
 *
 * <p>Before the first step nothing is held back, for there is nothing to see.
 */
final class LiveRun implements Spectator {
    /** Of engine time, between two looks at what holds. */
    private static final Duration SAMPLE = Duration.ofMillis(200);

    private final Experiment experiment;
    private final List<List<Gap>> gaps = new ArrayList<>();
    private final List<Double> faults = new ArrayList<>();
    private volatile double speed;
    private Phase phase = Phase.PLATFORM;
    private @Nullable Duration began;
    private long beganNanos;
    private Duration at = Duration.ZERO;
    private Duration sampled = Duration.ofHours(-1);
    private Optional<Double> healed = Optional.empty();
    private Set<Integer> done = Set.of();
    private Set<Integer> underWay = Set.of();
    private Optional<Happening> last = Optional.empty();

    /** @param speed seconds of engine time in one of wall-clock time; 0: as fast as it goes */
    LiveRun(Experiment experiment, double speed) {
        this.experiment = experiment;
        this.speed = speed;
        experiment.hypothesis().expectations().forEach(each -> gaps.add(new ArrayList<>()));
    }

    /** Holds nothing back any longer. */
    void release() {
        speed = 0;
    }

    @Override
    public synchronized void happened(Happening happening) {
        last = Optional.of(happening);
        at = happening.at();
        switch (happening) {
            case Happening.Steady steady -> {
                began = steady.at();
                beganNanos = System.nanoTime();
                phase = Phase.METHOD;
            }
            case Happening.Broken broken -> faults.add(since(broken.at()));
            case Happening.Watching _ -> phase = Phase.WATCH;
            case Happening.Healing healing -> {
                phase = Phase.HEALING;
                healed = Optional.of(since(healing.at()));
            }
            case Happening.LabStep _,
                    Happening.Ran _,
                    Happening.Came _,
                    Happening.Lost _,
                    Happening.Regained _,
                    Happening.Recovered _ -> {}
        }
    }

    @Override
    public void looked(Duration now, Supplier<Look> how) {
        take(now, how);
        long wait = waitNanos();
        if (wait > 0) {
            try {
                Thread.sleep(Duration.ofNanos(wait));
            } catch (InterruptedException e) {
                // The run is to end: it must not be held back while it heals.
                release();
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void take(Duration now, Supplier<Look> how) {
        at = now;
        if (began == null || now.minus(sampled).compareTo(SAMPLE) < 0) {
            return;
        }
        sampled = now;
        Look look = how.get();
        done = look.done();
        underWay = look.underWay();
        for (int i = 0; i < gaps.size(); i++) {
            sample(i, since(now), look.holds().get(i));
        }
    }

    private void sample(int number, double now, boolean holds) {
        List<Gap> known = gaps.get(number);
        boolean open = !known.isEmpty() && known.getLast().open();
        if (open) {
            double from = known.removeLast().from();
            known.add(new Gap(from, now, weight(number, from, now), !holds));
        } else if (!holds) {
            known.add(new Gap(now, now, weight(number, now, now), true));
        }
    }

    private Violation.Weight weight(int number, double from, double to) {
        if (healed.isPresent() && from >= healed.get()) {
            return Violation.Weight.WHILE_HEALING;
        }
        Expectation expectation = experiment.hypothesis().expectations().get(number);
        if (Course.judgedOnce(expectation)) {
            // The last ten seconds decide nothing by themselves.
            return Violation.Weight.TOLERATED;
        }
        double tolerated = Course.seconds(expectation.tolerance());
        return to - from <= tolerated && tolerated > 0 ? Violation.Weight.TOLERATED : Violation.Weight.COUNTS;
    }

    private synchronized long waitNanos() {
        Duration zero = began;
        double factor = speed;
        if (zero == null || factor <= 0) {
            return 0;
        }
        return beganNanos + (long) (at.minus(zero).toNanos() / factor) - System.nanoTime();
    }

    private double since(Duration instant) {
        return began == null ? 0 : Course.seconds(instant.minus(began));
    }

    /** As it is now. */
    synchronized Course course() {
        double now = since(at);
        return new Course(
                phase, now, Math.max(now, Course.seconds(experiment.planned())), done, underWay, faults, healed, gaps);
    }

    /** What happened last. */
    synchronized Optional<Happening> last() {
        return last;
    }
}
