package dev.clusterlab.ui.experiment;

import dev.clusterlab.ui.model.experiment.Course;
import dev.clusterlab.ui.model.experiment.Course.Gap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.scene.layout.Region;

/** When something held, on the axis of a run: a band, with the times in which it did not, each fault and the healing. */
final class StripPane extends Region {
    private static final double MARK = 2;

    private final Course course;
    private final Region room = new Region();
    private final Region held = new Region();
    private final List<Region> gaps = new ArrayList<>();
    private final List<Region> marks = new ArrayList<>();
    private final List<Double> instants = new ArrayList<>();
    private final List<Gap> times;

    StripPane(Course course, List<Gap> times) {
        this.course = course;
        this.times = times;
        getStyleClass().add("strip");
        room.getStyleClass().add("strip-room");
        held.getStyleClass().add("strip-held");
        getChildren().addAll(room, held);
        for (Gap gap : times) {
            Region region = new Region();
            region.getStyleClass()
                    .addAll("strip-gap", "strip-" + gap.weight().name().toLowerCase(Locale.ROOT));
            gaps.add(region);
        }
        getChildren().addAll(gaps);
        course.faults().forEach(fault -> mark(fault, "strip-fault"));
        course.healed().ifPresent(healed -> mark(healed, "strip-healed"));
        getChildren().addAll(marks);
    }

    private void mark(double at, String styleClass) {
        Region mark = new Region();
        mark.getStyleClass().add(styleClass);
        marks.add(mark);
        instants.add(at);
    }

    private double x(double seconds) {
        return Math.clamp(seconds / Math.max(1, course.end()), 0, 1) * getWidth();
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
        double height = getHeight();
        double inside = Math.rint(height / 6);
        room.resizeRelocate(0, inside, getWidth(), height - 2 * inside);
        held.resizeRelocate(0, inside, x(course.at()), height - 2 * inside);
        for (int i = 0; i < gaps.size(); i++) {
            double from = x(times.get(i).from());
            double to = Math.max(from + MARK, x(times.get(i).to()));
            gaps.get(i)
                    .resizeRelocate(
                            Math.min(from, getWidth() - MARK),
                            inside,
                            Math.min(to, getWidth()) - Math.min(from, getWidth() - MARK),
                            height - 2 * inside);
        }
        for (int i = 0; i < marks.size(); i++) {
            marks.get(i).resizeRelocate(Math.min(x(instants.get(i)), getWidth() - MARK), 0, MARK, height);
        }
    }
}
