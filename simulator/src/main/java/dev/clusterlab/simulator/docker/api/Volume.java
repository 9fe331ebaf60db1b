package dev.clusterlab.simulator.docker.api;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
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

            @JsonSetter(contentNulls = Nulls.AS_EMPTY) @Nullable
            Map<String, String> labels,

            @JsonSetter(contentNulls = Nulls.AS_EMPTY) @Nullable
            Map<String, String> driverOpts)
            implements ApiObject {}
}
