package dev.clusterlab.ui.model;

/**
 * Where a picture stands in a pane so that all of it is seen: as large as it can be, in the middle.
 *
 * @param scale by which it is drawn
 * @param x of its left edge in the pane, in pixels
 * @param y of its upper edge
 */
public record Fit(double scale, double x, double y) {
    public static final double SCALE_MIN = 0.15;
    private static final double SCALE_MAX = 1.9;

    /**
     * @param width of the pane, in pixels
     * @param above what is left free at the top of the pane
     * @param tools no machine lies under them
     */
    public static Fit of(Topology picture, double width, double height, double above, Tools tools) {
        Fit whole = in(picture, width, height, above);
        return whole.under(picture, width - tools.width(), height - tools.height())
                ? in(picture, width, height - tools.height(), above)
                : whole;
    }

    /** What floats in the lower right corner of a pane, in pixels, with its distance from the edges. */
    public record Tools(double width, double height) {}

    private static Fit in(Topology picture, double width, double height, double above) {
        double room = height - above;
        double scale = Math.clamp(Math.min(width / picture.width(), room / picture.height()), SCALE_MIN, SCALE_MAX);
        return new Fit(
                scale,
                (width - picture.width() * scale) / 2,
                above + Math.max(0, (room - picture.height() * scale) / 2));
    }

    /** Whether a machine reaches beyond a point, to the right and down. */
    private boolean under(Topology picture, double left, double top) {
        return picture.boxes().stream()
                .anyMatch(box -> x + (box.x() + Topology.BOX_WIDTH) * scale > left
                        && y + (box.y() + box.height()) * scale > top);
    }
}
