package dev.clusterlab.lab.experiment;

import java.util.Optional;

/**
 * How the cluster comes to be: by a lab up to a step, by a script of the lab's shell, or by the one and then the other.
 *
 * @param script run after the lab; empty text if there is none
 */
public record Platform(Optional<LabPoint> lab, String script) {
    /**
     * A point of a lab.
     *
     * @param lab its name
     * @param step the name of a step
     * @param done whether that step is done too
     */
    public record LabPoint(String lab, String step, boolean done) {}
}
