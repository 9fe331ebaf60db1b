package dev.clusterlab.ui;

import javafx.geometry.HPos;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.TabPane;
import javafx.scene.layout.Region;

/** The panes below the cluster, with the last minute of traffic in what the row of their tabs leaves. */
final class TabsWithMeter extends Region {
    private static final double GAP = 16;

    private final TabPane tabs;
    private final TrafficMeter meter;

    TabsWithMeter(TabPane tabs, TrafficMeter meter) {
        this.tabs = tabs;
        this.meter = meter;
        getChildren().addAll(tabs, meter.node());
    }

    @Override
    protected double computePrefHeight(double width) {
        return tabs.prefHeight(width);
    }

    @Override
    protected double computePrefWidth(double height) {
        return tabs.prefWidth(height);
    }

    @Override
    protected void layoutChildren() {
        tabs.resizeRelocate(0, 0, getWidth(), getHeight());
        tabs.layout();
        Node row = tabs.lookup(".tab-header-area");
        Node names = tabs.lookup(".headers-region");
        if (row == null || names == null) {
            return;
        }
        double used = names.localToScene(names.getLayoutBounds()).getMaxX()
                - localToScene(0, 0).getX();
        Region button = meter.node();
        meter.fit(getWidth() - used - 2 * GAP);
        layoutInArea(
                button,
                used,
                0,
                getWidth() - used - GAP,
                row.getLayoutBounds().getHeight(),
                0,
                HPos.RIGHT,
                VPos.CENTER);
    }
}
