package dev.clusterlab.ui.place;

import dev.clusterlab.lab.environment.ExperimentRuns;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.lab.experiment.odds.Odds;
import dev.clusterlab.lab.experiment.odds.SeedRun;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.Spectator;
import dev.clusterlab.ui.model.experiment.Laboratory;
import java.util.List;
import java.util.function.Consumer;

/** Experiments of the program and of this user, run as the command line runs them. */
public record StandardLaboratory(ExperimentLibrary library, ExperimentRuns runs) implements Laboratory {
    @Override
    public List<String> names() {
        return library.names();
    }

    @Override
    public Experiment read(String nameOrFile) {
        return library.read(nameOrFile);
    }

    @Override
    public RunResult run(Experiment experiment, long seed, Spectator spectator) {
        return runs.bare(experiment, seed, SERVICES, spectator);
    }

    @Override
    public Odds odds(Experiment experiment, int seeds, Consumer<List<SeedRun>> done) {
        var plan =
                new ExperimentRuns.Plan(experiment.seed(), seeds, ExperimentRuns.Plan.jobsOfThisComputer(), SERVICES);
        return runs.odds(experiment, plan, done);
    }
}
