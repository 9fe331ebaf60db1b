package dev.clusterlab.lab.experiment.run;

import java.time.Duration;
import java.util.Arrays;

/** What requests came to, by the end of each; there may be millions. Thread-safe. */
final class RequestLog {
    private long[] beganNanos = new long[1024];
    private long[] endedNanos = new long[1024];
    private short[] statuses = new short[1024];
    private int size;
    private long[] missedNanos = new long[16];
    private int missed;

    /** In wall-clock time those that end together may come in another order. */
    synchronized void add(Request request) {
        if (size == endedNanos.length) {
            beganNanos = Arrays.copyOf(beganNanos, 2 * size);
            endedNanos = Arrays.copyOf(endedNanos, 2 * size);
            statuses = Arrays.copyOf(statuses, 2 * size);
        }
        long ended = request.ended().toNanos();
        int place = size++;
        while (place > 0 && endedNanos[place - 1] > ended) {
            put(place, beganNanos[place - 1], endedNanos[place - 1], statuses[place - 1]);
            place--;
        }
        put(place, request.began().toNanos(), ended, (short) request.status());
    }

    private void put(int place, long began, long ended, short status) {
        beganNanos[place] = began;
        endedNanos[place] = ended;
        statuses[place] = status;
    }

    /** A request that was due could not be made. */
    synchronized void miss(Duration due) {
        if (missed == missedNanos.length) {
            missedNanos = Arrays.copyOf(missedNanos, 2 * missed);
        }
        missedNanos[missed++] = due.toNanos();
    }

    /** How many were due in a time and could not be made. */
    synchronized int missed(Duration from, Duration before) {
        int count = 0;
        for (int i = 0; i < missed; i++) {
            count += missedNanos[i] >= from.toNanos() && missedNanos[i] < before.toNanos() ? 1 : 0;
        }
        return count;
    }

    /** All until now. */
    synchronized Requests all() {
        return part(0, size);
    }

    /** Those that ended after an instant, until and at another. */
    synchronized Requests ended(Duration after, Duration until) {
        return part(firstAfter(after.toNanos()), firstAfter(until.toNanos()));
    }

    private int firstAfter(long nanos) {
        int from = 0;
        int to = size;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (endedNanos[middle] <= nanos) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    private Requests part(int from, int to) {
        int end = Math.max(from, to);
        return new Requests(
                Arrays.copyOfRange(beganNanos, from, end),
                Arrays.copyOfRange(endedNanos, from, end),
                Arrays.copyOfRange(statuses, from, end));
    }
}
