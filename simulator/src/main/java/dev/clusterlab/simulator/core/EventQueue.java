package dev.clusterlab.simulator.core;

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
    /** The events of the slots from {@link #nextSlot} on, each the head of a list. */
    private final @Nullable Event[] wheel = new @Nullable Event[SLOTS];
    /** A bit for each slot of the wheel that has an event. */
    private final long[] taken = new long[SLOTS / WORD_BITS];
    /** What was later than the wheel when it was added. */
    private final EventHeap<E> far = new EventHeap<>();

    private int inWheel;
    /** How many are here that are gone. */
    private int gone;
    /** By number since time zero. */
    private long nextSlot;

    private long nextOrder;

    /** Something that is due; it is in one queue, once. */
    abstract static class Event {
        private long timeNanos;
        private long order;
        /** Of the same slot. */
        private @Nullable Event next;

        final long timeNanos() {
            return timeNanos;
        }

        final long order() {
            return order;
        }

        /** Whether it has been cancelled: it need not be kept. */
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
            event.next = wheel[place];
            wheel[place] = event;
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
                gone--;
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
        Event event = wheel[place];
        wheel[place] = null;
        taken[place / WORD_BITS] &= ~(1L << place);
        while (event != null) {
            Event following = event.next;
            event.next = null;
            inWheel--;
            if (event.gone()) {
                gone--;
            } else {
                near.add((E) event);
            }
            event = following;
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

    /** Says that one of its events is gone now: when those are the greater part, they are cleared away. */
    void oneGone() {
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
        Event kept = null;
        Event event = wheel[place];
        while (event != null) {
            Event following = event.next;
            if (event.gone()) {
                event.next = null;
                inWheel--;
            } else {
                event.next = kept;
                kept = event;
            }
            event = following;
        }
        wheel[place] = kept;
        if (kept == null) {
            taken[place / WORD_BITS] &= ~(1L << place);
        }
    }
}
