package dev.clusterlab.ui.recovery;

import dev.clusterlab.ui.model.recovery.RecoveryCard.Kind;
import dev.clusterlab.ui.model.recovery.RecoveryCard.Place;
import dev.clusterlab.ui.model.recovery.TimeAxis;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.scene.layout.Region;

/** One stage on the axis of time: what was waited for as a bar, when it came as a point. Everything is a region that the theme colours. */
final class TimeTrack extends Region {
    /** What a point needs on each side of its middle, in pixels. */
    static final double EDGE = 8;

    private static final double POINT = 10;
    private static final double BAR_SHARE = 0.62;

    private final TimeAxis axis;
    private final Place place;
    private final List<Region> grid = new ArrayList<>();
    private final Region bar = new Region();
    private final Region unsure = new Region();
    private final Region point = new Region();

    TimeTrack(TimeAxis axis, Place place) {
        this.axis = axis;
        this.place = place;
        String kind = place.kind().name().toLowerCase(Locale.ROOT);
        getStyleClass().add("time-track");
        for (int ignored : axis.marks()) {
            Region line = new Region();
            line.getStyleClass().add("time-mark");
            grid.add(line);
        }
        bar.getStyleClass().addAll("time-bar", "time-bar-" + kind);
        unsure.getStyleClass().add("time-unsure");
        point.getStyleClass().addAll("time-point", "time-point-" + kind);
        if (place.kind() == Kind.FAILING) {
            point.setRotate(45);
        }
        getChildren().addAll(grid);
        if (place.from() < place.at()) {
            getChildren().add(bar);
        }
        if (place.earliest() < place.at()) {
            getChildren().add(unsure);
        }
        getChildren().add(point);
    }

    /** Where an instant is in a region that is so wide. */
    static double x(TimeAxis axis, double seconds, double width) {
        return EDGE + axis.place(seconds) * Math.max(0, width - 2 * EDGE);
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
    protected void layoutChildren() {
        double width = getWidth();
        double height = getHeight();
        int at = 0;
        for (Region line : grid) {
            line.resizeRelocate(x(axis, axis.marks().get(at++), width), 0, 1, height);
        }
        double end = x(axis, place.at(), width);
        double thick = Math.rint(height * BAR_SHARE);
        lay(bar, x(axis, place.from(), width), end, (height - thick) / 2, thick);
        lay(unsure, x(axis, place.earliest(), width), end, (height - thick) / 2, thick);
        point.resizeRelocate(end - POINT / 2, (height - POINT) / 2, POINT, POINT);
    }

    private static void lay(Region region, double from, double to, double y, double height) {
        region.resizeRelocate(from, y, Math.max(1, to - from), height);
    }
}
