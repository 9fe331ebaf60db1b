package dev.clusterlab.simulator.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Things by their name. In a large swarm these are in no cache of a processor, and something is looked up for every message and every
 * statement of gossip: so there is nothing between the table and what is in it. On the simulation's thread only.
 *
 * @param <T> what is kept; its name never changes
 */
public final class NameTable<T> {
    /** Powers of two; at most a quarter of it is full, since a look at another one on the way costs as much as the one that is meant. */
    private static final int SIZE_MIN = 16;

    private static final int PLACES = 4;

    private final Function<T, String> nameOf;
    private @Nullable Object[] table = new @Nullable Object[SIZE_MIN];
    private int count;

    public NameTable(Function<T, String> nameOf) {
        this.nameOf = nameOf;
    }

    /** How many there are. */
    public int size() {
        return count;
    }

    /** All, in no order that means anything. A copy. */
    public List<T> all() {
        var all = new ArrayList<T>(count);
        for (int place = 0; place < table.length; place++) {
            T there = at(place);
            if (there != null) {
                all.add(there);
            }
        }
        return all;
    }

    /** The one of that name, or null. */
    public @Nullable T get(String name) {
        return at(place(name));
    }

    @SuppressWarnings("unchecked")
    private @Nullable T at(int place) {
        return (T) table[place];
    }

    /** One whose name is not here yet. */
    public void add(T added) {
        if (PLACES * (count + 1) > table.length) {
            List<T> before = all();
            table = new @Nullable Object[2 * table.length];
            before.forEach(this::put);
        }
        put(added);
        count++;
    }

    private void put(T there) {
        table[place(nameOf.apply(there))] = there;
    }

    /** Without effect if there is none of that name. */
    public void remove(String name) {
        int place = place(name);
        if (table[place] == null) {
            return;
        }
        table[place] = null;
        count--;
        // Those after it, up to the next gap, may have come to where they are because this place was taken.
        int next = after(place);
        for (T moved = at(next); moved != null; moved = at(next)) {
            table[next] = null;
            put(moved);
            next = after(next);
        }
    }

    /** Where it is, or where it would be. */
    private int place(String name) {
        // Names that differ in their last figures only have neighbouring hashes: the factor spreads them.
        int place = (name.hashCode() * 0x9e3779b9) >>> (Integer.numberOfLeadingZeros(table.length) + 1);
        for (T there = at(place); there != null && !nameOf.apply(there).equals(name); there = at(place)) {
            place = after(place);
        }
        return place;
    }

    private int after(int place) {
        return (place + 1) & (table.length - 1);
    }
}
