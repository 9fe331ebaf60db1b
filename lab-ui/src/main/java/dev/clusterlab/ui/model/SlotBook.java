package dev.clusterlab.ui.model;

import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Remembers the place of each machine. A machine keeps its place for as long as it exists, and gets it back when it
 * returns and the place is still free; places of machines that are gone are given to new ones.
 */
public final class SlotBook {
    private static final Pattern NUMBERED = Pattern.compile("(.*?)(\\d{0,9})");

    /** As a person counts: {@code worker2} before {@code worker10}. */
    private static final Comparator<String> BY_NAME = Comparator.comparing(
                    (String name) -> parts(name).group(1))
            .thenComparing(name -> parts(name).group(2).length())
            .thenComparing(Comparator.naturalOrder());

    private final Map<String, Integer> slots = new HashMap<>();

    private static Matcher parts(String name) {
        Matcher matcher = NUMBERED.matcher(name);
        if (!matcher.matches()) {
            throw new IllegalStateException("every name has a beginning and an end: " + name);
        }
        return matcher;
    }

    /** A cell of the grid. */
    public record Cell(int column, int row) {}

    /**
     * Gives places, first come first served, to those that have none. Where some of them are only being made, all new ones
     * get theirs by name: what is made together is ready in any order.
     *
     * @param present all machines that exist or are being made
     * @param made those of them that are being made
     */
    public void settle(List<String> present, Collection<String> made) {
        List<String> fresh =
                present.stream().filter(name -> !slots.containsKey(name)).toList();
        if (fresh.isEmpty()) {
            return;
        }
        Set<String> unmade = Set.copyOf(made);
        boolean together = fresh.stream().anyMatch(unmade::contains);
        BitSet taken = taken(present);
        fresh.stream().distinct().sorted(together ? BY_NAME : (a, b) -> 0).forEach(name -> give(name, taken));
    }

    /** The place of {@code machine} among {@code present}, all of which exist now. */
    public int slot(String machine, Collection<String> present) {
        Integer known = slots.get(machine);
        if (known != null) {
            return known;
        }
        return give(machine, taken(present));
    }

    private BitSet taken(Collection<String> present) {
        var taken = new BitSet();
        for (String other : present) {
            Integer slot = slots.get(other);
            if (slot != null) {
                taken.set(slot);
            }
        }
        return taken;
    }

    /** The first place that is free, which one that is gone may have had. */
    private int give(String machine, BitSet taken) {
        int given = taken.nextClearBit(0);
        taken.set(given);
        slots.values().removeIf(slot -> slot == given);
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
