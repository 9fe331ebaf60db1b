package dev.clusterlab.lab.experiment.run;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.CheckState;
import dev.clusterlab.lab.EntryPoint;
import dev.clusterlab.lab.experiment.Expectation;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.Step;
import dev.clusterlab.lab.experiment.Traffic;
import dev.clusterlab.lab.target.Aim;
import dev.clusterlab.lab.target.Selection;
import dev.clusterlab.lab.target.Selector;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.FaultConsent;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostLack;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.EngineFaults;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Faults;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** Whether an experiment can be run somewhere, before anything is done there. */
public final class Fit {
    private Fit() {}

    /** Why it cannot be run on an engine, as far as that one's name says; empty if it can. */
    public static Optional<Trouble> lack(Experiment experiment, String engine) {
        return fits(experiment.engines(), engine)
                ? Optional.empty()
                : Optional.of(new Trouble.OtherEngine(engine, experiment.engines()));
    }

    /** What was written for real machines fits a Swarm that exists. */
    private static boolean fits(List<String> engines, String engine) {
        return engines.contains(engine)
                || (engine.equals(EngineNames.SWARM)
                        && (engines.contains(EngineNames.DOCKER) || engines.contains(EngineNames.REMOTE)));
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
                return Optional.of(new Trouble.CannotDo(kind, lack));
            }
        }
        return engine.consent().flatMap(consent -> scripts(experiment));
    }

    /** What a script does nobody can tell before, and nothing undoes it. */
    private static Optional<Trouble> scripts(Experiment experiment) {
        boolean any = !experiment.rollbacks().isEmpty()
                || Step.lines(experiment.method()).stream().anyMatch(line -> line.step() instanceof Step.Run);
        return any
                ? Optional.of(new Trouble.NotAllowed(new LabException(
                                LabException.Kind.REFUSED,
                                "It runs scripts, and in a Swarm that is somebody's nothing is done but faults that end by themselves.",
                                "Leave out its run: steps and rollbacks, or run it in a lab.")
                        .named("consent.script")))
                : Optional.empty();
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
                .or(() -> notHolding(experiment, snapshot, language))
                .or(() -> engine.consent().flatMap(consent -> notAllowed(experiment, engine, snapshot, consent)));
    }

    /** Whether it is about what the owner of a cluster allows. */
    static boolean aboutConsent(LabException e) {
        return e.named().filter(named -> named.name().startsWith("consent.")).isPresent();
    }

    /** As far as it can be known before: who is hit is found out when the fault is injected, and asked once more then. */
    private static Optional<Trouble> notAllowed(
            Experiment experiment, Engine engine, ClusterSnapshot snapshot, FaultConsent consent) {
        List<Step> steps =
                Step.lines(experiment.method()).stream().map(Step.Line::step).toList();
        var machines = new TreeSet<String>();
        engine.machines().forEach(machine -> machines.add(machine.name()));
        var selection =
                new Selection(new SplittableRandom(experiment.seed()), Faults.PAUSE_LEASE, Optional.of(consent));
        for (Step step : steps) {
            if (step instanceof Step.Inject inject) {
                try {
                    selection
                            .faults(inject.wish(), machines, () -> snapshot)
                            .forEach(chosen -> require(consent, chosen.fault()));
                } catch (LabException e) {
                    if (aboutConsent(e)) {
                        return Optional.of(new Trouble.NotAllowed(e));
                    }
                    // Whom it hits may be there by then.
                }
            }
        }
        return Optional.empty();
    }

    private static void require(FaultConsent consent, Fault fault) {
        switch (fault) {
            case Fault.ContainerKill kill -> consent.requireContainer(kill.machine(), kill.containerId());
            case Fault.ContainerStop stop -> consent.requireContainer(stop.machine(), stop.containerId());
            default -> EngineFaults.of(fault).ifPresent(consent::require);
        }
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
