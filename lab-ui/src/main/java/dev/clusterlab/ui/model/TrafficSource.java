package dev.clusterlab.ui.model;

/** A client of the platform that asks again and again, so that there is traffic to look at. */
public interface TrafficSource {
    /** Begins, or goes on at another rate. */
    void start(int requestsPerSecond);

    void stop();

    boolean running();
}
