package dev.clusterlab.ui.recovery;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.recovery.TimeAxis;
import java.util.List;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;

/** The words of the axis of time: as many of its marks as have room. */
final class TimeMarks extends Region {
    private static final double GAP = 10;

    private final TimeAxis axis;
    private final List<Label> labels;

    TimeMarks(TimeAxis axis, List<String> marks) {
        this.axis = axis;
        this.labels =
                marks.stream().map(mark -> Widgets.label(mark, "time-words")).toList();
        labels.forEach(label -> label.setMinWidth(USE_PREF_SIZE));
        getStyleClass().add("time-marks");
        getChildren().addAll(labels);
    }

    @Override
    protected double computePrefWidth(double height) {
        return 0;
    }

    @Override
    protected double computeMinWidth(double height) {
        return 0;
    }

    @Override
    protected double computePrefHeight(double width) {
        return labels.stream().mapToDouble(label -> label.prefHeight(-1)).max().orElse(0);
    }

    @Override
    protected void layoutChildren() {
        double widest =
                labels.stream().mapToDouble(label -> label.prefWidth(-1)).max().orElse(0);
        double between = TimeTrack.x(axis, axis.step(), getWidth()) - TimeTrack.x(axis, 0, getWidth());
        // Those at the ends move inwards by half of their width.
        int each = (int) Math.ceil((1.5 * widest + GAP) / Math.max(1, between));
        for (int i = 0; i < labels.size(); i++) {
            Label label = labels.get(i);
            label.setVisible(i % each == 0);
            double width = label.prefWidth(-1);
            double middle = TimeTrack.x(axis, axis.marks().get(i), getWidth());
            double x = Math.clamp(middle - width / 2, 0, Math.max(0, getWidth() - width));
            label.resizeRelocate(x, 0, width, getHeight());
        }
    }
}
