package dev.clusterlab.simulator.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What the queue of events gives back, compared with a sorted list. */
class EventQueueTest {
    private record Event(long time, int order) {}

    private final EventQueue<Event> queue = new EventQueue<>();
    /** What should be in the queue. */
    private final List<Event> model = new ArrayList<>();

    private int order;

    private void add(long time) {
        var event = new Event(time, order++);
        queue.add(time, event);
        model.add(event);
    }

    private void removeFirst() {
        model.sort(Comparator.comparingLong(Event::time).thenComparingInt(Event::order));
        assertThat(queue.firstNanos()).isEqualTo(model.getFirst().time());
        assertThat(queue.first()).isEqualTo(model.removeFirst());
        queue.removeFirst();
    }

    @Test
    void whatIsDueFirstComesFirstAndOfTheSameInstantWhatWasAddedFirst() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            if (model.isEmpty() || (model.size() < 700 && random.nextInt(5) < 3)) {
                add(random.nextInt(50));
            } else {
                removeFirst();
            }
        }
        while (!model.isEmpty()) {
            removeFirst();
        }
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.first()).isNull();
    }

    @Test
    void whatIsTakenOutOfTheMiddleLeavesTheOrderOfTheOthers() {
        var random = new Random(8);
        for (int size = 0; size < 300; size++) {
            for (int i = 0; i < size; i++) {
                add(random.nextInt(20));
            }
            int third = random.nextInt(3);
            Predicate<Event> gone = event -> event.order() % 3 == third;
            queue.removeIf(gone);
            model.removeIf(gone);
            assertThat(queue.size()).isEqualTo(model.size());
            while (!model.isEmpty()) {
                removeFirst();
            }
        }
    }
}
