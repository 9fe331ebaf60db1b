package dev.clusterlab.ui;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.environment.ExperimentRuns;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.lab.experiment.odds.Figure;
import dev.clusterlab.lab.experiment.odds.Odds;
import dev.clusterlab.lab.experiment.odds.SeedRun;
import dev.clusterlab.lab.experiment.run.Happening;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.Spectator;
import dev.clusterlab.lab.experiment.run.Trouble;
import dev.clusterlab.ui.model.experiment.Laboratory;
import dev.clusterlab.ui.model.experiment.Place;
import dev.clusterlab.ui.place.StandardLaboratory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whatever is run, it shows one real run, mostly of the loss of a worker, recorded once, and can stand still in the middle of it. Its odds
 * are that run with its figures moved a little: for pictures, not for conclusions.
 */
final class RecordedLaboratory implements Laboratory {
    private static final CheckLanguage LANGUAGE = new CheckLanguage();
    /** Runs for real. */
    static final StandardLaboratory REAL = new StandardLaboratory(
            new ExperimentLibrary(Path.of("no-such-folder"), LANGUAGE),
            new ExperimentRuns(
                    options -> LabEnvironment.standard(options, LANGUAGE),
                    LabLibrary.standard(List.of(), LANGUAGE),
                    LANGUAGE),
            Optional.empty());

    /** Each made on a thread of its own: one who is interrupted while waiting for it must not spoil it for all others. */
    private static final Map<String, CompletableFuture<Recording>> RECORDINGS = new ConcurrentHashMap<>();

    private final String recorded;

    private volatile @Nullable CountDownLatch standing;
    private volatile Duration standsAt = Duration.ZERO;

    private record Recording(List<Consumer<Spectator>> parts, List<Duration> instants, RunResult result) {}

    /** Of the loss of a worker. */
    RecordedLaboratory() {
        this("lose-a-worker");
    }

    /** @param recorded the experiment that is run once for real */
    RecordedLaboratory(String recorded) {
        this.recorded = recorded;
    }

    private Recording recorded() {
        return RECORDINGS
                .computeIfAbsent(
                        recorded,
                        name -> CompletableFuture.supplyAsync(
                                () -> record(name),
                                task -> Thread.ofPlatform()
                                        .daemon()
                                        .name("recording-" + name)
                                        .start(task)))
                .join();
    }

    private static Recording record(String name) {
        List<Consumer<Spectator>> parts = new ArrayList<>();
        List<Duration> instants = new ArrayList<>();
        Duration[] began = {Duration.ofDays(1)};
        RunResult result = REAL.run(REAL.read(name), Place.SIMULATED, 1, new Spectator() {
            @Override
            public synchronized void happened(Happening happening) {
                if (happening instanceof Happening.Steady) {
                    began[0] = happening.at();
                }
                parts.add(spectator -> spectator.happened(happening));
                instants.add(happening.at().minus(began[0]));
            }

            @Override
            public synchronized void looked(Duration at, Supplier<Look> now) {
                Look look = now.get();
                parts.add(spectator -> spectator.looked(at, () -> look));
                instants.add(at.minus(began[0]));
            }
        });
        return new Recording(parts, instants, result);
    }

    /** From now on it stands still when so much engine time has passed since the first step, or half of the seeds were run. */
    void standAt(Duration instant) {
        standsAt = instant;
        standing = new CountDownLatch(1);
    }

    /** What stands goes on. */
    void goOn() {
        CountDownLatch latch = standing;
        standing = null;
        if (latch != null) {
            latch.countDown();
        }
    }

    private void stand() {
        CountDownLatch latch = standing;
        if (latch != null) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public List<String> names() {
        return REAL.names();
    }

    /** As the laboratory of a test, which has that one experiment alone. */
    Laboratory alone() {
        RecordedLaboratory all = this;
        return new Laboratory() {
            @Override
            public List<String> names() {
                return List.of(recorded);
            }

            @Override
            public Experiment read(String nameOrFile) {
                return all.read(nameOrFile);
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
                return all.run(experiment, place, seed, spectator);
            }

            @Override
            public Odds odds(Experiment experiment, int seeds, Consumer<List<SeedRun>> done) {
                throw new UnsupportedOperationException("a Swarm has no odds");
            }
        };
    }

    @Override
    public Experiment read(String nameOrFile) {
        return REAL.read(nameOrFile);
    }

    @Override
    public List<Place> places() {
        return List.of(Place.SIMULATED, Place.DOCKER, Place.LAB);
    }

    @Override
    public Optional<Trouble> lack(Experiment experiment, Place place) {
        return place == Place.LAB && !experiment.name().equals("lose-a-worker")
                ? Optional.of(new Trouble.NotAsNeeded(
                        experiment.hypothesis().expectations().subList(0, 1)))
                : Optional.empty();
    }

    @Override
    public RunResult run(Experiment experiment, Place place, long seed, Spectator spectator) {
        Recording known = recorded();
        for (int i = 0; i < known.parts().size(); i++) {
            if (known.instants().get(i).compareTo(standsAt) >= 0) {
                stand();
            }
            known.parts().get(i).accept(spectator);
        }
        return known.result();
    }

    @Override
    public Odds odds(Experiment experiment, int seeds, Consumer<List<SeedRun>> done) {
        RunResult one = recorded().result();
        List<Figure> figures = Figure.of(experiment);
        List<SeedRun> runs = new ArrayList<>();
        var random = new SplittableRandom(1);
        for (int seed = 1; seed <= seeds; seed++) {
            Map<Figure, Double> values = new LinkedHashMap<>();
            for (Figure figure : figures) {
                OptionalDouble value = figure.in(one);
                if (value.isPresent()) {
                    double moved = Math.max(0, value.getAsDouble() * (1 + random.nextGaussian() / 8));
                    values.put(figure, figure.unit() == Figure.Unit.REQUESTS ? Math.rint(moved) : moved);
                }
            }
            runs.add(new SeedRun(
                    seed,
                    one.outcome(),
                    one.trouble(),
                    one.digest().orElse(""),
                    one.tally().requests(),
                    values));
            done.accept(List.copyOf(runs));
            if (seed == seeds / 2) {
                stand();
            }
        }
        return new Odds(figures, runs);
    }
}
