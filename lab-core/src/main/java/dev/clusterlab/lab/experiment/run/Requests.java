package dev.clusterlab.lab.experiment.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Requests that ended, by the end of each, in columns. Immutable. */
final class Requests {
    private final long[] beganNanos;
    private final long[] endedNanos;
    private final short[] statuses;

    /** @param beganNanos that nobody else has, like the others */
    Requests(long[] beganNanos, long[] endedNanos, short[] statuses) {
        this.beganNanos = beganNanos;
        this.endedNanos = endedNanos;
        this.statuses = statuses;
    }

    int size() {
        return endedNanos.length;
    }

    boolean isEmpty() {
        return endedNanos.length == 0;
    }

    /** Engine time since the engine began. */
    long endedNanos(int place) {
        return endedNanos[place];
    }

    long tookNanos(int place) {
        return endedNanos[place] - beganNanos[place];
    }

    boolean failed(int place) {
        return statuses[place] < 100 || statuses[place] >= 400;
    }

    int failed() {
        return (int) IntStream.range(0, size()).filter(this::failed).count();
    }

    /** HTTP status → requests; 0 for no answer. */
    Map<Integer, Integer> byStatus() {
        var byStatus = new TreeMap<Integer, Integer>();
        for (short status : statuses) {
            byStatus.merge((int) status, 1, Integer::sum);
        }
        return byStatus;
    }

    /** How many ended in each second since an instant, without the seconds in which none did. */
    List<Course.Second> seconds(Duration zero) {
        List<Course.Second> seconds = new ArrayList<>();
        for (int from = 0; from < size(); ) {
            int second = second(from, zero);
            int failed = 0;
            int place = from;
            for (; place < size() && second(place, zero) == second; place++) {
                failed += failed(place) ? 1 : 0;
            }
            seconds.add(new Course.Second(second, place - from - failed, failed));
            from = place;
        }
        return seconds;
    }

    private int second(int place, Duration zero) {
        return (int) Math.floorDiv(
                endedNanos[place] - zero.toNanos(), Duration.ofSeconds(1).toNanos());
    }

    /** How long they took, the shortest first. */
    long[] tookSorted() {
        long[] took = new long[size()];
        Arrays.setAll(took, this::tookNanos);
        Arrays.sort(took);
        return took;
    }

    /** Those that were due in a time. */
    Requests began(Duration from, Duration before) {
        long first = from.toNanos();
        long end = before.toNanos();
        IntPredicate inside = place -> beganNanos[place] >= first && beganNanos[place] < end;
        int[] places = IntStream.range(0, size()).filter(inside).toArray();
        var began = new long[places.length];
        var ended = new long[places.length];
        var status = new short[places.length];
        for (int i = 0; i < places.length; i++) {
            began[i] = beganNanos[places[i]];
            ended[i] = endedNanos[places[i]];
            status[i] = statuses[places[i]];
        }
        return new Requests(began, ended, status);
    }
}
