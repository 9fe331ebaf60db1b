package dev.clusterlab.simulator.docker.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the API shows containers. */
public final class Container {
    private Container() {}

    /** An entry of {@code GET /containers/json}; {@code created} in seconds since 1970. */
    public record Summary(
            String id,
            List<String> names,
            String image,
            @JsonProperty("ImageID") String imageId,
            String command,
            long created,
            List<PortSummary> ports,
            @Nullable Long sizeRw,
            @Nullable Long sizeRootFs,
            Map<String, String> labels,
            String state,
            String status,
            Map<String, Object> hostConfig,
            SummaryNetworks networkSettings,
            List<MountPoint> mounts)
            implements ApiObject {}

    public record PortSummary(
            @JsonProperty("IP") @Nullable String ip,
            int privatePort,
            @Nullable Integer publicPort,
            String type) implements ApiObject {}

    public record SummaryNetworks(Map<String, EndpointSettings> networks) implements ApiObject {}

    public record EndpointSettings(
            @JsonProperty("IPAMConfig") ContainerConfig.@Nullable IpamAddress ipamConfig,
            @Nullable List<String> links,
            @Nullable List<String> aliases,
            @JsonProperty("NetworkID") String networkId,
            @JsonProperty("EndpointID") String endpointId,
            String gateway,
            @JsonProperty("IPAddress") String ipAddress,
            @JsonProperty("IPPrefixLen") int ipPrefixLen,
            @JsonProperty("IPv6Gateway") String ipv6Gateway,
            @JsonProperty("GlobalIPv6Address") String globalIpv6Address,
            @JsonProperty("GlobalIPv6PrefixLen") int globalIpv6PrefixLen,
            String macAddress,
            @JsonProperty("DNSNames") @Nullable List<String> dnsNames)
            implements ApiObject {}

    public record MountPoint(
            String type,
            @Nullable String name,
            String source,
            String destination,
            @Nullable String driver,
            String mode,
            @JsonProperty("RW") boolean readWrite,
            String propagation)
            implements ApiObject {}

    /** {@code GET /containers/{id}/json}. */
    public record Details(
            String id,
            String created,
            String path,
            List<String> args,
            State state,
            String image,
            String resolvConfPath,
            String hostnamePath,
            String hostsPath,
            String logPath,
            String name,
            int restartCount,
            String driver,
            String platform,
            String mountLabel,
            String processLabel,
            String appArmorProfile,
            @JsonProperty("ExecIDs") @Nullable List<String> execIds,
            ContainerConfig.HostConfig hostConfig,
            List<MountPoint> mounts,
            ContainerConfig config,
            NetworkSettings networkSettings)
            implements ApiObject {}

    public record State(
            String status,
            boolean running,
            boolean paused,
            boolean restarting,
            @JsonProperty("OOMKilled") boolean oomKilled,
            boolean dead,
            int pid,
            int exitCode,
            String error,
            String startedAt,
            String finishedAt,
            @Nullable Health health)
            implements ApiObject {}

    /** Status {@code starting}, {@code healthy} or {@code unhealthy}. */
    public record Health(String status, int failingStreak, List<HealthProbe> log) implements ApiObject {}

    public record HealthProbe(String start, String end, int exitCode, String output) implements ApiObject {}

    public record NetworkSettings(
            String bridge,
            @JsonProperty("SandboxID") String sandboxId,
            String sandboxKey,
            Map<String, @Nullable List<ContainerConfig.PortBinding>> ports,
            String gateway,
            @JsonProperty("IPAddress") String ipAddress,
            @JsonProperty("IPPrefixLen") int ipPrefixLen,
            String macAddress,
            Map<String, EndpointSettings> networks)
            implements ApiObject {}

    /** Answer of a wait. */
    public record WaitResponse(int statusCode, @Nullable WaitError error) implements ApiObject {}

    public record WaitError(String message) implements ApiObject {}

    /** {@code POST /containers/{id}/exec}. */
    public record ExecRequest(
            @Nullable List<String> cmd,
            @Nullable Boolean tty,
            @Nullable Boolean attachStdin,
            @Nullable Boolean attachStdout,
            @Nullable Boolean attachStderr,
            @Nullable List<String> env,
            @Nullable String user,
            @Nullable String workingDir)
            implements ApiObject {}

    /** What an executed command wrote, and its exit status. */
    public record ExecOutput(int exitCode, String stdout, String stderr) {}

    /** {@code GET /exec/{id}/json}. */
    public record ExecDetails(
            @JsonProperty("ID") String id,
            boolean running,
            @Nullable Integer exitCode,
            ExecProcess processConfig,
            boolean openStdin,
            boolean openStdout,
            boolean openStderr,
            boolean canRemove,
            @JsonProperty("ContainerID") String containerId,
            String detachKeys,
            int pid)
            implements ApiObject {}

    public record ExecProcess(
            @JsonProperty("tty") boolean tty,
            @JsonProperty("entrypoint") String entryPoint,
            @JsonProperty("arguments") List<String> arguments,
            @JsonProperty("privileged") boolean privileged)
            implements ApiObject {}

    /** {@code GET /containers/{id}/top}. */
    public record Processes(List<String> titles, List<List<String>> processes) implements ApiObject {}
}
