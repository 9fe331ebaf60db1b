package dev.clusterlab.simulator.core;

/**
 * Serves requests inside the simulation. Called on the simulation's thread: it must not block, and must not throw. What it cannot
 * answer it answers with a status; what is answered later is answered on the same thread, in virtual time.
 */
@FunctionalInterface
public interface HttpService {
    /** Takes a request, and answers it once, before this returns or later. */
    void handle(HttpExchange exchange);
}
