package dev.clusterlab.ui.experiment;

import dev.clusterlab.lab.experiment.odds.Histogram;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.layout.Region;

/** How values are spread: a bar for each range, and a line at the median. */
final class HistogramPane extends Region {
    private static final int BARS = 24;
    private static final double LOWEST = 2;

    private final Histogram histogram;
    private final double median;
    private final List<Region> bars = new ArrayList<>();
    private final Region ground = new Region();
    private final Region line = new Region();

    /** {@code values}: at least one. */
    HistogramPane(double[] values, double median) {
        this.histogram = Histogram.of(values, BARS);
        this.median = median;
        getStyleClass().add("histogram");
        for (int ignored : histogram.counts()) {
            Region bar = new Region();
            bar.getStyleClass().add("histogram-bar");
            bars.add(bar);
        }
        ground.getStyleClass().add("histogram-ground");
        line.getStyleClass().add("histogram-median");
        getChildren().add(ground);
        getChildren().addAll(bars);
        getChildren().add(line);
    }

    @Override
    protected void layoutChildren() {
        double width = getWidth();
        double height = getHeight();
        double each = width / bars.size();
        ground.resizeRelocate(0, height - 1, width, 1);
        for (int i = 0; i < bars.size(); i++) {
            int count = histogram.counts().get(i);
            double high = count == 0 ? 0 : Math.max(LOWEST, (double) count / histogram.highest() * (height - 1));
            bars.get(i).resizeRelocate(i * each, height - 1 - high, Math.max(1, each - 1), high);
        }
        line.resizeRelocate(Math.clamp(histogram.place(median) * width - 1, 0, Math.max(0, width - 2)), 0, 2, height);
    }
}
