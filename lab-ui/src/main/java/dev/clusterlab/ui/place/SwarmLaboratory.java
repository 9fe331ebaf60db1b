package dev.clusterlab.ui.place;

import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.odds.Odds;
import dev.clusterlab.lab.experiment.odds.SeedRun;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.Spectator;
import dev.clusterlab.lab.experiment.run.Trouble;
import dev.clusterlab.ui.model.experiment.Entry;
import dev.clusterlab.ui.model.experiment.Laboratory;
import dev.clusterlab.ui.model.experiment.Place;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The one experiment of a test of a Swarm that exists.
 *
 * @param run runs it, and leaves the hosts as they were
 */
record SwarmLaboratory(Entry entry, Run run) implements Laboratory {
    /** Blocks until it is over; an interrupt ends it. */
    @FunctionalInterface
    interface Run {
        RunResult run(Experiment experiment, long seed, Spectator spectator);
    }

    @Override
    public List<String> names() {
        return List.of(entry.name());
    }

    @Override
    public Experiment read(String nameOrFile) {
        return entry.experiment().orElseThrow();
    }

    @Override
    public List<Place> places() {
        return List.of(Place.SWARM);
    }

    @Override
    public Optional<Trouble> lack(Experiment experiment, Place place) {
        return Optional.empty();
    }

    @Override
    public RunResult run(Experiment experiment, Place place, long seed, Spectator spectator) {
        return run.run(experiment, seed, spectator);
    }

    @Override
    public Odds odds(Experiment experiment, int seeds, Consumer<List<SeedRun>> done) {
        throw new UnsupportedOperationException("a Swarm that exists has no odds");
    }
}
