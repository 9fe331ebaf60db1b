package dev.clusterlab.lab;

import dev.clusterlab.lab.Prediction.Measure;
import dev.clusterlab.lab.Prediction.Quantity;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.anatomy.StagePoint;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Measures what predictions are graded by. Immutable. */
public final class Measuring {
    private final CheckLanguage language;

    public Measuring(CheckLanguage language) {
        this.language = language;
    }

    /** What was measured. */
    public sealed interface Measured {
        /** Nothing yet. */
        record Pending() implements Measured {}

        /** In the unit of the measure. */
        record Value(double value) implements Measured {}

        /** There is nothing of the kind to measure: the stage did not come, or does not exist here, or nobody asked. */
        record Nothing() implements Measured {}
    }

    /**
     * What is known of a fault by now.
     *
     * @param anatomies of every fault that broke something, the earliest first
     */
    public Measured of(Measure.OfFault measure, List<Anatomy> anatomies) {
        return anatomies.stream()
                .filter(anatomy -> anatomy.fault().kind() == measure.kind()
                        && anatomy.fault().target() instanceof Target.OfMachine(String machine)
                        && machine.equals(measure.target()))
                .findFirst()
                .map(anatomy -> of(measure.quantity(), anatomy))
                .orElseGet(Measured.Pending::new);
    }

    private static Measured of(Quantity quantity, Anatomy anatomy) {
        Optional<Double> value = switch (quantity) {
            case Quantity.Reached(var stage) -> anatomy.after(stage).map(Measuring::seconds);
            case Quantity.LastFailure _ ->
                asked(anatomy)
                        .map(over -> over.lastFailure().map(Measuring::seconds).orElse(0.0));
            case Quantity.Failed _ -> asked(anatomy).map(over -> (double) over.failed());
        };
        if (value.isPresent()) {
            return new Measured.Value(value.get());
        }
        boolean never = anatomy.over()
                || (quantity instanceof Quantity.Reached(var stage)
                        && anatomy.points(stage).stream()
                                .allMatch(point -> point.state() instanceof StagePoint.NotApplicable));
        return never ? new Measured.Nothing() : new Measured.Pending();
    }

    /** More may fail until the watch has ended. */
    private static Optional<Anatomy> asked(Anatomy anatomy) {
        return Optional.of(anatomy).filter(each -> each.over() && each.requests() > 0);
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    /**
     * What an expression gives now.
     *
     * @throws dev.clusterlab.provisioning.LabException INPUT if that is no number
     */
    public double of(Measure.OfCluster measure, ClusterSnapshot snapshot) {
        return language.compile(measure.expression()).number(new CheckState(snapshot));
    }
}
