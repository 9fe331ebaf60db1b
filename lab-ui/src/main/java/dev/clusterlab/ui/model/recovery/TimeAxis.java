package dev.clusterlab.ui.model.recovery;

import java.util.ArrayList;
import java.util.List;

/**
 * Time since a fault, from nought on, shared by all lanes of a card.
 *
 * @param end in seconds
 * @param step between two of its marks, in seconds
 */
public record TimeAxis(int end, int step) {
    private static final int[] STEPS = {1, 2, 5, 10, 15, 30, 60, 120, 300};
    private static final int STEPS_MAX = 6;
    /** An axis shorter than that would show milliseconds as if they were much. */
    private static final double END_MIN = 5;

    /** One that has room for so many seconds. */
    static TimeAxis of(double seconds) {
        double needed = Math.max(END_MIN, seconds);
        int step = STEPS[STEPS.length - 1];
        for (int each : STEPS) {
            if (each * STEPS_MAX >= needed) {
                step = each;
                break;
            }
        }
        return new TimeAxis((int) Math.ceil(needed / step) * step, step);
    }

    /** Where its marks are, in seconds. */
    public List<Integer> marks() {
        List<Integer> marks = new ArrayList<>();
        for (int at = 0; at <= end; at += step) {
            marks.add(at);
        }
        return marks;
    }

    /** Where an instant is, from 0 to 1; what came before the fault is at 0. */
    public double place(double seconds) {
        return Math.clamp(seconds / end, 0, 1);
    }
}
