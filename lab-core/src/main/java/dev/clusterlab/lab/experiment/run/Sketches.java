package dev.clusterlab.lab.experiment.run;

import dev.clusterlab.lab.experiment.run.Sketch.Moment;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keeps the snapshots of which there are sketches. Thread-safe. */
final class Sketches {
    private @Nullable ClusterSnapshot before;
    private @Nullable ClusterSnapshot broken;
    /** The first of those in which most was lacking. */
    private @Nullable ClusterSnapshot worst;

    private long mostLacking;
    private @Nullable ClusterSnapshot after;
    private boolean healing;

    /** Nothing is broken yet. */
    synchronized void begin(ClusterSnapshot snapshot) {
        before = snapshot;
    }

    /** One of those between; without effect before the beginning. */
    synchronized void take(ClusterSnapshot snapshot) {
        if (before == null || healing) {
            return;
        }
        if (!snapshot.faults().isEmpty()) {
            broken = snapshot;
            return;
        }
        long lacking = lacking(snapshot);
        if (worst == null || lacking > mostLacking) {
            worst = snapshot;
            mostLacking = lacking;
        }
    }

    private static long lacking(ClusterSnapshot snapshot) {
        return snapshot.swarm().stream()
                .flatMap(swarm -> swarm.services().stream())
                .mapToLong(service -> Math.max(0, service.replicas() - service.running()))
                .sum();
    }

    /** The faults that are left are being ended. */
    synchronized void heal() {
        healing = true;
    }

    synchronized void end(ClusterSnapshot snapshot) {
        after = snapshot;
    }

    /** What there is, in order. */
    synchronized List<Sketch> all() {
        return Stream.of(
                        sketch(Moment.BEFORE, before),
                        sketch(Moment.DURING, broken == null ? worst : broken),
                        sketch(Moment.AFTER, after))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Sketch> sketch(Moment moment, @Nullable ClusterSnapshot snapshot) {
        return snapshot == null ? Optional.empty() : Optional.of(Sketch.of(moment, snapshot));
    }
}
