package dev.clusterlab.simulator.seeds;

import java.util.Arrays;
import java.util.Locale;

/** A sample of durations in seconds. */
public record Percentiles(double[] sorted) {
    public static Percentiles of(double[] seconds) {
        double[] sorted = seconds.clone();
        Arrays.sort(sorted);
        return new Percentiles(sorted);
    }

    public double at(double percent) {
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(percent / 100 * (sorted.length - 1)))];
    }

    public double shareWithin(double least, double most) {
        long within = Arrays.stream(sorted)
                .filter(value -> value >= least && value <= most)
                .count();
        return (double) within / sorted.length;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d samples: min %.2f, p5 %.2f, median %.2f, p95 %.2f, max %.2f s",
                sorted.length,
                at(0),
                at(5),
                at(50),
                at(95),
                at(100));
    }
}
