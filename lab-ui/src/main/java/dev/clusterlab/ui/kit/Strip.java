package dev.clusterlab.ui.kit;

import java.util.List;
import javafx.scene.control.Button;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;

/** Parts side by side, as many as have room, one of them always; the rest stands behind a button that says how many. */
public final class Strip extends Region {
    private final Button more;
    private List<? extends Region> parts = List.of();
    private @Nullable Region always;

    /** @param more is shown where not all parts have room, with their number */
    public Strip(Button more) {
        this.more = more;
    }

    /** {@code always}: one of the parts. */
    public void show(List<? extends Region> shown, Region wanted) {
        parts = List.copyOf(shown);
        always = wanted;
        getChildren().setAll(parts);
        getChildren().add(more);
        requestLayout();
    }

    /** Those that have no room, as it was laid out last. */
    public List<? extends Region> hidden() {
        return parts.stream().filter(part -> !part.isVisible()).toList();
    }

    @Override
    protected double computeMinWidth(double height) {
        return 0;
    }

    @Override
    protected double computePrefWidth(double height) {
        return parts.stream().mapToDouble(part -> width(part)).sum();
    }

    @Override
    protected double computePrefHeight(double width) {
        return parts.stream().mapToDouble(part -> part.prefHeight(-1)).max().orElse(0);
    }

    private double width(Region part) {
        return snapSizeX(part.prefWidth(-1));
    }

    @Override
    protected void layoutChildren() {
        boolean all = prefWidth(-1) <= getWidth();
        double room = getWidth();
        if (!all) {
            // The widest number that it can say.
            more.setText("+" + parts.size());
            room -= width(more);
        }
        double kept = all || always == null ? 0 : width(always);
        double used = 0;
        int left = 0;
        for (Region part : parts) {
            boolean wanted = part == always;
            double width = width(part);
            boolean fits = all || wanted || (left == 0 && used + width + kept <= room);
            part.setVisible(fits);
            if (!fits) {
                left++;
                continue;
            }
            part.resizeRelocate(used, 0, Math.max(0, Math.min(width, room - used)), getHeight());
            used += width;
            kept = wanted ? 0 : kept;
        }
        more.setVisible(!all);
        if (!all) {
            more.setText("+" + left);
            more.resizeRelocate(
                    Math.min(used, room), (getHeight() - more.prefHeight(-1)) / 2, width(more), more.prefHeight(-1));
        }
    }
}
