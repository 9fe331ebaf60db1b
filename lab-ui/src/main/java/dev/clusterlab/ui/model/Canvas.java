package dev.clusterlab.ui.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The grid that machines stand on. Keeps what must stay the same between pictures: the place of each machine, and the size, which
 * only grows. Not thread-safe.
 */
final class Canvas {
    /** The grid only grows: a machine that comes or goes must not move the others. */
    private int columns = 3;

    private int rows = 2;
    private final SlotBook slots = new SlotBook();

    /**
     * Where machines stand in one picture.
     *
     * @param cells machine → its cell
     * @param router lays lines between them
     * @param width of the whole, in world units
     * @param height of the whole, in world units
     */
    record Places(Map<String, SlotBook.Cell> cells, LinkRouter router, double width, double height) {
        /** The cell of a machine of the picture; empty for any other name. */
        Optional<SlotBook.Cell> of(String machine) {
            return Optional.ofNullable(cells.get(machine));
        }

        /** As {@link #of}, for a machine that is known to be in the picture. */
        SlotBook.Cell require(String machine) {
            return of(machine).orElseThrow(() -> new IllegalArgumentException(machine + " has no place"));
        }
    }

    /**
     * Gives each machine its place.
     *
     * @param present all machines that exist or are being made
     * @param made those of them that are being made
     */
    Places settle(List<String> present, List<String> made) {
        slots.settle(present, made);
        Map<String, SlotBook.Cell> cells = new LinkedHashMap<>();
        for (String machine : present) {
            SlotBook.Cell cell = SlotBook.cell(slots.slot(machine, present));
            columns = Math.max(columns, cell.column() + 1);
            rows = Math.max(rows, cell.row() + 1);
            cells.put(machine, cell);
        }
        double width = 2 * Topology.MARGIN + columns * (Topology.BOX_WIDTH + Topology.GAP_X) - Topology.GAP_X;
        double height = LinkRouter.y(rows) - Topology.GAP_Y + Topology.MARGIN;
        return new Places(cells, new LinkRouter(rows), width, height);
    }
}
