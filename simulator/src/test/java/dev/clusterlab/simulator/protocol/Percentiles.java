package dev.clusterlab.simulator.protocol;

import java.util.Arrays;
import java.util.Locale;

/** A sample of durations in seconds. */
record Percentiles(double[] sorted) {
    static Percentiles of(double[] seconds) {
        double[] sorted = seconds.clone();
        Arrays.sort(sorted);
        return new Percentiles(sorted);
    }

    double at(double percent) {
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(percent / 100 * (sorted.length - 1)))];
    }

    double shareWithin(double least, double most) {
        long within = Arrays.stream(sorted)
                .filter(value -> value >= least && value <= most)
                .count();
        return (double) within / sorted.length;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d samples: min %.1f, p5 %.1f, median %.1f, p95 %.1f, max %.1f s",
                sorted.length,
                at(0),
                at(5),
                at(50),
                at(95),
                at(100));
    }
}
