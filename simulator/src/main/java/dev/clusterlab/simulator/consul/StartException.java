package dev.clusterlab.simulator.consul;

/** The agent cannot start as it is configured; the message is what it prints before it exits with status 1. */
final class StartException extends Exception {
    private static final long serialVersionUID = 1;

    StartException(String message) {
        super(message);
    }
}
