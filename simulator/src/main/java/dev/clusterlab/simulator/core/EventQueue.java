package dev.clusterlab.simulator.core;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is due, by its time and, at one time, by the order in which it was added.
 *
 * <p>Time is divided into slots of two milliseconds. The events of the slot that time is in, and of what came before it, lie in a heap,
 * which is small and so in the processor's nearest cache; those of the seconds after it in a wheel, each in the list of its slot, which
 * costs the same however many wait; those still later in another heap. Most of what waits in a large swarm are timers that will be
 * cancelled: they leave with their slot, without ever having been put in order.
 *
 * @param <E> what is kept
 */
final class EventQueue<E extends EventQueue.Event> {
    /** Two milliseconds, in nanoseconds, as a power of two. */
    private static final int SLOT_BITS = 21;
    /** Seventeen seconds: the probes and the heartbeats of a swarm come in it. */
    private static final int SLOTS = 8192;

    private static final int SLOT_MASK = SLOTS - 1;
    private static final int WORD_BITS = Long.SIZE;
    /** Fewer that are gone than this are left until they are due. */
    private static final int GONE_MIN = 256;

    private static final long NONE = Long.MAX_VALUE;

    /** All that is due before the slot of {@link #nextSlot}. */
    private final EventHeap<E> near = new EventHeap<>();
    /** The events of the slots from {@link #nextSlot} on, in lists: of each slot the head, a place of {@link #waiting} and one more. */
    private final int[] wheel = new int[SLOTS];
    /** A bit for each slot of the wheel that has an event. */
    private final long[] taken = new long[SLOTS / WORD_BITS];
    /** What was later than the wheel when it was added. */
    private final EventHeap<E> far = new EventHeap<>();

    private final Waiting waiting = new Waiting();

    private int inWheel;
    /** How many are here of which it was said that they are gone. */
    private int gone;
    /** By number since time zero. */
    private long nextSlot;

    private long nextOrder;

    /** Something that is due; it is in one queue, once. */
    abstract static class Event {
        private long timeNanos;
        private long order;
        /** It was said that it is gone. */
        private boolean told;

        final long timeNanos() {
            return timeNanos;
        }

        final long order() {
            return order;
        }

        /** Whether it need not be kept, for it will not happen. Once it is, it stays so. */
        abstract boolean gone();
    }

    /** How many there are, those that are gone and not cleared away yet among them. */
    int size() {
        return near.size() + inWheel + far.size();
    }

    void add(long timeNanos, E added) {
        Event event = added;
        event.timeNanos = timeNanos;
        event.order = nextOrder++;
        long slot = slotOf(event);
        if (slot < nextSlot) {
            near.add(added);
        } else if (slot - nextSlot < SLOTS) {
            int place = (int) slot & SLOT_MASK;
            wheel[place] = waiting.add(event, wheel[place]);
            taken[place / WORD_BITS] |= 1L << place;
            inWheel++;
        } else {
            far.add(added);
        }
    }

    /** The first that is not gone, or null; those before it are dropped. */
    @Nullable
    E first() {
        while (true) {
            E first = near.first();
            if (first == null) {
                if (!turn()) {
                    return null;
                }
            } else if (first.gone()) {
                near.removeFirst();
                left(first);
            } else {
                return first;
            }
        }
    }

    /** Takes what {@link #first} has given. */
    void removeFirst() {
        near.removeFirst();
    }

    /** Goes on to the next slot that has an event, and takes it near; false if there is none. */
    @SuppressWarnings("unchecked")
    private boolean turn() {
        long slot = Math.min(slotOfWheel(), slotOfFar());
        if (slot == NONE) {
            return false;
        }
        nextSlot = slot + 1;
        int place = (int) slot & SLOT_MASK;
        int at = wheel[place];
        wheel[place] = 0;
        taken[place / WORD_BITS] &= ~(1L << place);
        while (at != 0) {
            E event = (E) waiting.event(at);
            at = waiting.remove(at);
            inWheel--;
            if (event.gone()) {
                left(event);
            } else {
                near.add(event);
            }
        }
        E late = far.first();
        while (late != null && slotOf(late) == slot) {
            far.removeFirst();
            near.add(late);
            late = far.first();
        }
        return true;
    }

    private static long slotOf(Event event) {
        return event.timeNanos >> SLOT_BITS;
    }

    private long slotOfFar() {
        E first = far.first();
        return first == null ? NONE : slotOf(first);
    }

    private long slotOfWheel() {
        if (inWheel == 0) {
            return NONE;
        }
        int from = (int) nextSlot & SLOT_MASK;
        int word = from / WORD_BITS;
        long bits = taken[word] & -1L << from;
        while (bits == 0) {
            word = (word + 1) % taken.length;
            bits = taken[word];
        }
        int place = word * WORD_BITS + Long.numberOfTrailingZeros(bits);
        return nextSlot + ((place - from) & SLOT_MASK);
    }

    private void left(Event event) {
        if (event.told) {
            gone--;
        }
    }

    /**
     * Says, once, that one of its events is gone: when those are the greater part, they are cleared away. Those that are due soon may go
     * without a word; they leave with their slot.
     */
    void oneGone(E event) {
        Event leaving = event;
        leaving.told = true;
        gone++;
        if (gone > GONE_MIN && gone > size() / 2) {
            clearAway();
        }
    }

    private void clearAway() {
        near.removeIf(Event::gone);
        far.removeIf(Event::gone);
        for (int word = 0; word < taken.length; word++) {
            for (long left = taken[word]; left != 0; left &= left - 1) {
                clearAway(word * WORD_BITS + Long.numberOfTrailingZeros(left));
            }
        }
        gone = 0;
    }

    private void clearAway(int place) {
        int kept = 0;
        int at = wheel[place];
        while (at != 0) {
            Event event = waiting.event(at);
            at = waiting.remove(at);
            if (event.gone()) {
                inWheel--;
            } else {
                kept = waiting.add(event, kept);
            }
        }
        wheel[place] = kept;
        if (kept == 0) {
            taken[place / WORD_BITS] &= ~(1L << place);
        }
    }

    /**
     * Events in lists. What comes after each stands beside them, not in them: so that the processor may fetch several of a list at once,
     * where each is in no cache.
     */
    private static final class Waiting {
        private static final int SIZE_MIN = 256;

        /** The first is never taken: a list ends with 0. */
        private @Nullable Event[] events = new @Nullable Event[SIZE_MIN];

        /** Of the same list; of a place that is free, the next that is. */
        private int[] next = new int[SIZE_MIN];

        private int free;
        private int used = 1;

        /** Puts it before what the list has. */
        int add(Event event, int list) {
            int at = free;
            if (at == 0) {
                if (used == next.length) {
                    events = Arrays.copyOf(events, 2 * used);
                    next = Arrays.copyOf(next, 2 * used);
                }
                at = used++;
            } else {
                free = next[at];
            }
            events[at] = event;
            next[at] = list;
            return at;
        }

        Event event(int at) {
            return Objects.requireNonNull(events[at]);
        }

        /** Takes the first of a list; what is left of it. */
        int remove(int at) {
            int left = next[at];
            events[at] = null;
            next[at] = free;
            free = at;
            return left;
        }
    }
}
