package dev.clusterlab.simulator.docker.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A named volume of one machine. */
public record Volume(
        String createdAt,
        String driver,
        Map<String, String> labels,
        String mountpoint,
        String name,
        Map<String, String> options,
        String scope)
        implements ApiObject {
    public record ListResponse(List<Volume> volumes, List<String> warnings) implements ApiObject {}

    public record CreateRequest(
            @Nullable String name,
            @Nullable String driver,
            @Nullable Map<String, String> labels,
            @Nullable Map<String, String> driverOpts)
            implements ApiObject {}
}
