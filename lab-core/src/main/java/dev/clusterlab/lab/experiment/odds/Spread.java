package dev.clusterlab.lab.experiment.odds;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How a figure is spread over runs, those without it left out.
 *
 * @param runs that have the figure, at least 1
 * @param p5 a value that occurred (nearest rank), as {@code p95} is
 * @param worst the largest
 * @param worstSeed the first seed that had it
 */
public record Spread(int runs, double median, double p5, double p95, double worst, long worstSeed) {
    /** Empty if no run has the figure. */
    static Optional<Spread> of(List<SeedRun> all, Figure figure) {
        List<SeedRun> runs =
                all.stream().filter(run -> run.value(figure).isPresent()).toList();
        if (runs.isEmpty()) {
            return Optional.empty();
        }
        double[] sorted = runs.stream()
                .mapToDouble(run -> run.value(figure).getAsDouble())
                .sorted()
                .toArray();
        double worst = sorted[sorted.length - 1];
        long seed = runs.stream()
                .filter(run -> run.value(figure).getAsDouble() == worst)
                .mapToLong(SeedRun::seed)
                .min()
                .orElseThrow();
        return Optional.of(new Spread(runs.size(), median(sorted), rank(sorted, 5), rank(sorted, 95), worst, seed));
    }

    private static double rank(double[] sorted, int percent) {
        return sorted[Math.max(0, (int) Math.ceil(sorted.length * percent / 100.0) - 1)];
    }

    /** Of values in any order, which it puts in order: the middle one, of an even number the mean of both. */
    public static double median(double[] values) {
        Arrays.sort(values);
        int half = values.length / 2;
        return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    }
}
