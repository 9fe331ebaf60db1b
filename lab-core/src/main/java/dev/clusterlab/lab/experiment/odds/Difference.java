package dev.clusterlab.lab.experiment.odds;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * By how much two settings differ in one figure, over the seeds that both were run with and that have it in both. The interval comes
 * from drawing seeds with replacement, many times (the paired bootstrap); the draws are the same each time.
 *
 * @param pairs how many seeds
 * @param first the figure with the first setting: the median, or for a share the mean
 * @param low with 95 % certainty, second minus first is at least so much
 * @param high and at most so much
 * @param sure whether 95 % certainty can tell one from the other by more than figures are printed with
 */
public record Difference(int pairs, double first, double second, double low, double high, boolean sure) {
    private static final int DRAWS = 10_000;
    private static final long DRAWS_SEED = 20_261_130L;
    /** With fewer seeds an interval would claim what nobody knows. */
    private static final int PAIRS_MIN = 6;

    /** Of seconds or per cent: less is not seen in a figure as it is printed. */
    private static final double PRINTED_MIN = 0.05;

    /** Second minus first. */
    public double difference() {
        return second - first;
    }

    /** Whether 95 % certainty can tell one from the other, by at least so much. */
    private static boolean sure(int pairs, double low, double high, double least) {
        return pairs >= PAIRS_MIN && (low > least || high < -least);
    }

    /** In the medians of a figure; empty if no seed has it in both. */
    static Optional<Difference> of(Figure figure, List<Pair> pairs) {
        List<Pair> both = pairs.stream()
                .filter(pair -> pair.first().value(figure).isPresent()
                        && pair.second().value(figure).isPresent())
                .toList();
        return of(
                both,
                run -> run.value(figure).getAsDouble(),
                Spread::median,
                figure.unit() == Figure.Unit.REQUESTS ? 0 : PRINTED_MIN);
    }

    /** In the share of runs for which something holds. */
    static Optional<Difference> ofShare(List<Pair> pairs, java.util.function.Predicate<SeedRun> holds) {
        return of(pairs, run -> holds.test(run) ? 1 : 0, Difference::mean, 0);
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static Optional<Difference> of(
            List<Pair> pairs, ToDoubleFunction<SeedRun> value, ToDoubleFunction<double[]> middle, double least) {
        int count = pairs.size();
        if (count == 0) {
            return Optional.empty();
        }
        double[] first = pairs.stream()
                .mapToDouble(pair -> value.applyAsDouble(pair.first()))
                .toArray();
        double[] second = pairs.stream()
                .mapToDouble(pair -> value.applyAsDouble(pair.second()))
                .toArray();
        var random = new SplittableRandom(DRAWS_SEED);
        double[] differences = new double[DRAWS];
        double[] firstDrawn = new double[count];
        double[] secondDrawn = new double[count];
        for (int draw = 0; draw < DRAWS; draw++) {
            for (int i = 0; i < count; i++) {
                int drawn = random.nextInt(count);
                firstDrawn[i] = first[drawn];
                secondDrawn[i] = second[drawn];
            }
            differences[draw] = middle.applyAsDouble(secondDrawn) - middle.applyAsDouble(firstDrawn);
        }
        java.util.Arrays.sort(differences);
        double low = differences[(int) (DRAWS * 0.025)];
        double high = differences[(int) (DRAWS * 0.975) - 1];
        return Optional.of(new Difference(
                count,
                middle.applyAsDouble(first.clone()),
                middle.applyAsDouble(second.clone()),
                low,
                high,
                sure(count, low, high, least)));
    }

    /** One seed with both settings. */
    record Pair(SeedRun first, SeedRun second) {
        static List<Pair> of(Odds first, Odds second) {
            List<Pair> pairs = new ArrayList<>();
            for (SeedRun one : first.runs()) {
                second.runs().stream()
                        .filter(other -> other.seed() == one.seed())
                        .findFirst()
                        .ifPresent(other -> pairs.add(new Pair(one, other)));
            }
            return pairs;
        }
    }
}
