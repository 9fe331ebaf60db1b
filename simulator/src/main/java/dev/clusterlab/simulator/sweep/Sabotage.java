package dev.clusterlab.simulator.sweep;

import dev.clusterlab.simulator.programs.ProgramCatalog;
import dev.clusterlab.simulator.swarm.World;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A rule broken on purpose, so that tests see that the sweep notices.
 *
 * @param image what is run in place of each image
 * @param stroke done to the world once, in the middle of the faults
 */
public record Sabotage(UnaryOperator<ProgramCatalog.Image> image, Consumer<World> stroke) {
    /** Nothing is broken on purpose. */
    public static final Sabotage NONE = new Sabotage(image -> image, world -> {});
}
