package dev.clusterlab.ui.place;

import dev.clusterlab.lab.environment.ExperimentRuns;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.lab.experiment.odds.Odds;
import dev.clusterlab.lab.experiment.odds.SeedRun;
import dev.clusterlab.lab.experiment.run.Fit;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.Spectator;
import dev.clusterlab.lab.experiment.run.Trouble;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.ui.model.experiment.Laboratory;
import dev.clusterlab.ui.model.experiment.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Experiments of the program and of this user, run as the command line runs them.
 *
 * @param lab of the window; empty if none can be used
 */
public record StandardLaboratory(ExperimentLibrary library, ExperimentRuns runs, Optional<LabEnvironment> lab)
        implements Laboratory {
    @Override
    public List<String> names() {
        return library.names();
    }

    @Override
    public Experiment read(String nameOrFile) {
        return library.read(nameOrFile);
    }

    @Override
    public List<Place> places() {
        List<Place> places = new ArrayList<>(List.of(Place.SIMULATED));
        lab.ifPresent(environment -> {
            if (environment.engine().name().equals(EngineNames.DOCKER)) {
                places.add(Place.DOCKER);
            }
            places.add(Place.LAB);
        });
        return places;
    }

    @Override
    public Optional<Trouble> lack(Experiment experiment, Place place) {
        return switch (place) {
            case SIMULATED -> Fit.lack(experiment, EngineNames.EMBEDDED);
            case DOCKER -> Fit.lack(experiment, EngineNames.DOCKER);
            case LAB -> lab.flatMap(environment -> runs.lack(experiment, environment));
            case SWARM -> throw inATestOnly();
        };
    }

    @Override
    public RunResult run(Experiment experiment, Place place, long seed, Spectator spectator) {
        return switch (place) {
            case SIMULATED -> runs.bare(experiment, seed, SERVICES, spectator);
            case DOCKER -> onDocker(experiment, seed, spectator);
            case LAB -> runs.standing(experiment, seed, lab.orElseThrow(), spectator);
            case SWARM -> throw inATestOnly();
        };
    }

    private static IllegalArgumentException inATestOnly() {
        return new IllegalArgumentException("a Swarm that exists is broken in a test of it alone");
    }

    private RunResult onDocker(Experiment experiment, long seed, Spectator spectator) {
        var options = new LabEnvironment.Options(EngineNames.DOCKER, seed, true, 1);
        try (LabEnvironment environment = runs.environments().open(options)) {
            return runs.run(experiment, seed, environment, spectator);
        }
    }

    @Override
    public Odds odds(Experiment experiment, int seeds, Consumer<List<SeedRun>> done) {
        var plan =
                new ExperimentRuns.Plan(experiment.seed(), seeds, ExperimentRuns.Plan.jobsOfThisComputer(), SERVICES);
        return runs.odds(experiment, plan, done);
    }
}
