package dev.clusterlab.simulator.docker.api;

import java.time.Instant;
import java.util.Map;

/**
 * Takes log lines as they come, then the end. Called on the simulation's thread: nothing here may block, or throw.
 */
public interface LogSink {
    /**
     * A line.
     *
     * @param context of service and task logs: {@code com.docker.swarm.node.id}, {@code .service.id}, {@code .task.id};
     *     else empty
     * @param text with its line end
     */
    void line(boolean stderr, Instant time, Map<String, String> context, String text);

    /** No more comes. */
    void end();
}
