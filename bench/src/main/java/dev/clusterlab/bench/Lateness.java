package dev.clusterlab.bench;

import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** Compares the arrival of events with the moment at which a snapshot holds what they tell. Thread-safe. */
final class Lateness {
    private final Map<String, List<Double>> milliseconds = new LinkedHashMap<>();
    private final List<Expected> expected = new ArrayList<>();

    /** What a daemon said: {@code subject} is an identifier, a name or a new state, whatever tells changes apart. */
    record Event(String source, String type, String action, String subject) {
        /** Empty texts match all. */
        boolean is(String wantedSource, String wantedType, String wantedAction, String wantedSubject) {
            return (wantedSource.isEmpty() || source.equals(wantedSource))
                    && type.equals(wantedType)
                    && action.equals(wantedAction)
                    && (wantedSubject.isEmpty() || subject.equals(wantedSubject));
        }
    }

    private static final class Expected {
        final String kind;
        final Predicate<Event> event;
        final Predicate<ClusterSnapshot> held;
        long toldNanos;
        long seenNanos;

        Expected(String kind, Predicate<Event> event, Predicate<ClusterSnapshot> held) {
            this.kind = kind;
            this.event = event;
            this.held = held;
        }
    }

    /** From now on, the first event that fits and the first snapshot that holds are this change's. */
    synchronized void expect(String kind, Predicate<Event> event, Predicate<ClusterSnapshot> held) {
        expected.add(new Expected(kind, event, held));
    }

    synchronized void event(Event event) {
        long now = System.nanoTime();
        for (Expected each : expected) {
            if (each.toldNanos == 0 && each.event.test(event)) {
                each.toldNanos = now;
            }
        }
        notifyAll();
    }

    synchronized void snapshot(ClusterSnapshot snapshot) {
        long now = System.nanoTime();
        for (Expected each : expected) {
            if (each.seenNanos == 0 && each.held.test(snapshot)) {
                each.seenNanos = now;
            }
        }
        notifyAll();
    }

    /** Waits until everything expected was told and seen, and counts it. */
    synchronized void await(Duration limit) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (!expected.stream().allMatch(e -> e.toldNanos != 0 && e.seenNanos != 0)) {
            long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                String missing = String.join(
                        ", ",
                        expected.stream()
                                .filter(e -> e.toldNanos == 0 || e.seenNanos == 0)
                                .map(e -> e.kind + (e.toldNanos == 0 ? " (no event)" : " (not seen)"))
                                .toList());
                throw new IllegalStateException("not within " + limit + ": " + missing);
            }
            wait(leftMillis);
        }
        for (Expected each : expected) {
            milliseconds
                    .computeIfAbsent(each.kind, k -> new ArrayList<>())
                    .add((each.seenNanos - each.toldNanos) / 1e6);
        }
        expected.clear();
    }

    /** Negative figures: the lab saw it before the independent stream brought the event. */
    synchronized void print(PrintStream out) {
        out.printf(
                "%-52s %5s %8s %8s %8s%n",
                "change (milliseconds from event to snapshot)", "count", "median", "p95", "max");
        milliseconds.forEach((kind, values) -> {
            var sorted = new ArrayList<>(values);
            Collections.sort(sorted);
            out.printf(
                    Locale.ROOT,
                    "%-52s %5d %8.0f %8.0f %8.0f%n",
                    kind,
                    sorted.size(),
                    percentile(sorted, 0.5),
                    percentile(sorted, 0.95),
                    sorted.getLast());
        });
    }

    private static double percentile(List<Double> sorted, double share) {
        return sorted.get(Math.min(sorted.size() - 1, (int) Math.ceil(share * sorted.size()) - 1));
    }
}
