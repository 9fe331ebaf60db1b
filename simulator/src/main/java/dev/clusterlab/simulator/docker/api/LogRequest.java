package dev.clusterlab.simulator.docker.api;

/**
 * What to give of logs.
 *
 * @param tail how many of the last lines; -1 means all
 * @param sinceNanos time since 1970; 0 means from the beginning
 */
public record LogRequest(boolean stdout, boolean stderr, boolean follow, long tail, long sinceNanos) {
    public static final LogRequest ALL = new LogRequest(true, true, false, -1, 0);
}
