package dev.clusterlab.ui.picture;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Topology.Link;
import dev.clusterlab.ui.model.Topology.Point;
import dev.clusterlab.ui.model.Topology.Tone;
import java.util.List;
import java.util.Locale;
import javafx.geometry.Point2D;
import javafx.scene.Group;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;
import javafx.scene.shape.Polygon;
import javafx.scene.shape.QuadCurveTo;
import javafx.scene.transform.Rotate;

/** A line with rounded corners and an arrow at its end. */
public final class LinkNode extends Group {
    private static final double ARROW = 7;
    private static final double CORNER = 11;

    private final Path line = new Path();
    private final Polygon head = new Polygon(0, 0, -ARROW * 1.4, ARROW * 0.75, -ARROW * 1.4, -ARROW * 0.75);
    private Link link;
    private double length;
    private List<String> dress = List.of();

    public LinkNode(Link link) {
        this.link = link;
        setMouseTransparent(true);
        getChildren().addAll(line, head);
        route(link.path());
        dress(link);
    }

    Link link() {
        return link;
    }

    public void update(Link now) {
        boolean moved = !now.path().equals(link.path());
        link = now;
        if (moved) {
            route(now.path());
        }
        dress(now);
    }

    /** Only what changes: the style sheet is applied anew to it. */
    private void dress(Link now) {
        String kind = "link-" + now.kind().name().toLowerCase(Locale.ROOT);
        String flow = now.requestsPerSecond() > 0 ? "link-flowing" : "link-quiet";
        String tone = Widgets.toneClass(now.tone());
        List<String> wanted = List.of(kind, flow, tone);
        if (!wanted.equals(dress)) {
            dress = wanted;
            line.getStyleClass().setAll("link", kind, flow, tone);
            head.getStyleClass().setAll("link-head", kind, flow, tone);
        }
    }

    private void route(List<Point> points) {
        line.getElements().clear();
        length = 0;
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            if (i == 0) {
                line.getElements().add(new MoveTo(point.x(), point.y()));
                continue;
            }
            Point before = points.get(i - 1);
            double reach = distance(before, point);
            length += reach;
            if (i == points.size() - 1) {
                line.getElements().add(new LineTo(point.x(), point.y()));
                head.setTranslateX(point.x());
                head.setTranslateY(point.y());
                double angle = Math.toDegrees(Math.atan2(point.y() - before.y(), point.x() - before.x()));
                head.getTransforms().setAll(new Rotate(angle, 0, 0));
                continue;
            }
            Point after = points.get(i + 1);
            double round = Math.min(CORNER, Math.min(reach, distance(point, after)) / 2);
            Point in = towards(point, before, round);
            Point out = towards(point, after, round);
            line.getElements()
                    .addAll(new LineTo(in.x(), in.y()), new QuadCurveTo(point.x(), point.y(), out.x(), out.y()));
        }
    }

    private static double distance(Point a, Point b) {
        return Math.hypot(b.x() - a.x(), b.y() - a.y());
    }

    private static Point towards(Point from, Point to, double by) {
        double whole = distance(from, to);
        double share = whole == 0 ? 0 : by / whole;
        return new Point(from.x() + (to.x() - from.x()) * share, from.y() + (to.y() - from.y()) * share);
    }

    /** The point at a share of the way, 0 to 1. */
    Point2D at(double share) {
        double left = share * length;
        List<Point> points = link.path();
        for (int i = 1; i < points.size(); i++) {
            double reach = distance(points.get(i - 1), points.get(i));
            if (left <= reach) {
                Point found = towards(points.get(i - 1), points.get(i), left);
                return new Point2D(found.x(), found.y());
            }
            left -= reach;
        }
        Point last = points.getLast();
        return new Point2D(last.x(), last.y());
    }

    /** Length of the line in world units. */
    double length() {
        return length;
    }

    boolean bad() {
        return link.tone() == Tone.BAD;
    }
}
