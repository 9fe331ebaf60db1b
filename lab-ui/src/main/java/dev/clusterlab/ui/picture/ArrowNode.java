package dev.clusterlab.ui.picture;

import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.Group;
import javafx.scene.shape.Line;
import javafx.scene.shape.Polygon;
import javafx.scene.transform.Rotate;

/** A straight arrow from the edge of one thing to the edge of another. */
final class ArrowNode extends Group {
    private static final double HEAD = 9;

    private final Point2D begin;

    ArrowNode(Bounds from, Bounds to, double scale) {
        begin = edge(from, centre(to));
        Point2D end = edge(to, centre(from));
        var line = new Line(begin.getX(), begin.getY(), end.getX(), end.getY());
        line.getStyleClass().add("ghost-line");
        line.setStrokeWidth(2 * scale);
        line.getStrokeDashArray().setAll(5 * scale, 5 * scale);
        double head = HEAD * scale;
        var point = new Polygon(0, 0, -head * 1.4, head * 0.75, -head * 1.4, -head * 0.75);
        point.getStyleClass().add("ghost-head");
        point.setTranslateX(end.getX());
        point.setTranslateY(end.getY());
        double angle = Math.toDegrees(Math.atan2(end.getY() - begin.getY(), end.getX() - begin.getX()));
        point.getTransforms().add(new Rotate(angle, 0, 0));
        getChildren().addAll(line, point);
    }

    /** Where it leaves. */
    Point2D begin() {
        return begin;
    }

    private static Point2D centre(Bounds bounds) {
        return new Point2D(bounds.getCenterX(), bounds.getCenterY());
    }

    /** Where the way from its centre to a point leaves a rectangle. */
    private static Point2D edge(Bounds from, Point2D to) {
        Point2D centre = centre(from);
        Point2D way = to.subtract(centre);
        double across = way.getX() == 0 ? 1 : from.getWidth() / 2 / Math.abs(way.getX());
        double down = way.getY() == 0 ? 1 : from.getHeight() / 2 / Math.abs(way.getY());
        return centre.add(way.multiply(Math.min(1, Math.min(across, down))));
    }
}
