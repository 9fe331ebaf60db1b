package dev.clusterlab.ui.model;

import dev.clusterlab.ui.model.SlotBook.Cell;
import dev.clusterlab.ui.model.Topology.Point;
import java.util.ArrayList;
import java.util.List;

/**
 * Lays links like the lines of an underground map: through the gutters between the machines, never across one. Links of
 * one lane share a line; {@code lane} 0 runs in the middle of a gutter, others beside it.
 */
final class LinkRouter {
    private static final double LANE = 8;
    private static final double PORT = 18;
    private static final double CLIENT_LINE = (Topology.CLIENT_BOTTOM + Topology.TOP) / 2;
    /** How far below its top a machine is entered from the side. */
    private static final double SIDE_PORT = 30;

    private final int rows;
    private final double boxWidth;
    private final double[] heights;
    private final double[] tops;

    /** {@code heights}: of the boxes of each row. */
    LinkRouter(double boxWidth, double... heights) {
        this.rows = heights.length;
        this.boxWidth = boxWidth;
        this.heights = heights.clone();
        this.tops = new double[rows + 1];
        tops[0] = Topology.TOP;
        for (int row = 0; row < rows; row++) {
            tops[row + 1] = tops[row] + heights[row] + Topology.GAP_Y;
        }
    }

    double x(int column) {
        return Topology.MARGIN + column * (boxWidth + Topology.GAP_X);
    }

    /** The top of a row; that of the number of rows is where the next one would be. */
    double y(int row) {
        return tops[row];
    }

    double height(int row) {
        return heights[row];
    }

    double boxWidth() {
        return boxWidth;
    }

    private double middle(int column) {
        return x(column) + boxWidth / 2;
    }

    /** The middle of the gutter above a row; that of the number of rows is below the last one. */
    private double gutter(int row) {
        return y(row) - Topology.GAP_Y / 2;
    }

    /** From the client down to a machine. */
    List<Point> fromClient(Cell to, int lane) {
        double start = middle(1) + lane * PORT;
        List<Point> path = new ArrayList<>();
        path.add(new Point(start, Topology.CLIENT_BOTTOM));
        path.add(new Point(start, CLIENT_LINE));
        if (to.row() == 0) {
            double end = middle(to.column()) + lane * PORT;
            path.add(new Point(end, CLIENT_LINE));
            path.add(new Point(end, y(0)));
        } else {
            boolean rightSide = to.column() < 1;
            double edge = rightSide ? x(to.column()) + boxWidth : x(to.column());
            double down = edge + (rightSide ? 1 : -1) * Topology.GAP_X / 2;
            double end = y(to.row()) + SIDE_PORT;
            path.add(new Point(down, CLIENT_LINE));
            path.add(new Point(down, end));
            path.add(new Point(edge, end));
        }
        return straightened(path);
    }

    /** From one machine to another one. */
    List<Point> between(Cell from, Cell to, int lane) {
        boolean below = to.row() > from.row() || (to.row() == from.row() && (from.row() < rows - 1 || rows == 1));
        double line = gutter(below ? from.row() + 1 : from.row()) + lane * LANE;
        double exit = middle(from.column()) + (lane - 0.5) * PORT;
        double entry = middle(to.column()) + (lane + 0.5) * PORT;
        List<Point> path = new ArrayList<>();
        path.add(new Point(exit, below ? y(from.row()) + heights[from.row()] : y(from.row())));
        path.add(new Point(exit, line));
        boolean fromAbove = to.row() > from.row() || (to.row() == from.row() && !below);
        int distance = Math.abs(to.row() - from.row());
        if (distance > 1) {
            double aside = x(to.column()) - Topology.GAP_X / 2 + lane * LANE;
            double last = gutter(fromAbove ? to.row() : to.row() + 1) + lane * LANE;
            path.add(new Point(aside, line));
            path.add(new Point(aside, last));
            path.add(new Point(entry, last));
        } else {
            path.add(new Point(entry, line));
        }
        boolean enterTop = distance == 0 ? !below : fromAbove;
        path.add(new Point(entry, enterTop ? y(to.row()) : y(to.row()) + heights[to.row()]));
        return straightened(path);
    }

    /** Without points that are no corners. */
    private static List<Point> straightened(List<Point> path) {
        List<Point> result = new ArrayList<>();
        for (Point point : path) {
            while (result.size() >= 2 && inLine(result.get(result.size() - 2), result.getLast(), point)) {
                result.removeLast();
            }
            if (result.isEmpty() || !result.getLast().equals(point)) {
                result.add(point);
            }
        }
        return List.copyOf(result);
    }

    private static boolean inLine(Point a, Point b, Point c) {
        return (a.x() == b.x() && b.x() == c.x()) || (a.y() == b.y() && b.y() == c.y());
    }
}
