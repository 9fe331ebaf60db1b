package dev.clusterlab.ui.stage;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.TrafficSeries;
import dev.clusterlab.ui.model.TrafficSeries.Column;
import dev.clusterlab.ui.model.TrafficSeries.Marker;
import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** The last minute of traffic as a strip, and what it comes to in one large number. */
public final class StageTraffic {
    private final Texts texts;
    private final HBox root = new HBox();
    private final Plot plot = new Plot();
    private final Label share = Widgets.label("", "stage-share", "tone-good");
    private final Label answered = Widgets.label("", "stage-answered");
    private final Label lost = Widgets.label("", "stage-lost");
    private TrafficSeries drawn = TrafficSeries.NONE;

    public StageTraffic(Texts texts) {
        this.texts = texts;
        HBox first = new HBox(share, answered);
        first.getStyleClass().add("stage-answers");
        first.setAlignment(Pos.BASELINE_LEFT);
        VBox words = new VBox(first, lost);
        words.setAlignment(Pos.CENTER_LEFT);
        for (Label label : List.of(share, answered, lost)) {
            label.setMinWidth(Region.USE_PREF_SIZE);
        }
        words.setMinWidth(Region.USE_PREF_SIZE);
        share.setId("stage-share");
        HBox.setHgrow(plot, Priority.ALWAYS);
        root.getChildren().addAll(plot, words);
        root.getStyleClass().add("stage-traffic");
        root.setAlignment(Pos.CENTER_LEFT);
        root.setId("stage-traffic");
        plot.setVisible(false);
    }

    public Region node() {
        return root;
    }

    /** {@code anybody}: whether there is a machine that could be asked. */
    public void show(TrafficSeries series, boolean anybody) {
        if (series.equals(drawn) && plot.isVisible() == anybody) {
            return;
        }
        drawn = series;
        plot.setVisible(anybody);
        int good = 0;
        int all = 0;
        for (Column column : series.columns()) {
            good += column.good();
            all += column.total();
        }
        if (all == 0) {
            share.setText("");
            answered.setText(anybody ? texts.get("stage.quiet") : "");
            lost.setText(anybody ? texts.get("stage.quiet.detail") : "");
        } else {
            // Never rounded up to 100: one lost request must be seen.
            share.setText(texts.get("stage.share", 100L * good / all));
            answered.setText(texts.get("stage.answered"));
            lost.setText(good == all ? texts.get("stage.none") : texts.get("stage.lost", all - good));
        }
        share.setVisible(all > 0);
        share.setManaged(all > 0);
        Widgets.setTone(share, good == all ? Tone.GOOD : Tone.WAITING);
        plot.show(series);
    }

    /** Columns as regions, so that the theme colours and hatches them. */
    private static final class Plot extends Pane {
        private TrafficSeries series = TrafficSeries.NONE;

        Plot() {
            setMinSize(0, 0);
            widthProperty().subscribe(this::draw);
            heightProperty().subscribe(this::draw);
        }

        void show(TrafficSeries now) {
            series = now;
            draw();
        }

        /** Everything has its place already. */
        @Override
        protected void layoutChildren() {}

        private void draw() {
            List<Node> nodes = new ArrayList<>();
            double step = getWidth() / TrafficSeries.SECONDS;
            double unit = getHeight() / Math.max(4, series.peak());
            for (int i = 0; i < series.columns().size(); i++) {
                Column column = series.columns().get(i);
                double top = getHeight();
                top = stack(nodes, "bar-good", column.good() * unit, i * step, top, step);
                top = stack(nodes, "bar-refused", column.refused() * unit, i * step, top, step);
                top = stack(nodes, "bar-failed", column.failed() * unit, i * step, top, step);
                stack(nodes, "bar-unanswered", column.unanswered() * unit, i * step, top, step);
            }
            if (!series.columns().isEmpty()) {
                long first = series.columns().getFirst().second();
                for (Marker marker : series.markers()) {
                    double x = (marker.second() - first + 0.5) * step;
                    nodes.add(block(marker.over() ? "fault-line-over" : "stage-fault", x, 0, 3, getHeight()));
                }
            }
            nodes.add(block("grid-line", 0, getHeight() - 1, getWidth(), 1));
            getChildren().setAll(nodes);
        }

        private static double stack(
                List<Node> nodes, String styleClass, double height, double x, double bottom, double step) {
            if (height <= 0) {
                return bottom;
            }
            nodes.add(block(styleClass, x + step * 0.08, bottom - height, step * 0.84, height));
            return bottom - height;
        }

        private static Region block(String styleClass, double x, double y, double width, double height) {
            Region region = new Region();
            region.getStyleClass().add(styleClass);
            region.setManaged(false);
            region.resizeRelocate(x, y, width, height);
            return region;
        }
    }
}
