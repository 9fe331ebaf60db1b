package dev.clusterlab.simulator.docker.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the event stream.
 *
 * @param type such as {@code container}, {@code network}, {@code image}, {@code volume}, {@code node}, {@code service}
 * @param status the action again, for containers and images only (before API 1.52); so are {@code id} and {@code from}
 * @param scope {@code local} or {@code swarm}
 * @param time seconds since 1970
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EngineEvent(
        @JsonProperty("status") @Nullable String status,
        @JsonProperty("id") @Nullable String id,
        @JsonProperty("from") @Nullable String from,
        @JsonProperty("Type") String type,
        @JsonProperty("Action") String action,
        @JsonProperty("Actor") Actor actor,
        @JsonProperty("scope") String scope,
        @JsonProperty("time") long time,
        @JsonProperty("timeNano") long timeNano) {
    /** What it happened to. */
    public record Actor(
            @JsonProperty("ID") String id,
            @JsonProperty("Attributes") Map<String, String> attributes) {}
}
