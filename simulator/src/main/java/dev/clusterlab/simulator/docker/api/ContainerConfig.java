package dev.clusterlab.simulator.docker.api;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /containers/create}. Ports are written {@code 80/tcp}. */
public record ContainerConfig(
        @Nullable String hostname,
        @Nullable String domainname,
        @Nullable String user,
        @JsonProperty("Tty") @Nullable Boolean tty,
        @Nullable Boolean openStdin,
        @Nullable List<String> env,

        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
        List<String> cmd,

        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
        List<String> entrypoint,

        String image,
        @Nullable Map<String, Object> volumes,
        @Nullable String workingDir,
        @Nullable Map<String, String> labels,
        @Nullable Map<String, Object> exposedPorts,
        @Nullable String stopSignal,
        @Nullable Integer stopTimeout,
        TaskSpec.@Nullable HealthConfig healthcheck,
        @Nullable HostConfig hostConfig,
        @Nullable NetworkingConfig networkingConfig)
        implements ApiObject {
    public ContainerConfig {
        image = image == null ? "" : image;
    }

    /** What concerns the machine. What the simulation does not act upon is kept in {@code other}, to be shown. */
    public record HostConfig(
            @Nullable List<String> binds,
            @Nullable String networkMode,
            @Nullable Map<String, @Nullable List<PortBinding>> portBindings,
            @Nullable Boolean publishAllPorts,
            @Nullable RestartPolicy restartPolicy,
            @Nullable Boolean autoRemove,
            @Nullable List<TaskSpec.Mount> mounts,
            @Nullable List<String> extraHosts,
            @Nullable Long memory,
            @Nullable Long nanoCpus,
            @Nullable Boolean privileged,
            @Nullable Boolean init,
            @JsonAnySetter @JsonAnyGetter Map<String, Object> other)
            implements ApiObject {
        static final HostConfig NONE =
                new HostConfig(null, "default", null, null, null, null, null, null, null, null, null, null, Map.of());

        public HostConfig {
            other = other == null ? Map.of() : new LinkedHashMap<>(other);
        }
    }

    public record PortBinding(
            @Nullable String hostIp, @Nullable String hostPort) implements ApiObject {}

    /** Name {@code no}, {@code always}, {@code on-failure} or {@code unless-stopped}. */
    public record RestartPolicy(
            @Nullable String name, @Nullable Integer maximumRetryCount) implements ApiObject {}

    public record NetworkingConfig(@Nullable Map<String, @Nullable EndpointConfig> endpointsConfig)
            implements ApiObject {}

    public record EndpointConfig(
            @Nullable List<String> aliases,
            @JsonProperty("IPAMConfig") @Nullable IpamAddress ipamConfig) implements ApiObject {}

    public record IpamAddress(
            @JsonProperty("IPv4Address") @Nullable String ipv4Address) implements ApiObject {}

    /** Answer of a creation. */
    public record CreateResponse(String id, List<String> warnings) implements ApiObject {}

    public HostConfig host() {
        return hostConfig == null ? HostConfig.NONE : hostConfig;
    }
}
