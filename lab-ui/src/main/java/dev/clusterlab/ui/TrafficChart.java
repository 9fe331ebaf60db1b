package dev.clusterlab.ui;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.TrafficSeries;
import dev.clusterlab.ui.model.TrafficSeries.Column;
import dev.clusterlab.ui.model.TrafficSeries.Marker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Duration;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2AL;

/** Requests per second by outcome, stacked, with the moments of faults. */
final class TrafficChart {
    private static final int GRID_LINES = 4;
    private static final double LEFT = 44;
    private static final double BOTTOM = 24;
    private static final double TOP = 12;
    private static final double AXIS_LABEL = 60;
    private static final double AXIS_LINE = 22;

    private final WindowModels desk;
    private final Texts texts;
    private final VBox root = new VBox();
    private final Plot plot;
    private final Label good = legend("legend-good", "chart.good");
    private final Label refused = legend("legend-refused", "chart.refused");
    private final Label failed = legend("legend-failed", "chart.failed");
    private final Label unanswered = legend("legend-unanswered", "chart.unanswered");
    private final Label latency = Widgets.label("", "muted");
    /** What the pointer is on. */
    private final Tooltip reading = new Tooltip();

    private final Subscription subscription;

    TrafficChart(WindowModels desk, Texts texts) {
        this.desk = desk;
        this.texts = texts;
        this.plot = new Plot(Widgets.label(texts.get("chart.empty"), "muted"));
        reading.setShowDelay(Duration.millis(150));
        plot.setOnMouseMoved(event -> point(plot.at(event.getX())));
        HBox bar = new HBox(good, refused, failed, unanswered, Widgets.spacer(), latency);
        bar.getStyleClass().add("traffic-bar");
        VBox.setVgrow(plot, Priority.ALWAYS);
        plot.setId("traffic-chart");
        root.getChildren().addAll(bar, plot);
        root.getStyleClass().add("traffic");
        subscription = Subscription.combine(
                desk.cluster.snapshot().subscribe(this::refresh), desk.client().subscribe(on -> refresh()));
        refresh();
    }

    Node node() {
        return root;
    }

    void dispose() {
        subscription.unsubscribe();
    }

    private static Label legend(String styleClass, String key) {
        Label label = new Label();
        label.setUserData(key);
        Region patch = new Region();
        patch.getStyleClass().addAll("legend-patch", styleClass);
        label.setGraphic(patch);
        label.setMinWidth(Region.USE_PREF_SIZE);
        return label;
    }

    private void refresh() {
        TrafficSeries series =
                TrafficSeries.of(desk.cluster.snapshot().get(), desk.cluster.events(), texts.sentences());
        int[] totals = new int[4];
        for (Column column : series.columns()) {
            totals[0] += column.good();
            totals[1] += column.refused();
            totals[2] += column.failed();
            totals[3] += column.unanswered();
        }
        int index = 0;
        for (Label label : List.of(good, refused, failed, unanswered)) {
            label.setText(texts.get(String.valueOf(label.getUserData())) + "  " + totals[index++]);
        }
        String asks = asks(series);
        latency.setText(series.missed() == 0 ? asks : texts.get("chart.missed", series.missed(), asks));
        Widgets.describe(latency, latency.getText());
        plot.show(series);
    }

    /** Says what is pointed at; beside the columns, nothing. */
    private void point(Optional<Column> column) {
        reading.setText(column.map(this::said).orElse(""));
        if (column.isPresent()) {
            Tooltip.install(plot, reading);
        } else {
            Tooltip.uninstall(plot, reading);
        }
    }

    /** What came of the requests of one second. */
    private String said(Column column) {
        List<String> words = new ArrayList<>();
        int[] counts = {column.good(), column.refused(), column.failed(), column.unanswered()};
        int index = 0;
        for (Label label : List.of(good, refused, failed, unanswered)) {
            if (counts[index] > 0) {
                words.add(texts.get(String.valueOf(label.getUserData())) + " " + counts[index]);
            }
            index++;
        }
        String time = Texts.clock(java.time.Duration.ofSeconds(column.second()));
        return words.isEmpty()
                ? texts.get("chart.second.none", time)
                : texts.get("chart.second", time, String.join(", ", words));
    }

    /** Whom the client asks, or that there is nobody to ask yet. */
    private String asks(TrafficSeries series) {
        if (!desk.client().get()) {
            return series.peak() == 0 ? "" : texts.get("chart.latency", Math.round(series.medianMs()));
        }
        return desk.context
                .traffic()
                .machine()
                .map(machine -> texts.get("chart.asks", machine, Math.round(series.medianMs())))
                .orElseGet(() -> texts.get("chart.waits"));
    }

    /** Columns as regions, so that the theme colours and hatches them. */
    private static final class Plot extends Pane {
        private TrafficSeries series = TrafficSeries.NONE;
        private final Label quiet;

        Plot(Label quiet) {
            this.quiet = quiet;
            getStyleClass().add("plot");
            setMinHeight(60);
            widthProperty().subscribe(this::draw);
            heightProperty().subscribe(this::draw);
            sceneProperty().subscribe(this::draw);
        }

