package dev.clusterlab.simulator.docker.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** States of a task in their order (swarmkit api/types.proto). A task's observed state only grows. */
public enum TaskState {
    NEW,
    PENDING,
    ASSIGNED,
    ACCEPTED,
    PREPARING,
    READY,
    STARTING,
    RUNNING,
    COMPLETE,
    SHUTDOWN,
    FAILED,
    REJECTED,
    /** Only as a desired state: stop and forget. */
    REMOVE,
    /** Set by the managers when the node that knows better is gone for good. */
    ORPHANED;

    /** As the API writes it. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static TaskState parse(String text) {
        for (TaskState state : values()) {
            if (state.text().equals(text)) {
                return state;
            }
        }
        throw ApiException.badRequest("invalid desired-state value '" + text + "'");
    }

    public boolean atMost(TaskState other) {
        return compareTo(other) <= 0;
    }

    public boolean before(TaskState other) {
        return compareTo(other) < 0;
    }

    public boolean after(TaskState other) {
        return compareTo(other) > 0;
    }
}
