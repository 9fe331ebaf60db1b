package dev.clusterlab.simulator.protocol;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Members by name. In a group of n there are n of these with n entries each, in no cache of a processor, and every update that gossip
 * brings is looked up: so there is nothing between the table and the member.
 */
final class SwimIndex {
    /** Powers of two; at most a quarter of it is full, since a look at another member on the way costs as much as the one that is meant. */
    private static final int SIZE_MIN = 16;

    private static final int PLACES = 4;

    private @Nullable SwimNode[] table = new @Nullable SwimNode[SIZE_MIN];
    private int count;

    int size() {
        return count;
    }

    /** All, in no order that means anything. */
    List<SwimNode> all() {
        var all = new ArrayList<SwimNode>(count);
        for (SwimNode node : table) {
            if (node != null) {
                all.add(node);
            }
        }
        return all;
    }

    @Nullable
    SwimNode get(String name) {
        return table[place(name)];
    }

    /** One whose name is not here yet. */
    void add(SwimNode node) {
        if (PLACES * (count + 1) > table.length) {
            @Nullable SwimNode[] before = table;
            table = new @Nullable SwimNode[2 * before.length];
            for (SwimNode other : before) {
                if (other != null) {
                    table[place(other.name())] = other;
                }
            }
        }
        table[place(node.name())] = node;
        count++;
    }

    void remove(String name) {
        int place = place(name);
        if (table[place] == null) {
            return;
        }
        table[place] = null;
        count--;
        // Those after it, up to the next gap, may have come to where they are because this place was taken.
        for (int next = after(place); table[next] != null; next = after(next)) {
            SwimNode moved = table[next];
            table[next] = null;
            if (moved != null) {
                table[place(moved.name())] = moved;
            }
        }
    }

    /** Where it is, or where it would be. */
    private int place(String name) {
        // Names that differ in their last figures only have neighbouring hashes: the factor spreads them.
        int place = (name.hashCode() * 0x9e3779b9) >>> (Integer.numberOfLeadingZeros(table.length) + 1);
        for (SwimNode node = table[place]; node != null && !node.name().equals(name); node = table[place]) {
            place = after(place);
        }
        return place;
    }

    private int after(int place) {
        return (place + 1) & (table.length - 1);
    }
}
