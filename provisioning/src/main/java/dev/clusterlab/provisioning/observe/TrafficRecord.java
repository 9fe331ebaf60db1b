package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.observe.ClusterSnapshot.TrafficBucket;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TrafficView;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What clients got, counted by second of engine time. Thread-safe. */
final class TrafficRecord {
    private static final int SECONDS_KEPT = 120;
    private static final int INSTANCE_SECONDS = 10;
    /** Enough for a median; more would only cost memory. */
    private static final int LATENCIES_MAX = 1000;

    private final ArrayDeque<Second> seconds = new ArrayDeque<>();
    private long count;

    private static final class Second {
        final long second;
        final Map<Integer, Integer> byStatus = new TreeMap<>();
        final Map<String, Integer> byInstance = new TreeMap<>();
        final List<Double> latenciesMs = new ArrayList<>();

        Second(long second) {
            this.second = second;
        }

        double medianMs() {
            double[] sorted = latenciesMs.stream()
                    .mapToDouble(Double::doubleValue)
                    .sorted()
                    .toArray();
            if (sorted.length == 0) {
                return 0;
            }
            int middle = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    synchronized void add(Duration elapsed, int status, String instance, double latencyMs) {
        long now = elapsed.toSeconds();
        Second current = seconds.peekLast();
        if (current == null || current.second < now) {
            current = new Second(now);
            seconds.addLast(current);
            forget(now);
        }
        current.byStatus.merge(status, 1, Integer::sum);
        if (!instance.isEmpty()) {
            current.byInstance.merge(instance, 1, Integer::sum);
        }
        if (current.latenciesMs.size() < LATENCIES_MAX) {
            current.latenciesMs.add(latencyMs);
        }
        count++;
    }

    /** Grows with every request. */
    synchronized long count() {
        return count;
    }

    synchronized TrafficView view(Duration elapsed) {
        long now = elapsed.toSeconds();
        forget(now);
        var buckets = new ArrayList<TrafficBucket>();
        var instances = new TreeMap<String, Integer>();
        for (Second second : seconds) {
            buckets.add(new TrafficBucket(second.second, second.byStatus, second.medianMs()));
            if (second.second > now - INSTANCE_SECONDS) {
                second.byInstance.forEach((name, n) -> instances.merge(name, n, Integer::sum));
            }
        }
        return buckets.isEmpty() ? TrafficView.NONE : new TrafficView(buckets, instances);
    }

    private void forget(long now) {
        while (!seconds.isEmpty() && seconds.peekFirst().second <= now - SECONDS_KEPT) {
            seconds.removeFirst();
        }
    }
}
