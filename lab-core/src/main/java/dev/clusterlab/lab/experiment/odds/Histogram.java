package dev.clusterlab.lab.experiment.odds;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many values lie in each of some equally wide ranges.
 *
 * @param counts of each range, from the least value on
 * @param span width of all ranges together; 1 where all values are one
 */
public record Histogram(List<Integer> counts, double least, double span) {
    public Histogram {
        counts = List.copyOf(counts);
    }

    /** Of at least one value; whole numbers get a range each where so many are enough. */
    public static Histogram of(double[] values, int rangesMax) {
        double least = Arrays.stream(values).min().orElseThrow();
        double most = Arrays.stream(values).max().orElseThrow();
        double span = most > least ? most - least : 1;
        boolean whole = Arrays.stream(values).allMatch(value -> value == Math.rint(value));
        int ranges = whole && most - least < rangesMax ? (int) (most - least) + 1 : rangesMax;
        int[] counts = new int[ranges];
        for (double value : values) {
            counts[Math.min(ranges - 1, (int) ((value - least) / span * ranges))]++;
        }
        return new Histogram(IntStream.of(counts).boxed().toList(), least, span);
    }

    /** Of the range that has most. */
    public int highest() {
        return counts.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /** Where a value is, from 0 to 1. */
    public double place(double value) {
        return (value - least) / span;
    }
}
