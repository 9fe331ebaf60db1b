package dev.clusterlab.ui.model.kept;

/**
 * How large the panes around the cluster are, in pixels, so that the cluster keeps most of any window.
 *
 * @param guide of the guide, or of the rail that stands for it
 * @param inspector of the inspector where it is shown
 * @param drawer whether the inspector is shown only when it is wanted, because there is little room
 */
public record PaneSizes(double guide, double inspector, boolean drawer) {
    /** Of the pages at one's side on the smallest screens, and of the facts of a machine. */
    private static final double NARROW = 264;

    private static final double INSPECTOR_WIDE = 296;
    private static final double RAIL = 40;
    /** What the guide must leave for the inspector to stand beside the cluster all the time. */
    private static final double FREE_MIN = 1250;

    private static final double SMALL_SCREEN = 1280;
    private static final double USUAL_SCREEN = 1600;
    private static final double USUAL_SHARE = 0.26;
    private static final double LARGEST_SHARE = 0.30;
    private static final double BELOW_MIN = 120;
    private static final double DRAWN_SHARE_MAX = 0.45;

    /**
     * @param window width of the window
     * @param scale of its text; larger text needs wider panes
     * @param folded whether the guide is folded to its rail
     * @param part what part of the window the person gave to the guide, 0 if it goes with the window
     */
    public static PaneSizes of(double window, double scale, boolean folded, double part) {
        double open = part > 0 ? guidePart(part * window, window) * window : guide(window, scale);
        double guide = folded ? RAIL * scale : open;
        boolean drawer = window - guide < FREE_MIN;
        double inspector = Math.min((drawer ? NARROW : INSPECTOR_WIDE) * scale, LARGEST_SHARE * window);
        return new PaneSizes(Math.rint(guide), Math.rint(inspector), drawer);
    }

    /** The part of the window that the guide takes when its edge is drawn to a place, within bounds. */
    public static double guidePart(double edge, double window) {
        double least = Math.min(1, NARROW / window);
        return Math.clamp(edge / window, least, Math.max(least, DRAWN_SHARE_MAX));
    }

    /**
     * The height of what is below the cluster.
     *
     * @param height of both
     * @param part what part of it is wished for
     * @param upperMin what the cluster must keep
     */
    public static double below(double height, double part, double upperMin) {
        return Math.rint(
                Math.clamp(part * height, Math.min(BELOW_MIN, height), Math.max(BELOW_MIN, height - upperMin)));
    }

    private static double guide(double window, double scale) {
        double usual;
        if (window <= SMALL_SCREEN) {
            usual = NARROW;
        } else if (window <= USUAL_SCREEN) {
            double part = (window - SMALL_SCREEN) / (USUAL_SCREEN - SMALL_SCREEN);
            usual = NARROW + part * (USUAL_SHARE * USUAL_SCREEN - NARROW);
        } else {
            usual = window * Math.min(LARGEST_SHARE, USUAL_SHARE + (window - USUAL_SCREEN) / USUAL_SCREEN * 0.04);
        }
        return Math.max(NARROW, Math.min(usual * scale, LARGEST_SHARE * window));
    }
}
