package dev.clusterlab.ui;

import javafx.geometry.HPos;
import javafx.geometry.Insets;
import javafx.geometry.VPos;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;

/**
 * A row in three parts, of which the middle one keeps its place, in the middle if there is room: what comes and goes on the
 * left moves nothing.
 */
final class Thirds extends Pane {
    private static final double GAP = 12;

    private Region left = this;
    private Region middle = this;
    private Region right = this;

    void put(Region nowLeft, Region nowMiddle, Region nowRight) {
        left = nowLeft;
        middle = nowMiddle;
        right = nowRight;
        getChildren().setAll(left, middle, right);
    }

    @Override
    protected double computeMinWidth(double height) {
        return 0;
    }

    @Override
    protected double computePrefHeight(double width) {
        Insets insets = getInsets();
        double tallest = getManagedChildren().stream()
                .mapToDouble(child -> child.prefHeight(-1))
                .max()
                .orElse(0);
        return insets.getTop() + tallest + insets.getBottom();
    }

    @Override
    protected void layoutChildren() {
        Insets insets = getInsets();
        double from = insets.getLeft();
        double to = getWidth() - insets.getRight();
        double height = getHeight() - insets.getTop() - insets.getBottom();
        double rightWidth = right.prefWidth(height);
        double middleWidth = middle.prefWidth(height);
        double latest = to - rightWidth - GAP - middleWidth;
        double start = Math.max(from, Math.min(latest, (getWidth() - middleWidth) / 2));
        layoutInArea(left, from, insets.getTop(), Math.max(0, start - GAP - from), height, 0, HPos.LEFT, VPos.CENTER);
        layoutInArea(middle, start, insets.getTop(), middleWidth, height, 0, HPos.LEFT, VPos.CENTER);
        layoutInArea(right, to - rightWidth, insets.getTop(), rightWidth, height, 0, HPos.RIGHT, VPos.CENTER);
    }
}
