package dev.clusterlab.ui.model;

/**
 * Where a picture stands in a pane so that all of it is seen: as large as it can be, in the middle.
 *
 * @param scale by which it is drawn
 * @param x of its left edge in the pane, in pixels
 * @param y of its upper edge
 * @param apart whether it ends above what floats in the corner of the pane
 */
public record Fit(double scale, double x, double y, boolean apart) {
    public static final double SCALE_MIN = 0.15;
    private static final double SCALE_MAX = 1.9;

    /**
     * @param width of the pane, in pixels
     * @param above what is left free at the top of the pane
     * @param tools no machine lies under them
     * @param apart whether it ends above them in any case, as it did when a machine that is gone was in the corner
     */
    public static Fit of(Topology picture, double width, double height, double above, Tools tools, boolean apart) {
        Fit whole = in(picture, width, height, above, false);
        return apart || whole.under(picture, width, height, tools)
                ? in(picture, width, height - tools.height(), above, true)
                : whole;
    }

    /** What floats in the lower right corner of a pane, in pixels, with its distance from the edges. */
    public record Tools(double width, double height) {}

    private static Fit in(Topology picture, double width, double height, double above, boolean apart) {
        double room = height - above;
        double scale = Math.clamp(Math.min(width / picture.width(), room / picture.height()), SCALE_MIN, SCALE_MAX);
        return new Fit(
                scale,
                (width - picture.width() * scale) / 2,
                above + Math.max(0, (room - picture.height() * scale) / 2),
                apart);
    }

    /** Whether a machine lies under the tools of a pane of this size. */
    public boolean under(Topology picture, double width, double height, Tools tools) {
        return picture.boxes().stream()
                .anyMatch(box -> x + (box.x() + picture.boxWidth()) * scale > width - tools.width()
                        && y + (box.y() + box.height()) * scale > height - tools.height());
    }
}
