package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TrafficBucket;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TrafficView;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What clients got, counted by second of engine time. What it keeps of a second that is over does not grow with the requests of it.
 * Thread-safe.
 */
final class TrafficRecord {
    private static final int SECONDS_KEPT = 120;
    private static final int INSTANCE_SECONDS = 10;
    /** So many latencies of a second give an exact median; of more it is exact to 0.1 %. */
    private static final int EXACT_MAX = 1000;
    /** Of the values of a histogram that are told apart. */
    private static final int DIGITS = 3;

    private final ArrayDeque<Second> seconds = new ArrayDeque<>();
    private long count;

    private static final class Second {
        final long second;
        final Map<Integer, Integer> byStatus = new TreeMap<>();
        final Map<String, Integer> byInstance = new TreeMap<>();
        private long[] exactNanos = new long[16];
        private int exact;
        private @Nullable Histogram many;
        private int missed;
        /** As it was last shown; empty once something was added. */
        private @Nullable TrafficBucket shown;

        Second(long second) {
            this.second = second;
        }

        void add(RequestSample request) {
            shown = null;
            byStatus.merge(request.status(), 1, Integer::sum);
            String instance = request.instance();
            if (!instance.isEmpty()) {
                byInstance.merge(instance, 1, Integer::sum);
            }
            long nanos = Math.max(0, request.took().toNanos());
            Histogram histogram = many;
            if (histogram != null) {
                histogram.recordValue(nanos);
            } else if (exact < EXACT_MAX) {
                if (exact == exactNanos.length) {
                    exactNanos = Arrays.copyOf(exactNanos, 2 * exact);
                }
                exactNanos[exact++] = nanos;
            } else {
                histogram = new Histogram(DIGITS);
                histogram.setAutoResize(true);
                for (int i = 0; i < exact; i++) {
                    histogram.recordValue(exactNanos[i]);
                }
                histogram.recordValue(nanos);
                many = histogram;
            }
        }

        void miss() {
            shown = null;
            missed++;
        }

        TrafficBucket bucket() {
            TrafficBucket bucket = shown;
            if (bucket == null) {
                bucket = new TrafficBucket(second, byStatus, medianMs(), missed);
                shown = bucket;
            }
            return bucket;
        }

        private double medianMs() {
            Histogram histogram = many;
            if (histogram != null) {
                return histogram.getValueAtPercentile(50) / 1e6;
            }
            if (exact == 0) {
                return 0;
            }
            long[] sorted = Arrays.copyOf(exactNanos, exact);
            Arrays.sort(sorted);
            int middle = exact / 2;
            return (exact % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2.0) / 1e6;
        }

        /** Nothing more is added to it. */
        void finish() {
            bucket();
            exactNanos = new long[0];
            many = null;
        }
    }

    synchronized void add(Duration elapsed, RequestSample request) {
        second(elapsed).add(request);
        count++;
    }

    synchronized void addMissed(Duration elapsed) {
        second(elapsed).miss();
        count++;
    }

    private Second second(Duration elapsed) {
        long now = elapsed.toSeconds();
        Second current = seconds.peekLast();
        if (current == null || current.second < now) {
            if (current != null) {
                current.finish();
            }
            current = new Second(now);
            seconds.addLast(current);
            forget(now);
        }
        return current;
    }

    /** Grows with every request. */
    synchronized long count() {
        return count;
    }

    synchronized TrafficView view(Duration elapsed) {
        long now = elapsed.toSeconds();
        forget(now);
        List<TrafficBucket> buckets = new ArrayList<>();
        var instances = new TreeMap<String, Integer>();
        for (Second second : seconds) {
            buckets.add(second.bucket());
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
