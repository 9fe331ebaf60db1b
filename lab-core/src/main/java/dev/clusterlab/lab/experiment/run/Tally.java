package dev.clusterlab.lab.experiment.run;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What clients got, by number. Times are milliseconds of engine time; those without an answer count with the time that was waited.
 *
 * @param byStatus HTTP status → requests; 0 for no answer
 */
public record Tally(
        int requests, int failed, Map<Integer, Integer> byStatus, double p50, double p95, double p99, double max) {
    static final Tally NONE = new Tally(0, 0, Map.of(), 0, 0, 0, 0);

    public Tally {
        byStatus = Collections.unmodifiableMap(new TreeMap<>(byStatus));
    }

    static Tally of(List<Request> requests) {
        if (requests.isEmpty()) {
            return NONE;
        }
        var byStatus = new TreeMap<Integer, Integer>();
        requests.forEach(request -> byStatus.merge(request.status(), 1, Integer::sum));
        double[] sorted =
                requests.stream().mapToDouble(Request::tookMs).sorted().toArray();
        return new Tally(
                requests.size(),
                (int) requests.stream().filter(Request::failed).count(),
                byStatus,
                Measure.percentile(sorted, 50),
                Measure.percentile(sorted, 95),
                Measure.percentile(sorted, 99),
                sorted[sorted.length - 1]);
    }
}
