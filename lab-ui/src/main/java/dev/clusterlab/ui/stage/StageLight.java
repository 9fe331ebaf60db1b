package dev.clusterlab.ui.stage;

import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.shape.FillRule;
import javafx.scene.shape.HLineTo;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;
import javafx.scene.shape.VLineTo;
import org.jspecify.annotations.Nullable;

/** Leaves one thing as it is and dims all else: a single path, of which the lit part is the hole. */
public final class StageLight {
    private static final double ROUND = 4;

    private final Path scrim = new Path();
    private @Nullable Node lit;
    private double width;
    private double height;

    public StageLight() {
        scrim.getStyleClass().add("stage-scrim");
        scrim.setId("stage-scrim");
        scrim.setFillRule(FillRule.EVEN_ODD);
        scrim.setManaged(false);
        scrim.setMouseTransparent(true);
        scrim.setVisible(false);
    }

    public Node node() {
        return scrim;
    }

    public boolean on() {
        return lit != null;
    }

    public void off() {
        lit = null;
        scrim.setVisible(false);
    }

    /** Lights something, whatever was lit before. */
    public void follow(Node node) {
        if (node.equals(lit)) {
            return;
        }
        lit = node;
        draw();
    }

    public void resize(double toWidth, double toHeight) {
        width = toWidth;
        height = toHeight;
        draw();
    }

    private void draw() {
        Node node = lit;
        scrim.setVisible(node != null);
        if (node == null || scrim.getParent() == null) {
            return;
        }
        Bounds hole = scrim.getParent().sceneToLocal(node.localToScene(node.getLayoutBounds()));
        scrim.getElements().clear();
        rectangle(0, 0, width, height);
        rectangle(hole.getMinX() - ROUND, hole.getMinY() - ROUND, hole.getMaxX() + ROUND, hole.getMaxY() + ROUND);
    }

    private void rectangle(double left, double top, double right, double bottom) {
        scrim.getElements()
                .addAll(
                        new MoveTo(left, top),
                        new HLineTo(right),
                        new VLineTo(bottom),
                        new HLineTo(left),
                        new LineTo(left, top));
    }
}
