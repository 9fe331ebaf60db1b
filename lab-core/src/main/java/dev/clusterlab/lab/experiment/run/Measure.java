package dev.clusterlab.lab.experiment.run;

import dev.clusterlab.lab.experiment.Expectation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeSet;

/** A figure about requests that an expectation limits. A pure function of them. */
sealed interface Measure {
    /** Of at least one request. */
    double of(List<Request> requests);

    /** Beyond which the expectation does not hold. */
    double limit();

    /** Per cent. */
    record Failing(double limit) implements Measure {
        @Override
        public double of(List<Request> requests) {
            return 100.0 * requests.stream().filter(Request::failed).count() / requests.size();
        }
    }

    /** Milliseconds. */
    record Took(int percent, double limit) implements Measure {
        @Override
        public double of(List<Request> requests) {
            return percentile(
                    requests.stream().mapToDouble(Request::tookMs).sorted().toArray(), percent);
        }
    }

    static Measure of(Expectation.FailingShare share) {
        return new Failing(share.percentMax());
    }

    static Measure of(Expectation.Latency latency) {
        return new Took(latency.percent(), latency.max().toNanos() / 1e6);
    }

    /** The smallest value that so many per cent do not exceed (nearest rank). */
    static double percentile(double[] sorted, int percent) {
        int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
        return sorted[Math.max(1, rank) - 1];
    }

    /** Of the requests that ended in the window up to and including {@code now}; empty if there is none. */
    default OptionalDouble at(List<Request> byEnd, Duration window, Duration now) {
        List<Request> inside = byEnd.stream()
                .filter(request ->
                        request.ended().compareTo(now) <= 0 && request.ended().compareTo(now.minus(window)) > 0)
                .toList();
        return inside.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(of(inside));
    }

    /** A value from an instant on, until the next one; empty where no request is in the window. */
    record Point(Duration at, OptionalDouble value) {}

    /**
     * How the value over a window that slides along goes, at each instant at which a request enters or leaves it.
     *
     * @param byEnd requests by the end of each
     */
    default List<Point> course(List<Request> byEnd, Duration window, Duration from, Duration to) {
        var instants = new TreeSet<Duration>();
        instants.add(from);
        for (Request request : byEnd) {
            instants.add(request.ended());
            instants.add(request.ended().plus(window));
        }
        List<Point> points = new ArrayList<>();
        int first = 0;
        int next = 0;
        for (Duration at : instants) {
            while (next < byEnd.size() && byEnd.get(next).ended().compareTo(at) <= 0) {
                next++;
            }
            while (first < next && byEnd.get(first).ended().compareTo(at.minus(window)) <= 0) {
                first++;
            }
            if (at.compareTo(from) >= 0 && at.compareTo(to) <= 0) {
                points.add(new Point(
                        at,
                        first == next ? OptionalDouble.empty() : OptionalDouble.of(of(byEnd.subList(first, next)))));
            }
        }
        return points;
    }
}
