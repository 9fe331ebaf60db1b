package dev.clusterlab.simulator.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the queue of events gives back, compared with a sorted list, over spans from nanoseconds to years. */
class EventQueueTest {
    private static final class Event extends EventQueue.Event {
        private boolean gone;

        @Override
        boolean gone() {
            return gone;
        }
    }

    private static final Comparator<Event> DUE =
            Comparator.comparingLong(Event::timeNanos).thenComparingLong(Event::order);

    private final EventQueue<Event> queue = new EventQueue<>();
    /** What should be in the queue. */
    private final List<Event> model = new ArrayList<>();

    private long nowNanos;

    private void add(long delayNanos) {
        var event = new Event();
        queue.add(nowNanos + delayNanos, event);
        model.add(event);
    }

    private void removeFirst() {
        model.sort(DUE);
        assertThat(queue.first()).isSameAs(model.removeFirst());
        nowNanos = queue.first().timeNanos();
        queue.removeFirst();
    }

    private void cancel(Event event) {
        event.gone = true;
        model.remove(event);
        queue.oneGone(event);
    }

    private void removeAll() {
        while (!model.isEmpty()) {
            removeFirst();
        }
        assertThat(queue.first()).isNull();
        assertThat(queue.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                50,
                1_000_000,
                100_000_000,
                15_000_000_000L,
                20_000_000_000L,
                100_000_000_000L,
                Long.MAX_VALUE >> 12
            })
    void whatIsDueFirstComesFirstAndOfTheSameInstantWhatWasAddedFirst(long spanNanos) {
        var random = new Random(spanNanos);
        for (int i = 0; i < 20_000; i++) {
            if (model.isEmpty() || (model.size() < 500 && random.nextInt(5) < 3)) {
                add(random.nextInt(4) == 0 ? random.nextLong(50) : random.nextLong(spanNanos));
            } else {
                removeFirst();
            }
        }
        removeAll();
    }

    @ParameterizedTest
    @ValueSource(longs = {20, 100_000_000, 30_000_000_000L})
    void whatIsGoneNeverComesAndLeavesTheOrderOfTheOthers(long spanNanos) {
        var random = new Random(spanNanos);
        for (int round = 0; round < 200; round++) {
            int size = random.nextInt(1_000);
            for (int i = 0; i < size; i++) {
                add(random.nextLong(spanNanos));
            }
            int kept = random.nextInt(3) == 0 ? 4 : 1;
            List.copyOf(model).stream()
                    .filter(event -> event.order() % 5 >= kept)
                    .forEach(this::cancel);
            // The greater part of what waits is never what is gone, beyond the few hundred that are not worth it.
            assertThat(queue.size()).isLessThanOrEqualTo(Math.max(2 * model.size(), model.size() + 260));
            for (int i = random.nextInt(size / 5 + 1); i > 0 && !model.isEmpty(); i--) {
                removeFirst();
            }
        }
        removeAll();
    }

    @ParameterizedTest
    @ValueSource(longs = {20, 100_000_000, 30_000_000_000L})
    void whatGoesWithoutAWordNeverComesAndIsNotCounted(long spanNanos) {
        var random = new Random(spanNanos);
        for (int round = 0; round < 200; round++) {
            int size = random.nextInt(1_000);
            for (int i = 0; i < size; i++) {
                add(random.nextLong(spanNanos));
            }
            for (Event event : List.copyOf(model)) {
                switch (random.nextInt(3)) {
                    case 0 -> cancel(event);
                    case 1 -> {
                        event.gone = true;
                        model.remove(event);
                    }
                    default -> {}
                }
            }
            for (int i = random.nextInt(size + 1); i > 0 && !model.isEmpty(); i--) {
                removeFirst();
            }
        }
        removeAll();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3_600})
    void whatIsAddedAfterALookFarAheadIsStillFirst(long aheadSeconds) {
        add(Duration.ofSeconds(aheadSeconds).toNanos());
        assertThat(queue.first()).isSameAs(model.getFirst());
        add(Duration.ofMillis(1).toNanos());
        add(Duration.ofMillis(500).toNanos());
        removeAll();
    }
}
