package dev.clusterlab.provisioning.traffic;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * How long requests took, as a distribution exact to 0.1 %: from the instant at which each was due until the client had its answer or
 * gave up. Immutable.
 */
public final class Latencies {
    /** Of the values that are told apart. */
    private static final int DIGITS = 3;

    private final Histogram nanos;

    private Latencies(Histogram nanos) {
        this.nanos = nanos;
    }

    static Latencies of(Histogram nanos) {
        return new Latencies(nanos.copy());
    }

    static Histogram histogram() {
        var histogram = new Histogram(DIGITS);
        histogram.setAutoResize(true);
        return histogram;
    }

    public long count() {
        return nanos.getTotalCount();
    }

    /**
     * The smallest time that so many per cent of the requests do not exceed; zero if there were none.
     *
     * @param percent 0 to 100
     */
    public Duration percentile(double percent) {
        return Duration.ofNanos(nanos.getTotalCount() == 0 ? 0 : nanos.getValueAtPercentile(percent));
    }

    public Duration max() {
        return Duration.ofNanos(nanos.getMaxValue());
    }
}
