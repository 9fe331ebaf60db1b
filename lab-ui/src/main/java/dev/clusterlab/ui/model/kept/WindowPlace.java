package dev.clusterlab.ui.model.kept;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.geometry.Rectangle2D;

/**
 * Where the window is, with its frame, in pixels of the screens' common plane.
 *
 * @param maximised whether it fills its screen; the rest is then what it returns to
 */
public record WindowPlace(double x, double y, double width, double height, boolean maximised) {
    private static final double FIRST_WIDTH = 1400;
    private static final double FIRST_HEIGHT = 900;

    /** In the middle of a screen, and never larger than it. {@code screen}: what of it no panel of the system covers. */
    public static WindowPlace first(Rectangle2D screen) {
        double width = Math.min(FIRST_WIDTH, screen.getWidth());
        double height = Math.min(FIRST_HEIGHT, screen.getHeight());
        return new WindowPlace(
                Math.rint(screen.getMinX() + (screen.getWidth() - width) / 2),
                Math.rint(screen.getMinY() + (screen.getHeight() - height) / 2),
                width,
                height,
                false);
    }

    /**
     * The nearest place that is wholly on one of the screens: that on which most of it was, or else the first.
     *
     * @param screens what of each no panel of the system covers; at least one, the main one first
     */
    public WindowPlace within(List<Rectangle2D> screens) {
        Rectangle2D screen = screens.stream()
                .max(Comparator.comparingDouble(this::shared))
                .filter(most -> shared(most) > 0)
                .orElse(screens.getFirst());
        double w = Math.min(width, screen.getWidth());
        double h = Math.min(height, screen.getHeight());
        return new WindowPlace(
                Math.clamp(x, screen.getMinX(), screen.getMaxX() - w),
                Math.clamp(y, screen.getMinY(), screen.getMaxY() - h),
                w,
                h,
                maximised);
    }

    private double shared(Rectangle2D screen) {
        double across = Math.min(x + width, screen.getMaxX()) - Math.max(x, screen.getMinX());
        double down = Math.min(y + height, screen.getMaxY()) - Math.max(y, screen.getMinY());
        return across <= 0 || down <= 0 ? 0 : across * down;
    }

    /** Names an arrangement of screens: a projector that is plugged in makes another one, with a place of its own. */
    public static String arrangement(List<Rectangle2D> screens) {
        return screens.stream()
                .map(s -> String.format(
                        Locale.ROOT, "%.0fx%.0f%+.0f%+.0f", s.getWidth(), s.getHeight(), s.getMinX(), s.getMinY()))
                .sorted()
                .collect(Collectors.joining("_"));
    }

    /** As {@link #read} reads it. */
    public String written() {
        return String.format(
                Locale.ROOT, "%.0f %.0f %.0f %.0f %s", x, y, width, height, maximised ? "maximised" : "usual");
    }

    /** Empty for what is no place. */
    public static Optional<WindowPlace> read(String written) {
        if (!written.matches("-?\\d{1,5} -?\\d{1,5} \\d{3,5} \\d{3,5} (maximised|usual)")) {
            return Optional.empty();
        }
        String[] parts = written.split(" ");
        return Optional.of(new WindowPlace(
                Integer.parseInt(parts[0]),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]),
                parts[4].equals("maximised")));
    }
}
