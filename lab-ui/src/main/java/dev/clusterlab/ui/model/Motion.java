package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.EngineClock.Pace;

/** How it is shown that something has gone from one place of the picture to another. */
public enum Motion {
    /** It travels there. */
    TRAVEL,
    /** Nothing moves, for who wants it so: for a while, an arrow leads from where it was to where it is. */
    GHOST,
    /** Time goes too fast for the eye to follow: it comes up where it is. */
    FADE;

    private static final double PACE_MAX = 4;

    /** {@code moves}: whether the person wants things to move. */
    public static Motion of(boolean moves, Pace pace) {
        if (pace instanceof Pace.Times(double factor) && factor > PACE_MAX) {
            return FADE;
        }
        return moves ? TRAVEL : GHOST;
    }
}
