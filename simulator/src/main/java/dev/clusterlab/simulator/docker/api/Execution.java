package dev.clusterlab.simulator.docker.api;

/** A command that runs in a container. Both calls do nothing once it has ended; they come on the simulation's thread and never block. */
public interface Execution {
    /** As {@code Ctrl-C} in its terminal: it ends with status 130. */
    void interrupt();

    /** Nobody reads its output any more: it ends with status 137. */
    void kill();
}