        void show(TrafficSeries now) {
            if (!now.equals(series)) {
                series = now;
                draw();
            }
        }

        /** The second that is drawn at a place, if one is. */
        Optional<Column> at(double x) {
            double step = (getWidth() - LEFT - 12) / TrafficSeries.SECONDS;
            int index = (int) Math.floor((x - LEFT) / step);
            return step > 0 && index >= 0 && index < series.columns().size()
                    ? Optional.of(series.columns().get(index)).filter(column -> column.second() >= 0)
                    : Optional.empty();
        }

        /** Everything has its place already; drawing here would ask for the next layout, without end. */
        @Override
        protected void layoutChildren() {}

        private void draw() {
            List<Node> nodes = new ArrayList<>();
            double width = getWidth() - LEFT - 12;
            double height = getHeight() - BOTTOM - TOP;
            if (width <= 0 || height <= 0 || getScene() == null) {
                return;
            }
            int top = niceTop(series.peak());
            int lines = height >= GRID_LINES * AXIS_LINE ? GRID_LINES : height >= 2 * AXIS_LINE ? 2 : 1;
            for (int i = 0; i <= lines; i++) {
                double y = TOP + height - height * i / lines;
                nodes.add(block("grid-line", LEFT, y, width, 1));
                if (top * i % lines == 0) {
                    nodes.add(text(String.valueOf(top * i / lines), 0, y - 9, LEFT - 8, true));
                }
            }
            double step = width / TrafficSeries.SECONDS;
            int index = 0;
            for (Column column : series.columns()) {
                double x = LEFT + index * step;
                double base = TOP + height;
                base = stack(nodes, "bar-good", column.good(), x, base, step, height / top);
                base = stack(nodes, "bar-refused", column.refused(), x, base, step, height / top);
                base = stack(nodes, "bar-failed", column.failed(), x, base, step, height / top);
                stack(nodes, "bar-unanswered", column.unanswered(), x, base, step, height / top);
                double labelEnd = x + step / 2 + AXIS_LABEL / 2;
                if (column.second() >= 0 && column.second() % 10 == 0 && labelEnd <= getWidth()) {
                    nodes.add(text(
                            Texts.clock(java.time.Duration.ofSeconds(column.second())),
                            labelEnd - AXIS_LABEL,
                            TOP + height + 5,
                            AXIS_LABEL,
                            false));
                }
                index++;
            }
            if (!series.columns().isEmpty()) {
                long first = series.columns().getFirst().second();
                double free = 0;
                for (Marker marker : series.markers()) {
                    double x = LEFT + (marker.second() - first + 0.5) * step;
                    nodes.add(block(marker.over() ? "fault-line-over" : "fault-line", x, TOP, 2, height));
                    Label label = Widgets.label(marker.text(), "fault-label");
                    label.setGraphic(Widgets.icon(marker.over() ? Material2AL.HEALING : Material2AL.FLASH_ON));
                    label.setManaged(false);
                    getChildren().add(label);
                    label.applyCss();
                    double labelWidth = Math.min(label.prefWidth(-1), 260);
                    double labelX = Math.min(x + 4, getWidth() - labelWidth - 8);
                    double labelY = labelX < free ? TOP + 22 : TOP;
                    free = Math.max(free, labelX + labelWidth + 6);
                    label.resizeRelocate(labelX, labelY, labelWidth, label.prefHeight(-1));
                    nodes.add(label);
                }
            }
            if (series.peak() == 0) {
                quiet.setManaged(false);
                getChildren().setAll(quiet);
                quiet.applyCss();
                double quietWidth = Math.min(quiet.prefWidth(-1), width);
                quiet.resizeRelocate(LEFT + (width - quietWidth) / 2, TOP + height / 2 - 24, quietWidth, 24);
                nodes.add(quiet);
            }
            getChildren().setAll(nodes);
        }

        private static double stack(
                List<Node> nodes, String styleClass, int count, double x, double base, double step, double unit) {
            if (count == 0) {
                return base;
            }
            double height = count * unit;
            double gap = Math.min(3, step * 0.25);
            nodes.add(block(styleClass, x + gap / 2, base - height, step - gap, height));
            return base - height;
        }

        private static Region block(String styleClass, double x, double y, double width, double height) {
            Region region = new Region();
            region.getStyleClass().add(styleClass);
            region.setManaged(false);
            region.resizeRelocate(x, y, width, height);
            return region;
        }

        private static Label text(String words, double x, double y, double width, boolean right) {
            Label label = Widgets.label(words, "axis-text", right ? "axis-left" : "axis-bottom");
            label.setManaged(false);
            label.resizeRelocate(x, y, width, 18);
            return label;
        }

        private static int niceTop(int peak) {
            int[] steps = {4, 8, 12, 20, 40, 60, 80, 100, 200, 400, 1000};
            for (int step : steps) {
                if (peak <= step) {
                    return step;
                }
            }
            return (peak / 1000 + 1) * 1000;
        }
    }
}
