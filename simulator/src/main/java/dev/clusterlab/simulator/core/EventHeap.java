package dev.clusterlab.simulator.core;

import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Events by their time and, at one time, by their order: a heap with four children a place, whose keys lie side by side, since to look
 * at each event on the way would cost more than most events do.
 *
 * @param <E> what is kept
 */
final class EventHeap<E extends EventQueue.Event> {
    private static final int CHILDREN = 4;
    private static final int SIZE_MIN = 64;

    private long[] times = new long[SIZE_MIN];
    private long[] orders = new long[SIZE_MIN];
    private @Nullable Object[] events = new @Nullable Object[SIZE_MIN];
    private int size;

    int size() {
        return size;
    }

    void add(E event) {
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            orders = Arrays.copyOf(orders, 2 * size);
            events = Arrays.copyOf(events, 2 * size);
        }
        size++;
        up(size - 1, event.timeNanos(), event.order(), event);
    }

    /** The first, or null. */
    @SuppressWarnings("unchecked")
    @Nullable
    E first() {
        return size == 0 ? null : (E) events[0];
    }

    /** Takes the first; there must be one. */
    void removeFirst() {
        size--;
        Object last = events[size];
        events[size] = null;
        if (size > 0) {
            down(0, times[size], orders[size], last);
        }
    }

    /** Takes all that are {@code gone}; the others keep their order. */
    @SuppressWarnings("unchecked")
    void removeIf(Predicate<E> gone) {
        int kept = 0;
        for (int place = 0; place < size; place++) {
            if (!gone.test((E) events[place])) {
                put(kept++, times[place], orders[place], events[place]);
            }
        }
        Arrays.fill(events, kept, size, null);
        size = kept;
        for (int place = Math.floorDiv(size - 2, CHILDREN); place >= 0; place--) {
            down(place, times[place], orders[place], events[place]);
        }
    }

    private void put(int place, long time, long order, @Nullable Object event) {
        times[place] = time;
        orders[place] = order;
        events[place] = event;
    }

    private boolean before(int place, long time, long order) {
        return times[place] < time || (times[place] == time && orders[place] < order);
    }

    private void up(int from, long time, long order, @Nullable Object event) {
        int place = from;
        while (place > 0) {
            int parent = (place - 1) / CHILDREN;
            if (before(parent, time, order)) {
                break;
            }
            put(place, times[parent], orders[parent], events[parent]);
            place = parent;
        }
        put(place, time, order, event);
    }

    private void down(int from, long time, long order, @Nullable Object event) {
        int place = from;
        while (true) {
            int child = CHILDREN * place + 1;
            if (child >= size) {
                break;
            }
            int least = child;
            int end = Math.min(child + CHILDREN, size);
            for (int other = child + 1; other < end; other++) {
                if (before(other, times[least], orders[least])) {
                    least = other;
                }
            }
            if (!before(least, time, order)) {
                break;
            }
            put(place, times[least], orders[least], events[least]);
            place = least;
        }
        put(place, time, order, event);
    }
}
