package dev.clusterlab.lab.experiment.odds;

import dev.clusterlab.lab.experiment.run.Outcome;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Two settings of an experiment, seed by seed.
 *
 * @param pairs seeds that both were run with
 * @param completed in the share of runs whose hypothesis held; empty without pairs
 * @param differences in the figures that both have
 */
public record Comparison(
        Odds first, Odds second, int pairs, Optional<Difference> completed, Map<Figure, Difference> differences) {
    public Comparison {
        differences = Collections.unmodifiableMap(new LinkedHashMap<>(differences));
    }

    public static Comparison of(Odds first, Odds second) {
        List<Difference.Pair> pairs = Difference.Pair.of(first, second);
        Map<Figure, Difference> differences = new LinkedHashMap<>();
        for (Figure figure : first.figures()) {
            Difference.of(figure, pairs).ifPresent(difference -> differences.put(figure, difference));
        }
        return new Comparison(
                first,
                second,
                pairs.size(),
                Difference.ofShare(pairs, run -> run.outcome() == Outcome.COMPLETED),
                differences);
    }

    /** How many requests a run made with the first setting: the median. */
    public int requests() {
        double[] counts = first.runs().stream().mapToDouble(SeedRun::requests).toArray();
        return counts.length == 0 ? 0 : (int) Math.round(Spread.median(counts));
    }
}
