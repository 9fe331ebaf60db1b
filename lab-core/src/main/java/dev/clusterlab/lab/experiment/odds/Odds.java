package dev.clusterlab.lab.experiment.odds;

import dev.clusterlab.lab.experiment.run.Outcome;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of an experiment over many seeds.
 *
 * @param figures those that its runs may have
 * @param runs by seed
 */
public record Odds(List<Figure> figures, List<SeedRun> runs) {
    public Odds {
        figures = List.copyOf(figures);
        runs = runs.stream().sorted(Comparator.comparing(SeedRun::seed)).toList();
    }

    /** How many runs ended how; those that none ended with are 0. */
    public Map<Outcome, Integer> outcomes() {
        var outcomes = new EnumMap<Outcome, Integer>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, (int)
                    runs.stream().filter(run -> run.outcome() == outcome).count());
        }
        return outcomes;
    }

    /** Of the figures that some run has, in their order. */
    public Map<Figure, Spread> spreads() {
        Map<Figure, Spread> spreads = new LinkedHashMap<>();
        for (Figure figure : figures) {
            Spread.of(runs, figure).ifPresent(spread -> spreads.put(figure, spread));
        }
        return Collections.unmodifiableMap(spreads);
    }

    /** What runs measured of a figure, by seed, those without it left out. A copy. */
    public double[] values(Figure figure) {
        return runs.stream().flatMapToDouble(run -> run.value(figure).stream()).toArray();
    }

    /**
     * The run that ended worst; of several the one that lost most requests, then the one whose clients met errors or whose expectations
     * were missed for longest, then that of the lowest seed. Empty if there are no runs.
     */
    public Optional<SeedRun> worst() {
        Comparator<SeedRun> badness = Comparator.comparing(SeedRun::outcome);
        for (Figure figure : figures) {
            badness = badness.thenComparing(run -> run.value(figure).orElse(Double.NEGATIVE_INFINITY));
        }
        return runs.stream().max(badness.thenComparing(SeedRun::seed, Comparator.reverseOrder()));
    }
}
