package dev.clusterlab.ui.stage;

import dev.clusterlab.ui.model.IslandGrid;
import dev.clusterlab.ui.model.SlotBook.Cell;
import dev.clusterlab.ui.model.StageModel.Grid;
import javafx.scene.layout.Region;

/**
 * How the machines on the stage share their room. While the network has fallen apart, there are hulls and names of islands between
 * them.
 *
 * @param apart whether islands have room for their names
 * @param width in pixels, as the height
 * @param unit pixels of a unit
 */
record StageGrid(Grid grid, boolean apart, double width, double height, double unit) {
    /** In units, as all that follow: round all machines, above them, and between two. */
    static final double EDGE = 24;

    static final double TOP = 18;
    static final double GAP = 16;
    /** Of a hull beyond the sides of its machines; above them is its name. */
    static final double REACH = 7;

    private static final double NAME = 32;
    private static final double BETWEEN = 8;

    private double gapX() {
        return (apart ? 2 * REACH + 2 * BETWEEN : GAP) * unit;
    }

    private double gapY() {
        return (apart ? NAME + REACH + BETWEEN : GAP) * unit;
    }

    double cellWidth() {
        return (width - 2 * EDGE * unit - (grid.columns() - 1) * gapX()) / grid.columns();
    }

    /** {@code above}: how many pixels of the height are taken by what stands above the machines. */
    Cells at(double above) {
        double top = above + (apart ? BETWEEN + NAME : TOP) * unit;
        double rest = height - top - EDGE * unit - (grid.rows() - 1) * gapY();
        return new Cells(this, top, cellWidth(), rest / grid.rows());
    }

    /** Where each machine stands, in pixels. */
    record Cells(StageGrid room, double top, double width, double height) {
        Cell cell(int index) {
            return new Cell(index % room.grid().columns(), index / room.grid().columns());
        }

        private double x(int column) {
            return Math.rint(EDGE * room.unit() + column * (width + room.gapX()));
        }

        private double y(int row) {
            return Math.rint(top + row * (height + room.gapY()));
        }

        void place(Region node, int index) {
            Cell cell = cell(index);
            node.resizeRelocate(x(cell.column()), y(cell.row()), Math.rint(width), Math.rint(height));
        }

        IslandGrid islands() {
            return new IslandGrid(
                    this::x,
                    this::y,
                    row -> Math.rint(height),
                    Math.rint(width),
                    room.gapX(),
                    room.gapY(),
                    REACH * room.unit(),
                    (room.apart() ? NAME : REACH) * room.unit(),
                    NAME / 2 * room.unit());
        }
    }
}
