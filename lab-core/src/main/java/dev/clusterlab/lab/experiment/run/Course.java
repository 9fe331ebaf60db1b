package dev.clusterlab.lab.experiment.run;

import java.util.List;

/**
 * How a run went, for a page about it. Immutable.
 *
 * @param seconds what clients got, second by second, from the first to the last in which a request ended
 * @param sketches the moments that there were, in order
 */
public record Course(List<Second> seconds, List<Sketch> sketches) {
    /** Of a run that did not begin. */
    public static final Course NONE = new Course(List.of(), List.of());

    /**
     * Requests that ended in a second.
     *
     * @param second whole seconds since the first step of the method; negative before it
     * @param good with a status below 400
     */
    public record Second(int second, int good, int failed) {}

    public Course {
        seconds = List.copyOf(seconds);
        sketches = List.copyOf(sketches);
    }
}
