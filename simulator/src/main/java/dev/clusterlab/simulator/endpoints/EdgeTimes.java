package dev.clusterlab.simulator.endpoints;

import java.time.Duration;

/**
 * How long a client outside may take, in wall-clock time.
 *
 * @param idle between two requests; then the connection is closed
 * @param silence between two pieces of a request; then status 408
 * @param request from the first byte of a request to its last; then status 408
 * @param unread for which a client takes nothing of an answer; then the connection is closed
 */
record EdgeTimes(Duration idle, Duration silence, Duration request, Duration unread) {
    static final EdgeTimes USUAL =
            new EdgeTimes(Duration.ofMinutes(10), Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(2));
}
