package dev.clusterlab.lab.experiment.run;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What clients got, by number. Times are milliseconds of engine time; those without an answer count with the time that was waited.
 *
 * @param byStatus HTTP status → requests; 0 for no answer
 * @param missed requests that were due and could not be made; they are not among the others
 */
public record Tally(
        int requests,
        int failed,
        Map<Integer, Integer> byStatus,
        double p50,
        double p95,
        double p99,
        double max,
        int missed) {
    static final Tally NONE = new Tally(0, 0, Map.of(), 0, 0, 0, 0, 0);

    public Tally {
        byStatus = Collections.unmodifiableMap(new TreeMap<>(byStatus));
    }

    static Tally of(Requests requests, int missed) {
        if (requests.isEmpty()) {
            return new Tally(0, 0, Map.of(), 0, 0, 0, 0, missed);
        }
        long[] sorted = requests.tookSorted();
        return new Tally(
                requests.size(),
                requests.failed(),
                requests.byStatus(),
                Measure.percentileMs(sorted, 50),
                Measure.percentileMs(sorted, 95),
                Measure.percentileMs(sorted, 99),
                sorted[sorted.length - 1] / 1e6,
                missed);
    }
}
