package dev.clusterlab.lab.experiment.run;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.CheckState;
import dev.clusterlab.lab.EntryPoint;
import dev.clusterlab.lab.experiment.Expectation;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.Step;
import dev.clusterlab.lab.experiment.Traffic;
import dev.clusterlab.lab.target.Aim;
import dev.clusterlab.lab.target.Selector;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostLack;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether an experiment can be run somewhere, before anything is done there. */
public final class Fit {
    private Fit() {}

    /** Why it cannot be run on an engine, as far as that one's name says; empty if it can. */
    public static Optional<Trouble> lack(Experiment experiment, String engine) {
        return experiment.engines().contains(engine)
                ? Optional.empty()
                : Optional.of(new Trouble.OtherEngine(engine, experiment.engines()));
    }

    /** Why it cannot be run on this engine, in whatever cluster; empty if it can. */
    public static Optional<Trouble> lack(Experiment experiment, Engine engine) {
        Optional<Trouble> other = lack(experiment, engine.name());
        if (other.isPresent()) {
            return other;
        }
        for (FaultKind kind : experiment.kinds()) {
            HostLack lack = engine.unsupportedFaults().get(kind);
            if (lack != null) {
                return Optional.of(new Trouble.CannotDo(kind, lack.sentence()));
            }
        }
        return Optional.empty();
    }

    /**
     * Why it cannot be run in a cluster that stands, as that is now; empty if it can. May take as long as {@link Engine#unsupportedFaults}.
     *
     * @param active what is broken there
     */
    public static Optional<Trouble> lack(
            Experiment experiment,
            Engine engine,
            List<ActiveFault> active,
            ClusterSnapshot snapshot,
            CheckLanguage language) {
        return lack(experiment, engine)
                .or(() -> active.isEmpty() ? Optional.empty() : Optional.of(new Trouble.InForce(active.size())))
                .or(() -> missingMachine(experiment, engine))
                .or(() -> experiment
                        .traffic()
                        .filter(traffic -> !(traffic.to() instanceof Traffic.To.Named))
                        .filter(traffic -> EntryPoint.find(engine).isEmpty())
                        .map(traffic -> new Trouble.NoEntry()))
                .or(() -> notHolding(experiment, snapshot, language));
    }

    private static Optional<Trouble> missingMachine(Experiment experiment, Engine engine) {
        List<String> named = new ArrayList<>();
        experiment.traffic().ifPresent(traffic -> {
            if (traffic.to() instanceof Traffic.To.Named(List<String> machines)) {
                named.addAll(machines);
            }
        });
        List<Step> steps =
                Step.lines(experiment.method()).stream().map(Step.Line::step).toList();
        // A script may make machines that later steps name.
        if (steps.stream().noneMatch(Step.Run.class::isInstance)) {
            steps.forEach(step -> {
                if (step instanceof Step.Inject inject) {
                    named.addAll(machines(inject));
                }
            });
        }
        return named.stream()
                .filter(machine -> engine.machine(machine).isEmpty())
                .findFirst()
                .map(Trouble.NoMachine::new);
    }

    private static List<String> machines(Step.Inject inject) {
        List<Selector> selectors = switch (inject.wish().aim()) {
            case Aim.At(Selector selector) ->
                inject.kind().aim() == FaultKind.Aim.CONTAINER ? List.<Selector>of() : List.of(selector);
            case Aim.Groups(List<List<Selector>> groups) ->
                groups.stream().flatMap(List::stream).toList();
            case Aim.Everything() -> List.of();
        };
        return selectors.stream()
                .filter(Selector.Named.class::isInstance)
                .map(selector -> ((Selector.Named) selector).name())
                .toList();
    }

    /** Of the conditions alone: of requests nothing is known before there are some. */
    private static Optional<Trouble> notHolding(
            Experiment experiment, ClusterSnapshot snapshot, CheckLanguage language) {
        var state = new CheckState(snapshot);
        List<Expectation> missing = experiment.hypothesis().expectations().stream()
                .filter(expectation -> expectation instanceof Expectation.Condition condition
                        && !language.compile(condition.expression()).holds(state))
                .toList();
        return missing.isEmpty() ? Optional.empty() : Optional.of(new Trouble.NotAsNeeded(missing));
    }
}
