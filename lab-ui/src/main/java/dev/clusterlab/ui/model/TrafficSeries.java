package dev.clusterlab.ui.model;

import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TrafficBucket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The last minute of traffic, ready to be drawn: one column a second, the newest last.
 *
 * @param peak requests of the tallest column
 * @param missed requests that clients could not make though they were due
 */
public record TrafficSeries(List<Column> columns, List<Marker> markers, int peak, double medianMs, int missed) {
    public static final int SECONDS = 60;

    /** Before anything is known. */
    public static final TrafficSeries NONE = new TrafficSeries(List.of(), List.of(), 0, 0, 0);

    public TrafficSeries {
        columns = List.copyOf(columns);
        markers = List.copyOf(markers);
    }

    /** Requests of one second by outcome: 2xx and 3xx, 4xx, 5xx, no answer. */
    public record Column(long second, int good, int refused, int failed, int unanswered) {
        public int total() {
            return good + refused + failed + unanswered;
        }
    }

    /** A fault, at a second of engine time: when it came into force, or when it was {@code over}. */
    public record Marker(long second, String text, boolean over) {}

    /** @param sentences in whose language faults are named */
    public static TrafficSeries of(ClusterSnapshot snapshot, List<ClusterEvent> events, Sentences sentences) {
        long now = snapshot.elapsed().toSeconds();
        Map<Long, TrafficBucket> bySecond = new HashMap<>();
        for (TrafficBucket bucket : snapshot.traffic().buckets()) {
            bySecond.put(bucket.second(), bucket);
        }
        List<Column> columns = new ArrayList<>();
        int peak = 0;
        double latencies = 0;
        int measured = 0;
        int missed = 0;
        for (long second = now - SECONDS + 1; second <= now; second++) {
            TrafficBucket bucket = bySecond.get(second);
            Column column = bucket == null ? new Column(second, 0, 0, 0, 0) : column(bucket);
            missed += bucket == null ? 0 : bucket.missed();
            if (bucket != null && column.total() > 0) {
                latencies += bucket.latencyMsMedian();
                measured++;
            }
            peak = Math.max(peak, column.total());
            columns.add(column);
        }
        List<Marker> markers = events.stream()
                .filter(e -> e.stamp().at().toSeconds() > now - SECONDS)
                .flatMap(e -> e instanceof ClusterEvent.OfFault about && !(e instanceof ClusterEvent.FaultExtended)
                        ? Stream.of(about)
                        : Stream.empty())
                .map(e -> new Marker(
                        e.stamp().at().toSeconds(), sentences.title(e.fault()), e instanceof ClusterEvent.FaultEnded))
                .toList();
        return new TrafficSeries(columns, markers, peak, measured == 0 ? 0 : latencies / measured, missed);
    }

    private static Column column(TrafficBucket bucket) {
        int good = 0;
        int refused = 0;
        int failed = 0;
        int unanswered = 0;
        for (Map.Entry<Integer, Integer> entry : bucket.byStatus().entrySet()) {
            int status = entry.getKey();
            if (status == 0) {
                unanswered += entry.getValue();
            } else if (status >= 500) {
                failed += entry.getValue();
            } else if (status >= 400) {
                refused += entry.getValue();
            } else {
                good += entry.getValue();
            }
        }
        return new Column(bucket.second(), good, refused, failed, unanswered);
    }
}
