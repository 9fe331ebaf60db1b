package dev.clusterlab.ui.model.experiment;

import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.odds.Odds;
import dev.clusterlab.lab.experiment.odds.SeedRun;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.Spectator;
import dev.clusterlab.lab.experiment.run.Trouble;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Services;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Where experiments are found and run. Everything blocks, and is ended by an interrupt. */
public interface Laboratory {
    /** Of every run, so that one is the same again among many. */
    Services SERVICES = Services.MODEL;

    /** Names of those that come with the program, and of the person's own. */
    List<String> names();

    /**
     * Reads one.
     *
     * @param nameOrFile one of the names, or a file
     * @throws LabException NOT_FOUND, or INPUT with file and line if it is malformed
     */
    Experiment read(String nameOrFile);

    /** Where runs are possible at all, the usual place first. */
    List<Place> places();

    /** Why one cannot be run in a place, as that is now; empty if nothing is known to be in the way. */
    Optional<Trouble> lack(Experiment experiment, Place place);

    /** Runs one in one of the places. */
    RunResult run(Experiment experiment, Place place, long seed, Spectator spectator);

    /**
     * Runs one over many seeds, on all processors.
     *
     * @param done what is done so far, after each run
     */
    Odds odds(Experiment experiment, int seeds, Consumer<List<SeedRun>> done);
}
