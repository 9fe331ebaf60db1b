package dev.clusterlab.ui.model;

import dev.clusterlab.ui.model.SlotBook.Cell;
import dev.clusterlab.ui.model.Topology.Area;
import dev.clusterlab.ui.model.Topology.Island;
import dev.clusterlab.ui.model.Topology.Point;
import dev.clusterlab.ui.model.Topology.Sign;
import dev.clusterlab.ui.model.Topology.Tear;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.IntToDoubleFunction;

/**
 * How islands lie on a grid of boxes: a hull round the machines of each, where it is named, and lines where they are torn apart.
 * All in the units of who draws it. Pure.
 *
 * @param x left edge of a column's boxes
 * @param y upper edge of a row's boxes
 * @param height of the boxes of a row
 * @param reach how far a hull reaches beyond the boxes
 * @param above how far it does so above them
 * @param sign how far above the boxes the middle of a name is
 */
public record IslandGrid(
        IntToDoubleFunction x,
        IntToDoubleFunction y,
        IntToDoubleFunction height,
        double boxWidth,
        double gapX,
        double gapY,
        double reach,
        double above,
        double sign) {
    /** Part of the gap between two rows that a line along it leaves free at its end. */
    private static final double SHORT = 2 / 11.0;

    /** The same island on this grid; machines that have no cell have no part in its hull. */
    public Island lay(Island island, Map<String, Cell> cells) {
        Set<Cell> its = new LinkedHashSet<>();
        island.machines().forEach(machine -> {
            Cell cell = cells.get(machine);
            if (cell != null) {
                its.add(cell);
            }
        });
        return new Island(
                island.letter(),
                island.machines(),
                island.count(),
                island.brief(),
                island.verdict(),
                island.tone(),
                areas(its),
                signs(its));
    }

    /** One for each box, and what joins it to those beside and below it. */
    private List<Area> areas(Set<Cell> cells) {
        List<Area> areas = new ArrayList<>();
        for (Cell cell : cells) {
            boolean right = cells.contains(beside(cell));
            boolean below = cells.contains(below(cell));
            boolean corner = right && below && cells.contains(beside(below(cell)));
            double left = x.applyAsDouble(cell.column()) - reach;
            double top = y.applyAsDouble(cell.row()) - above;
            double high = height.applyAsDouble(cell.row()) + above + reach;
            double across = boxWidth + gapX;
            double down = below ? gapY + height.applyAsDouble(cell.row() + 1) : 0;
            areas.add(new Area(left, top, boxWidth + 2 * reach + (right ? across : 0), high));
            if (below) {
                areas.add(new Area(left, top, boxWidth + 2 * reach + (corner ? across : 0), high + down));
            }
        }
        return areas;
    }

    /** The first box, from the left, of the highest row of each part; with the room of those beside it. */
    private List<Sign> signs(Set<Cell> cells) {
        List<Sign> signs = new ArrayList<>();
        Set<Cell> left = new LinkedHashSet<>(cells);
        while (!left.isEmpty()) {
            Set<Cell> part = new LinkedHashSet<>(Set.of(left.iterator().next()));
            boolean grown = true;
            while (grown) {
                grown = part.addAll(left.stream()
                        .filter(cell -> part.stream().anyMatch(other -> touch(cell, other)))
                        .toList());
            }
            left.removeAll(part);
            part.stream()
                    .min(Comparator.comparingInt(Cell::row).thenComparingInt(Cell::column))
                    .ifPresent(first -> signs.add(sign(first, part)));
        }
        return signs;
    }

    private Sign sign(Cell first, Set<Cell> part) {
        int columns = 1;
        while (part.contains(new Cell(first.column() + columns, first.row()))) {
            columns++;
        }
        return new Sign(
                x.applyAsDouble(first.column()),
                y.applyAsDouble(first.row()) - sign,
                columns * (boxWidth + gapX) - gapX + 2 * reach);
    }

    private static Cell beside(Cell cell) {
        return new Cell(cell.column() + 1, cell.row());
    }

    private static Cell below(Cell cell) {
        return new Cell(cell.column(), cell.row() + 1);
    }

    private static boolean touch(Cell one, Cell other) {
        return Math.abs(one.column() - other.column()) + Math.abs(one.row() - other.row()) == 1;
    }

    /**
     * Lines between machines side by side, or one below the other, that do not hear each other; by no fault yet.
     *
     * @param torn whether two machines do not
     */
    public List<Tear> tears(Map<String, Cell> cells, BiPredicate<String, String> torn) {
        Map<Cell, String> machines = new HashMap<>();
        cells.forEach((machine, cell) -> machines.put(cell, machine));
        List<Tear> tears = new ArrayList<>();
        new LinkedHashMap<>(cells).forEach((machine, cell) -> {
            double left = x.applyAsDouble(cell.column());
            double top = y.applyAsDouble(cell.row());
            double right = left + boxWidth + gapX / 2;
            // Between hulls, which reach further up than down.
            double bottom = top + height.applyAsDouble(cell.row()) + (gapY + reach - above) / 2;
            String beside = machines.get(beside(cell));
            if (beside != null && torn.test(machine, beside)) {
                double end = top + height.applyAsDouble(cell.row()) + gapY / 2 - gapY * SHORT;
                tears.add(new Tear(machine, beside, new Point(right, top - above), new Point(right, end), "", false));
            }
            String below = machines.get(below(cell));
            if (below != null && torn.test(machine, below)) {
                tears.add(new Tear(
                        machine,
                        below,
                        new Point(left - reach, bottom),
                        new Point(left + boxWidth + reach, bottom),
                        "",
                        false));
            }
        });
        return tears;
    }

    /** The letter that a machine's island has, by the boxes of a picture; two of them are apart if theirs differ. */
    public static BiPredicate<String, String> apart(Map<String, String> letters) {
        return (one, other) -> {
            String first = Objects.requireNonNullElse(letters.get(one), "");
            String second = Objects.requireNonNullElse(letters.get(other), "");
            return !first.isEmpty() && !second.isEmpty() && !first.equals(second);
        };
    }
}
