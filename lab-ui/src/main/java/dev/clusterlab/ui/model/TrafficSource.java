package dev.clusterlab.ui.model;

import java.util.Optional;

/** A client of the platform that asks again and again, so that there is traffic to look at. Returns at once. */
public interface TrafficSource {
    /** Begins, or goes on at another rate; {@code requestsPerSecond} is of engine time. */
    void start(int requestsPerSecond);

    void stop();

    /** Whether it is switched on, also while there is nobody to ask yet. */
    boolean running();

    /** Name of the machine that it asks; empty while it is off, or waits for one that publishes port 80. */
    Optional<String> machine();
}
