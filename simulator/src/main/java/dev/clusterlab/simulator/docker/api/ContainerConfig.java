package dev.clusterlab.simulator.docker.api;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.clusterlab.simulator.core.Ordered;
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
        @JsonSetter(contentNulls = Nulls.AS_EMPTY) @Nullable Map<String, String> labels,
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

        /** As the engine shows it: with what it fills in where nothing was said (moby daemon/container_unix.go). */
        public HostConfig shown() {
            var all = new LinkedHashMap<String, Object>();
            all.put("ContainerIDFile", "");
            all.put("LogConfig", Ordered.map("Type", "json-file", "Config", Map.of()));
            all.put("VolumeDriver", "");
            all.put("ConsoleSize", List.of(0, 0));
            all.put("CgroupnsMode", "private");
            all.put("Dns", List.of());
            all.put("DnsOptions", List.of());
            all.put("DnsSearch", List.of());
            all.put("IpcMode", "private");
            all.put("Cgroup", "");
            all.put("OomScoreAdj", 0);
            all.put("PidMode", "");
            all.put("ReadonlyRootfs", false);
            all.put("UTSMode", "");
            all.put("UsernsMode", "");
            all.put("ShmSize", 64L << 20);
            all.put("Runtime", "runc");
            all.put("Isolation", "");
            all.put("CpuShares", 0);
            all.put("CgroupParent", "");
            all.put("CpuPeriod", 0);
            all.put("CpuQuota", 0);
            all.put("CpusetCpus", "");
            all.put("MemoryReservation", 0);
            all.put("MemorySwap", memory == null ? 0 : 2 * memory);
            all.put("Ulimits", List.of());
            other.forEach((name, value) -> {
                boolean given = value != null && !value.equals("") && !value.equals(0) && !withoutType(name, value);
                if (given || !all.containsKey(name)) {
                    all.put(name, value);
                }
            });
            return new HostConfig(
                    binds,
                    networkMode == null || networkMode.isEmpty() || networkMode.equals("default")
                            ? "bridge"
                            : networkMode,
                    portBindings == null ? Map.of() : portBindings,
                    Boolean.TRUE.equals(publishAllPorts),
                    restartPolicy == null
                                    || restartPolicy.name() == null
                                    || restartPolicy.name().isEmpty()
                            ? new RestartPolicy("no", 0)
                            : new RestartPolicy(
                                    restartPolicy.name(),
                                    restartPolicy.maximumRetryCount() == null ? 0 : restartPolicy.maximumRetryCount()),
                    Boolean.TRUE.equals(autoRemove),
                    mounts,
                    extraHosts,
                    memory == null ? 0 : memory,
                    nanoCpus == null ? 0 : nanoCpus,
                    Boolean.TRUE.equals(privileged),
                    init,
                    all);
        }

        private static boolean withoutType(String name, Object value) {
            return name.equals("LogConfig")
                    && value instanceof Map<?, ?> log
                    && (log.get("Type") == null || log.get("Type").equals(""));
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
