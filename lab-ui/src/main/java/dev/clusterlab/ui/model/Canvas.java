package dev.clusterlab.ui.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The grid that machines stand on. Keeps what must stay the same between pictures: the cell of each machine, and the grid, which
 * only grows. How large boxes are follows from the sheet and the grid alone. Not thread-safe.
 */
final class Canvas {
    /** For taller boxes the whole may be drawn so much smaller, where it is not large enough anyway. */
    private static final double SHRINK = 0.88;

    /** Drawn smaller than so, words are read with effort: then nothing is drawn smaller still to have room for more. */
    private static final double READABLE = 0.8;

    /** Of the width of a box, so that it does not change with each pixel of the window. */
    private static final double WIDTH_STEP = 4;

    /** The grid only grows: a machine that comes or goes must not move the others. */
    private int columns = 3;

    private int rows = 2;
    private final SlotBook slots = new SlotBook();
    private double sheetWidth;
    private double sheetHeight;

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

        double x(String machine) {
            return router.x(require(machine).column());
        }

        double y(String machine) {
            return router.y(require(machine).row());
        }

        double boxHeight(String machine) {
            return router.height(require(machine).row());
        }
    }

    /** Takes another sheet; false if it is as the one before. */
    boolean take(Sheet sheet) {
        if (sheet.width() == sheetWidth && sheet.height() == sheetHeight) {
            return false;
        }
        sheetWidth = sheet.width();
        sheetHeight = sheet.height();
        return true;
    }

    /**
     * Gives each machine its cell.
     *
     * @param present all machines that exist or are being made
     * @param made those of them that are being made
     */
    Map<String, SlotBook.Cell> settle(List<String> present, List<String> made) {
        slots.settle(present, made);
        Map<String, SlotBook.Cell> cells = new LinkedHashMap<>();
        for (String machine : present) {
            SlotBook.Cell cell = SlotBook.cell(slots.slot(machine, present));
            columns = Math.max(columns, cell.column() + 1);
            rows = Math.max(rows, cell.row() + 1);
            cells.put(machine, cell);
        }
        return cells;
    }

    /** As wide as there is room beside each other while the height decides how large all is drawn. */
    double boxWidth() {
        return boxWidth(lines());
    }

    private double boxWidth(int lines) {
        if (sheetHeight <= 0) {
            return Topology.BOX_WIDTH;
        }
        double whole = sheetWidth / sheetHeight * height(lines);
        double each = (whole - 2 * Topology.MARGIN + Topology.GAP_X) / columns - Topology.GAP_X;
        return Math.clamp(Math.floor(each / WIDTH_STEP) * WIDTH_STEP, Topology.BOX_WIDTH, Topology.BOX_WIDTH_MAX);
    }

    private double height(int lines) {
        return Topology.TOP + rows * (boxHeight(lines) + Topology.GAP_Y) - Topology.GAP_Y + Topology.MARGIN;
    }

    private double width(int lines) {
        return 2 * Topology.MARGIN + columns * (boxWidth(lines) + Topology.GAP_X) - Topology.GAP_X;
    }

    /** How large all is drawn with boxes of so many lines. */
    private double scale(int lines) {
        return Math.min(sheetWidth / width(lines), sheetHeight / height(lines));
    }

    private static double boxHeight(int lines) {
        return Topology.BOX_HEIGHT + (lines - Topology.LINES) * Topology.LINE;
    }

    /**
     * How many lines of chips boxes have room for: as many as can be read well, whatever runs on the machines, so that no box
     * moves because of what does.
     */
    int lines() {
        double usual = scale(Topology.LINES);
        double least = Math.min(1, Math.max(SHRINK * usual, Math.min(usual, READABLE)));
        int most = Topology.LINES;
        while (most < Topology.LINES_MAX && scale(most + 1) >= least) {
            most++;
        }
        return most;
    }

    /** Gives each machine its place. */
    Places lay(Map<String, SlotBook.Cell> cells) {
        double[] heights = new double[rows];
        Arrays.fill(heights, boxHeight(lines()));
        var router = new LinkRouter(boxWidth(), heights);
        return new Places(cells, router, width(lines()), router.y(rows) - Topology.GAP_Y + Topology.MARGIN);
    }
}
