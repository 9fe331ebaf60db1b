package dev.clusterlab.provisioning.anatomy;

import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.RequestSample.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What clients got, as far as anatomies need it, in a memory that thousands of requests a second do not fill: of a good answer when it came
 * and who gave it, of a failure everything. From the {@link #APART_MAX}th failure on, those that are alike in all but their instants
 * and end in the same tenth of a second stand together as the last of them, with their number. Not thread-safe.
 */
final class RequestRecord {
    /** Good answers that are kept; of more the oldest do not count. They are twelve bytes each. */
    static final int ANSWERED_MAX = 2_000_000;
    /** Failures that stand each by itself. */
    static final int APART_MAX = 2_000;
    /** Failures, those that stand together counted once, that are kept; of more the oldest do not count. */
    private static final int FAILED_MAX = 100_000;
    /** Failures whose server may still be told; an access log is read within seconds. */
    private static final int UNTOLD_MAX = 20_000;

    private static final long TOGETHER_NANOS = 100_000_000;

    private long[] endedNanos = new long[256];
    private int[] instances = new int[256];
    private int first;
    private int end;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private final Map<Object, Failed> failures = new LinkedHashMap<>();
    /** Where failures stand whose server may still be told, by their marks. */
    private final Map<String, Object> untold = new LinkedHashMap<>();

    /**
     * One that failed.
     *
     * @param count how many alike it stands for
     */
    record Failed(RequestSample request, int count) {}

    private record Alike(String entry, Outcome outcome, Optional<String> server, long tenth) {}

    RequestRecord() {
        number("");
    }

    static RequestRecord of(List<RequestSample> requests) {
        var record = new RequestRecord();
        requests.forEach(record::add);
        return record;
    }

    private int number(String name) {
        return numbers.computeIfAbsent(name, any -> {
            names.add(name);
            return names.size() - 1;
        });
    }

    void add(RequestSample request) {
        if (request.failed()) {
            addFailed(request);
            return;
        }
        if (end == endedNanos.length) {
            makeRoom();
        }
        long ended = request.ended().toNanos();
        int place = end++;
        while (place > first && endedNanos[place - 1] > ended) {
            endedNanos[place] = endedNanos[place - 1];
            instances[place] = instances[place - 1];
            place--;
        }
        endedNanos[place] = ended;
        instances[place] = number(request.instance());
        if (end - first > ANSWERED_MAX) {
            first++;
        }
    }

    private void makeRoom() {
        int size = end - first;
        int room = Math.max(256, 2 * size);
        endedNanos = Arrays.copyOf(Arrays.copyOfRange(endedNanos, first, end), room);
        instances = Arrays.copyOf(Arrays.copyOfRange(instances, first, end), room);
        first = 0;
        end = size;
    }

    private void addFailed(RequestSample request) {
        Object place = placed(request);
        if (!request.mark().isEmpty() && request.server().isEmpty()) {
            untold.put(request.mark(), place);
            if (untold.size() > UNTOLD_MAX) {
                untold.remove(untold.keySet().iterator().next());
            }
        }
    }

    /** @return where it stands */
    private Object placed(RequestSample request) {
        if (failures.size() < APART_MAX) {
            var alone = new Object();
            failures.put(alone, new Failed(request, 1));
            return alone;
        }
        var alike = new Alike(
                request.entry(),
                request.outcome(),
                request.server(),
                request.ended().toNanos() / TOGETHER_NANOS);
        failures.merge(alike, new Failed(request, 1), (known, one) -> new Failed(request, known.count() + 1));
        if (failures.size() > FAILED_MAX) {
            Iterator<Failed> oldest = failures.values().iterator();
            oldest.next();
            oldest.remove();
        }
        return alike;
    }

    /** An access log says which server one that failed was passed on to; without effect if it is not kept any more. */
    void passedOn(String mark, String server) {
        Object place = untold.remove(mark);
        Failed known = place == null ? null : failures.get(place);
        if (place == null || known == null) {
            return;
        }
        if (known.count() == 1) {
            failures.put(place, new Failed(known.request().passedOnTo(server), 1));
        } else {
            failures.put(place, new Failed(known.request(), known.count() - 1));
            placed(known.request().passedOnTo(server));
        }
    }

    /** Nobody asks for those that ended before an instant any more. */
    void forget(Duration before) {
        while (first < end && endedNanos[first] < before.toNanos()) {
            first++;
        }
        if (first == end) {
            numbers.clear();
            names.clear();
            number("");
        }
        Iterator<Failed> oldest = failures.values().iterator();
        while (oldest.hasNext() && oldest.next().request().ended().compareTo(before) < 0) {
            oldest.remove();
        }
    }

    /** Failures that are kept, those that stand together counted once: what an anatomy costs grows with them. */
    int failures() {
        return failures.size();
    }

    /** How many requests ended after an instant, until and at another. */
    int count(Duration after, Duration until) {
        return answered(after, until)
                + failed(after, until).stream().mapToInt(Failed::count).sum();
    }

    private int answered(Duration after, Duration until) {
        return Math.max(0, firstAfter(until) - firstAfter(after));
    }

    private int firstAfter(Duration instant) {
        long nanos = instant.toNanos();
        int from = first;
        int to = end;
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

    /** Those that failed and ended after an instant, until and at another, by their ends. */
    List<Failed> failed(Duration after, Duration until) {
        return failures.values().stream()
                .filter(failed -> failed.request().ended().compareTo(after) > 0)
                .filter(failed -> failed.request().ended().compareTo(until) <= 0)
                .sorted(Comparator.comparing(failed -> failed.request().ended()))
                .toList();
    }

    /** When the first good answer came after an instant, until and at another, of an instance that fits. */
    Optional<Duration> firstAnswer(Duration after, Duration until, Predicate<String> fits) {
        var fitting = new boolean[names.size()];
        for (int number = 0; number < fitting.length; number++) {
            fitting[number] = fits.test(names.get(number));
        }
        int last = firstAfter(until);
        for (int place = firstAfter(after); place < last; place++) {
            if (fitting[instances[place]]) {
                return Optional.of(Duration.ofNanos(endedNanos[place]));
            }
        }
        return Optional.empty();
    }
}
