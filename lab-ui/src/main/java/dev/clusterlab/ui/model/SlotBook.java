package dev.clusterlab.ui.model;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Remembers the place of each machine. A machine keeps its place for as long as it exists, and gets it back when it
 * returns and the place is still free; places of machines that are gone are given to new ones.
 */
public final class SlotBook {
    private final Map<String, Integer> slots = new HashMap<>();

    /** A cell of the grid. */
    public record Cell(int column, int row) {}

    /** The place of {@code machine} among {@code present}, all of which exist now. */
    public int slot(String machine, Collection<String> present) {
        Integer known = slots.get(machine);
        if (known != null) {
            return known;
        }
        Set<Integer> taken = new HashSet<>();
        for (String other : present) {
            Integer slot = slots.get(other);
            if (slot != null) {
                taken.add(slot);
            }
        }
        int free = 0;
        while (taken.contains(free)) {
            free++;
        }
        int given = free;
        slots.values().removeIf(s -> s == given);
        slots.put(machine, given);
        return given;
    }

    /**
     * The cell of a place, whatever the number of machines: three columns and two rows first, then a column or a row more
     * at a time, so that the whole stays about twice as wide as high.
     */
    public static Cell cell(int slot) {
        int columns = 3;
        int rows = 2;
        if (slot < columns * rows) {
            return new Cell(slot % columns, slot / columns);
        }
        int first = columns * rows;
        while (true) {
            boolean wide = columns * 1.15 / rows > 1.9;
            int added = wide ? columns : rows;
            if (slot < first + added) {
                return wide ? new Cell(slot - first, rows) : new Cell(columns, slot - first);
            }
            first += added;
            if (wide) {
                rows++;
            } else {
                columns++;
            }
        }
    }
}
