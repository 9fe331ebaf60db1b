package dev.clusterlab.simulator.docker.api;

/** Something that goes on until it is closed, on the simulation's thread; closing it again has no effect. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    @Override
    void close();
}
