package dev.clusterlab.lab.experiment.run;

import dev.clusterlab.lab.experiment.Expectation;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalDouble;

/** A figure about requests that an expectation limits. A pure function of them. */
sealed interface Measure {
    /** Of at least one request. */
    double of(Requests requests);

    /** Beyond which the expectation does not hold. */
    double limit();

    /** The figure of a window into which requests go, and which they leave in the same order. */
    Sliding sliding(Requests requests);

    /** See {@link #sliding}. */
    interface Sliding {
        void enter(int place);

        void leave(int place);

        /** While there is at least one in it. */
        double value();
    }

    /** Per cent. */
    record Failing(double limit) implements Measure {
        @Override
        public double of(Requests requests) {
            return 100.0 * requests.failed() / requests.size();
        }

        @Override
        public Sliding sliding(Requests requests) {
            return new Sliding() {
                private int size;
                private int failed;

                @Override
                public void enter(int place) {
                    size++;
                    failed += requests.failed(place) ? 1 : 0;
                }

                @Override
                public void leave(int place) {
                    size--;
                    failed -= requests.failed(place) ? 1 : 0;
                }

                @Override
                public double value() {
                    return 100.0 * failed / size;
                }
            };
        }
    }

    /** Milliseconds. */
    record Took(int percent, double limit) implements Measure {
        @Override
        public double of(Requests requests) {
            return percentileMs(requests.tookSorted(), percent);
        }

        @Override
        public Sliding sliding(Requests requests) {
            return new Ranks(requests, percent);
        }
    }

    /**
     * Counts by rank among all times that there are, in a tree of sums (Fenwick's): a window that slides over millions of requests costs
     * for each of them the logarithm of their number.
     */
    final class Ranks implements Sliding {
        private final Requests requests;
        private final int percent;
        private final long[] sorted;
        private final int[] sums;
        private int size;

        Ranks(Requests requests, int percent) {
            this.requests = requests;
            this.percent = percent;
            this.sorted = Arrays.stream(requests.tookSorted()).distinct().toArray();
            this.sums = new int[sorted.length + 1];
        }

        private void add(int place, int by) {
            size += by;
            int rank = Arrays.binarySearch(sorted, requests.tookNanos(place)) + 1;
            for (int i = rank; i < sums.length; i += i & -i) {
                sums[i] += by;
            }
        }

        @Override
        public void enter(int place) {
            add(place, 1);
        }

        @Override
        public void leave(int place) {
            add(place, -1);
        }

        @Override
        public double value() {
            int left = rank(percent, size) - 1;
            int at = 0;
            for (int step = Integer.highestOneBit(Math.max(1, sorted.length)); step > 0; step >>= 1) {
                if (at + step < sums.length && sums[at + step] <= left) {
                    at += step;
                    left -= sums[at];
                }
            }
            return sorted[at] / 1e6;
        }
    }

    static Measure of(Expectation.FailingShare share) {
        return new Failing(share.percentMax());
    }

    static Measure of(Expectation.Latency latency) {
        return new Took(latency.percent(), latency.max().toNanos() / 1e6);
    }

    /** The smallest value that so many per cent do not exceed (nearest rank), in milliseconds. */
    static double percentileMs(long[] sortedNanos, int percent) {
        return sortedNanos[rank(percent, sortedNanos.length) - 1] / 1e6;
    }

    private static int rank(int percent, int size) {
        return Math.max(1, (int) Math.ceil(percent / 100.0 * size));
    }

    /** Told how a value goes: what it is from an instant on, until the next one; empty where no request is in the window. */
    @FunctionalInterface
    interface Course {
        void from(Duration at, OptionalDouble value);
    }

    /** How the value over a window that slides along goes, at each instant at which a request enters or leaves it. */
    default void course(Requests requests, Duration window, Duration from, Duration to, Course course) {
        Sliding sliding = sliding(requests);
        long windowNanos = window.toNanos();
        int first = 0;
        int next = 0;
        long at = Math.min(from.toNanos(), requests.isEmpty() ? Long.MAX_VALUE : requests.endedNanos(0));
        boolean begun = false;
        while (at <= to.toNanos()) {
            while (next < requests.size() && requests.endedNanos(next) <= at) {
                sliding.enter(next++);
            }
            while (first < next && requests.endedNanos(first) <= at - windowNanos) {
                sliding.leave(first++);
            }
            if (at >= from.toNanos()) {
                course.from(
                        Duration.ofNanos(at),
                        first == next ? OptionalDouble.empty() : OptionalDouble.of(sliding.value()));
                begun = true;
            }
            long then = Long.MAX_VALUE;
            if (next < requests.size()) {
                then = requests.endedNanos(next);
            }
            if (first < next) {
                then = Math.min(then, requests.endedNanos(first) + windowNanos);
            }
            if (!begun) {
                then = Math.min(then, from.toNanos());
            }
            if (then == Long.MAX_VALUE) {
                return;
            }
            at = then;
        }
    }
}
