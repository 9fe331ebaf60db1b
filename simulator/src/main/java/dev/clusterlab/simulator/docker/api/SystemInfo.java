package dev.clusterlab.simulator.docker.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code GET /info}. */
public record SystemInfo(
        @JsonProperty("ID") String id,
        int containers,
        int containersRunning,
        int containersPaused,
        int containersStopped,
        int images,
        String driver,
        List<List<String>> driverStatus,
        Map<String, @Nullable List<String>> plugins,
        boolean memoryLimit,
        boolean swapLimit,
        boolean cpuCfsPeriod,
        boolean cpuCfsQuota,
        @JsonProperty("CPUShares") boolean cpuShares,
        @JsonProperty("CPUSet") boolean cpuSet,
        boolean pidsLimit,
        @JsonProperty("IPv4Forwarding") boolean ipv4Forwarding,
        boolean debug,
        @JsonProperty("NFd") int fileDescriptors,
        boolean oomKillDisable,
        @JsonProperty("NGoroutines") int goroutines,
        String systemTime,
        String loggingDriver,
        String cgroupDriver,
        String cgroupVersion,
        @JsonProperty("NEventsListener") int eventListeners,
        String kernelVersion,
        String operatingSystem,
        @JsonProperty("OSVersion") String osVersion,
        @JsonProperty("OSType") String osType,
        String architecture,
        String indexServerAddress,
        Map<String, Object> registryConfig,
        @JsonProperty("NCPU") int processors,
        long memTotal,
        String dockerRootDir,
        String httpProxy,
        String httpsProxy,
        String noProxy,
        String name,
        List<String> labels,
        boolean experimentalBuild,
        String serverVersion,
        Map<String, Map<String, String>> runtimes,
        String defaultRuntime,
        Swarm swarm,
        boolean liveRestoreEnabled,
        String isolation,
        String initBinary,
        Map<String, String> containerdCommit,
        Map<String, String> runcCommit,
        Map<String, String> initCommit,
        List<String> securityOptions,
        @Nullable List<String> warnings)
        implements ApiObject {

    /**
     * The machine's part in a swarm.
     *
     * @param localNodeState {@code inactive}, {@code pending}, {@code active}, {@code error} or {@code locked}
     */
    public record Swarm(
            @JsonProperty("NodeID") String nodeId,
            String nodeAddr,
            String localNodeState,
            boolean controlAvailable,
            String error,
            @Nullable List<RemoteManager> remoteManagers,
            @Nullable Integer nodes,
            @Nullable Integer managers,
            @Nullable Cluster cluster,
            @Nullable List<String> warnings)
            implements ApiObject {}

    public record RemoteManager(@JsonProperty("NodeID") String nodeId, String addr) implements ApiObject {}

    /** {@code GET /version}. */
    public record Version(
            Map<String, String> platform,
            List<Component> components,
            String version,
            String apiVersion,
            @JsonProperty("MinAPIVersion") String minApiVersion,
            String gitCommit,
            String goVersion,
            @JsonProperty("Os") String os,
            String arch,
            String kernelVersion,
            String buildTime)
            implements ApiObject {}

    public record Component(String name, String version, Map<String, String> details) implements ApiObject {}
}
