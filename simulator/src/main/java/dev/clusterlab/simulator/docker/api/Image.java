package dev.clusterlab.simulator.docker.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the API shows images. */
public final class Image {
    private Image() {}

    /** An entry of {@code GET /images/json}; {@code created} in seconds since 1970. */
    public record Summary(
            String id,
            String parentId,
            List<String> repoTags,
            List<String> repoDigests,
            long created,
            long size,
            long sharedSize,
            Map<String, String> labels,
            long containers)
            implements ApiObject {}

    /** {@code GET /images/{name}/json}. */
    public record Details(
            String id,
            List<String> repoTags,
            List<String> repoDigests,
            String created,
            long size,
            String architecture,
            @JsonProperty("Os") String os,
            ImageConfig config)
            implements ApiObject {}

    public record ImageConfig(
            @Nullable List<String> cmd,
            @Nullable List<String> entrypoint,
            List<String> env,
            Map<String, Object> exposedPorts,
            Map<String, String> labels,
            String workingDir)
            implements ApiObject {}

    /** A line of a pull's answer. */
    public record Progress(
            @JsonProperty("status") String status,
            @JsonProperty("id") @Nullable String id,
            @JsonProperty("progressDetail") @Nullable Map<String, Long> progressDetail,
            @JsonProperty("progress") @Nullable String progress) {}

    /** One line of a removal's answer. */
    public record Removed(
            @Nullable String untagged, @Nullable String deleted) implements ApiObject {}
}
