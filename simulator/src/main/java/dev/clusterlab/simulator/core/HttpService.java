package dev.clusterlab.simulator.core;

/** Serves requests inside the simulation; called on the simulation's thread, must not block. */
@FunctionalInterface
public interface HttpService {
    void handle(HttpExchange exchange);
}
