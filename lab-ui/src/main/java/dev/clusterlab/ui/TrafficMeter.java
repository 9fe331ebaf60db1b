package dev.clusterlab.ui;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.TrafficSeries;
import dev.clusterlab.ui.model.TrafficSeries.Column;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.util.Subscription;

/** The last minute of traffic in one line, always in sight: what clients get, and how many of them get nothing good. */
final class TrafficMeter {
    private static final double WIDTH = 150;
    private static final double HEIGHT = 22;

    private final WindowModels desk;
    private final Texts texts;
    private final Button root = new Button();
    private final Pane plot = new Pane();
    private final Label words = Widgets.label("", "meter-words");
    private final Subscription subscription;
    private double room = Double.MAX_VALUE;
    private long share = 100;
    private boolean any;
    private TrafficSeries drawn = TrafficSeries.NONE;

    /** {@code open} shows the whole chart. */
    TrafficMeter(WindowModels desk, Texts texts, Runnable open) {
        this.desk = desk;
        this.texts = texts;
        plot.setMinSize(WIDTH, HEIGHT);
        plot.setPrefSize(WIDTH, HEIGHT);
        plot.setMaxSize(WIDTH, HEIGHT);
        plot.getStyleClass().add("meter-plot");
        words.setMinWidth(Region.USE_PREF_SIZE);
        HBox content = new HBox(words, plot);
        content.getStyleClass().add("meter");
        root.setGraphic(content);
        root.setId("traffic-meter");
        root.getStyleClass().addAll("flat", "meter-button");
        root.setOnAction(event -> open.run());
        root.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        subscription = desk.cluster.snapshot().subscribe(this::refresh);
        refresh();
    }

    Button node() {
        return root;
    }

    /** Takes no more than a width: the number instead of the words, then no plot, then nothing. */
    void fit(double width) {
        if (width != room) {
            room = width;
            say();
        }
    }

    private void say() {
        for (String key : List.of("meter.good", "meter.good.brief")) {
            for (boolean drawing : new boolean[] {true, false}) {
                words.setText(texts.get(key, share));
                plot.setVisible(drawing);
                plot.setManaged(drawing);
                root.applyCss();
                if (root.prefWidth(-1) <= room) {
                    root.setVisible(any);
                    return;
                }
            }
        }
        root.setVisible(false);
    }

    void dispose() {
        subscription.unsubscribe();
    }

    private void refresh() {
        TrafficSeries series = TrafficSeries.of(desk.cluster.snapshot().get(), List.of(), texts.sentences());
        if (series.equals(drawn)) {
            return;
        }
        drawn = series;
        int good = 0;
        int all = 0;
        for (Column column : series.columns()) {
            good += column.good();
            all += column.total();
        }
        any = all > 0;
        Widgets.setTone(words, good == all ? Tone.GOOD : Tone.BAD);
        // Never rounded up to 100: one lost request must be seen.
        share = all == 0 ? 100 : 100L * good / all;
        say();
        Widgets.describe(root, texts.get("meter.good", share) + "\n" + texts.get("meter.open"));
        draw(series);
    }

    private void draw(TrafficSeries series) {
        List<Node> bars = new ArrayList<>();
        double step = WIDTH / TrafficSeries.SECONDS;
        double unit = HEIGHT / Math.max(4, series.peak());
        int index = 0;
        for (Column column : series.columns()) {
            double bad = (column.total() - column.good()) * unit;
            double good = column.good() * unit;
            bars.add(bar("bar-good", index * step, HEIGHT - good, step, good));
            bars.add(bar("bar-failed", index * step, HEIGHT - good - bad, step, bad));
            index++;
        }
        bars.removeIf(bar -> ((Region) bar).getHeight() == 0);
        plot.getChildren().setAll(bars);
    }

    private static Region bar(String styleClass, double x, double y, double width, double height) {
        Region bar = new Region();
        bar.getStyleClass().add(styleClass);
        bar.setManaged(false);
        bar.resizeRelocate(x, y, Math.max(1, width - 0.6), height);
        return bar;
    }
}
