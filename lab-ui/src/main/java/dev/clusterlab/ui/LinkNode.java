package dev.clusterlab.ui;

import dev.clusterlab.ui.model.Topology.Link;
import dev.clusterlab.ui.model.Topology.Tone;
import java.util.Locale;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.Group;
import javafx.scene.shape.CubicCurve;
import javafx.scene.shape.Polygon;

/** A curved arrow between two things. */
final class LinkNode extends Group {
    private static final double ARROW = 7;

    private final CubicCurve curve = new CubicCurve();
    private final Polygon head = new Polygon(0, 0, -ARROW * 1.4, ARROW * 0.7, -ARROW * 1.4, -ARROW * 0.7);
    private Link link;

    LinkNode(Link link) {
        this.link = link;
        setMouseTransparent(true);
        getChildren().addAll(curve, head);
        update(link);
    }

    Link link() {
        return link;
    }

    void update(Link now) {
        link = now;
        String kind = "link-" + now.kind().name().toLowerCase(Locale.ROOT);
        String flow = now.requestsPerSecond() > 0 ? "link-flowing" : "link-quiet";
        curve.getStyleClass().setAll("link", kind, flow, Widgets.toneClass(now.tone()));
        head.getStyleClass().setAll("link-head", kind, flow, Widgets.toneClass(now.tone()));
    }

    /** From the bottom of the client or the side of a chip to the nearest side of the other. */
    void route(Bounds from, Bounds to, boolean fromAbove) {
        double startX;
        double startY;
        double endX;
        double endY = to.getCenterY();
        if (fromAbove) {
            startX = from.getCenterX();
            startY = from.getMaxY();
            endX = to.getCenterX();
            endY = to.getMinY();
            place(startX, startY, startX, startY + 46, endX, endY - 60, endX, endY);
            return;
        }
        startY = from.getCenterY();
        double reach;
        if (to.getMinX() > from.getMaxX()) {
            startX = from.getMaxX();
            endX = to.getMinX();
            reach = Math.max(24, (endX - startX) * 0.45);
            place(startX, startY, startX + reach, startY, endX - reach, endY, endX, endY);
        } else if (to.getMaxX() < from.getMinX()) {
            startX = from.getMinX();
            endX = to.getMaxX();
            reach = Math.max(24, (startX - endX) * 0.45);
            place(startX, startY, startX - reach, startY, endX + reach, endY, endX, endY);
        } else {
            startX = from.getMinX();
            endX = to.getMinX();
            reach = 26 + Math.abs(endY - startY) * 0.12;
            double left = Math.min(startX, endX) - reach;
            place(startX, startY, left, startY, left, endY, endX, endY);
        }
    }

    private void place(double x1, double y1, double cx1, double cy1, double cx2, double cy2, double x2, double y2) {
        curve.setStartX(x1);
        curve.setStartY(y1);
        curve.setControlX1(cx1);
        curve.setControlY1(cy1);
        curve.setControlX2(cx2);
        curve.setControlY2(cy2);
        curve.setEndX(x2);
        curve.setEndY(y2);
        head.setTranslateX(x2);
        head.setTranslateY(y2);
        head.setRotate(0);
        double angle = Math.toDegrees(Math.atan2(y2 - cy2, x2 - cx2));
        head.getTransforms().setAll(new javafx.scene.transform.Rotate(angle, 0, 0));
    }

    /** The point at a share of the way, 0 to 1. */
    Point2D at(double t) {
        double s = 1 - t;
        double x = s * s * s * curve.getStartX()
                + 3 * s * s * t * curve.getControlX1()
                + 3 * s * t * t * curve.getControlX2()
                + t * t * t * curve.getEndX();
        double y = s * s * s * curve.getStartY()
                + 3 * s * s * t * curve.getControlY1()
                + 3 * s * t * t * curve.getControlY2()
                + t * t * t * curve.getEndY();
        return new Point2D(x, y);
    }

    boolean bad() {
        return link.tone() == Tone.BAD;
    }
}
