package dev.clusterlab.ui.model;

import dev.clusterlab.ui.model.Topology.Box;
import dev.clusterlab.ui.model.Topology.Condition;
import dev.clusterlab.ui.model.Topology.Point;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a stroke over the picture cuts: one that comes back to where it began cuts off what it goes round; any other parts the
 * machines on its one side from those on the other.
 */
public final class CutStroke {
    /** The share of a stroke's length that may lie between its ends for it to be a ring. */
    private static final double RING = 0.2;

    /** Shorter strokes are slips of the hand; in world units. */
    private static final double LENGTH_MIN = 40;

    private CutStroke() {}

    /** The two sides; empty where one of them would have no machine. */
    public static Optional<List<Set<String>>> sides(Topology picture, List<Point> stroke) {
        if (stroke.size() < 2 || length(stroke) < LENGTH_MIN) {
            return Optional.empty();
        }
        Set<String> one = new TreeSet<>();
        Set<String> other = new TreeSet<>();
        boolean ring = distance(stroke.getFirst(), stroke.getLast()) < RING * length(stroke);
        for (Box box : picture.boxes()) {
            if (box.condition() != Condition.MAKING) {
                var middle = new Point(box.x() + picture.boxWidth() / 2, box.y() + box.height() / 2);
                boolean in = ring ? inside(stroke, middle) : beside(stroke.getFirst(), stroke.getLast(), middle) > 0;
                (in ? one : other).add(box.name());
            }
        }
        return one.isEmpty() || other.isEmpty() ? Optional.empty() : Optional.of(List.of(one, other));
    }

    private static double length(List<Point> stroke) {
        double length = 0;
        for (int i = 1; i < stroke.size(); i++) {
            length += distance(stroke.get(i - 1), stroke.get(i));
        }
        return length;
    }

    private static double distance(Point a, Point b) {
        return Math.hypot(b.x() - a.x(), b.y() - a.y());
    }

    /** Above 0 on one side of the straight line through two points, below on the other. */
    private static double beside(Point from, Point to, Point point) {
        return (to.x() - from.x()) * (point.y() - from.y()) - (to.y() - from.y()) * (point.x() - from.x());
    }

    /** A ray from the point crosses the ring an odd number of times. */
    private static boolean inside(List<Point> ring, Point point) {
        boolean inside = false;
        for (int i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
            Point a = ring.get(i);
            Point b = ring.get(j);
            boolean between = a.y() > point.y() != b.y() > point.y();
            if (between && point.x() < (b.x() - a.x()) * (point.y() - a.y()) / (b.y() - a.y()) + a.x()) {
                inside = !inside;
            }
        }
        return inside;
    }
}
