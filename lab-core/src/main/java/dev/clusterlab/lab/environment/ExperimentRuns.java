package dev.clusterlab.lab.environment;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.odds.ManySeeds;
import dev.clusterlab.lab.experiment.odds.Odds;
import dev.clusterlab.lab.experiment.odds.SeedRun;
import dev.clusterlab.lab.experiment.run.ExperimentRunner;
import dev.clusterlab.lab.experiment.run.Fit;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.Spectator;
import dev.clusterlab.lab.experiment.run.Trouble;
import dev.clusterlab.lab.shell.BuiltInShell;
import dev.clusterlab.provisioning.Services;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Runs experiments, each in a new cluster of its own or in one that stands, for every front end alike. Interrupting the calling thread ends a run as
 * {@link ExperimentRunner} says. Thread-safe.
 *
 * @param labs those that a platform can be brought up by
 */
public record ExperimentRuns(LabEnvironment.Factory environments, LabLibrary labs, CheckLanguage language) {
    /**
     * Runs one once.
     *
     * @param environment just opened, with {@code seed}; the caller closes it
     */
    public RunResult run(Experiment experiment, long seed, LabEnvironment environment, Spectator spectator) {
        return run(experiment, seed, environment.forExperiments(), spectator);
    }

    /**
     * Runs one once in a cluster that stands, as it is.
     *
     * @param environment of somebody who goes on with it
     */
    public RunResult standing(Experiment experiment, long seed, LabEnvironment environment, Spectator spectator) {
        try (BuiltInShell own = environment.another()) {
            return run(experiment, seed, environment.surroundings(ExperimentRunner.Ground.STANDING, own), spectator);
        }
    }

    /** Why one cannot be run in a cluster that stands, as that is now; empty if it can. May take a while. */
    public Optional<Trouble> lack(Experiment experiment, LabEnvironment environment) {
        return Fit.lack(
                experiment,
                environment.engine(),
                environment.faults().active(),
                environment.observer().latest(),
                language);
    }

    private RunResult run(
            Experiment experiment, long seed, ExperimentRunner.Surroundings surroundings, Spectator spectator) {
        return new ExperimentRunner(
                        experiment,
                        surroundings,
                        labs,
                        language,
                        seed,
                        new SplittableRandom(seed),
                        InstantSource.system(),
                        spectator)
                .run();
    }

    /** Runs one once on the embedded engine with nothing but what a run needs, so that it is the one among many of the same seed. */
    public RunResult bare(Experiment experiment, long seed, Services services, Spectator spectator) {
        var options = LabEnvironment.Options.bare(seed).withServices(services);
        try (LabEnvironment environment = environments.open(options)) {
            return run(experiment, seed, environment, spectator);
        }
    }

    /**
     * Its odds; interrupted, those of the runs that are done, and the thread is marked so.
     *
     * @param plan which seeds, and how
     * @param done as in {@link ManySeeds#run}
     */
    public Odds odds(Experiment experiment, Plan plan, Consumer<List<SeedRun>> done) {
        return new ManySeeds((given, seed) -> bare(given, seed, plan.services(), happening -> {}), plan.jobs())
                .run(experiment, plan.first(), plan.count(), done);
    }

    /**
     * Which seeds, and how they are run.
     *
     * @param first of the seeds; each further run takes the next one
     * @param jobs runs at the same time
     */
    public record Plan(long first, int count, int jobs, Services services) {
        /** As many runs at the same time as there are processors. */
        public static int jobsOfThisComputer() {
            return Math.min(JOBS_MAX, Runtime.getRuntime().availableProcessors());
        }

        public static final int JOBS_MAX = 64;
    }
}
