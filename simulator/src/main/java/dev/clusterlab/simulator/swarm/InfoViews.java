package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.DockerJson;
import dev.clusterlab.simulator.docker.api.Meta;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.SystemInfo;
import dev.clusterlab.simulator.swarm.leader.ControlApi;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Shows an engine as {@code docker info} and {@code docker version} do. */
final class InfoViews {
    private static final String KERNEL = "6.1.0-simulated";
    private static final String SYSTEM = "Cluster Lab simulated machine";

    private final Dockerd daemon;

    InfoViews(Dockerd daemon) {
        this.daemon = daemon;
    }

    static SystemInfo.Version version() {
        return new SystemInfo.Version(
                Map.of("Name", "Cluster Lab embedded engine"),
                List.of(new SystemInfo.Component(
                        "Engine",
                        DockerDaemon.VERSION,
                        Ordered.map(
                                "ApiVersion",
                                DockerDaemon.API_VERSION,
                                "Arch",
                                "amd64",
                                "Os",
                                "linux",
                                "MinAPIVersion",
                                DockerDaemon.API_VERSION_MIN,
                                "KernelVersion",
                                KERNEL,
                                "Experimental",
                                "false"))),
                DockerDaemon.VERSION,
                DockerDaemon.API_VERSION,
                DockerDaemon.API_VERSION_MIN,
                "simulated",
                "none",
                "linux",
                "amd64",
                KERNEL,
                "2026-01-01T00:00:00.000000000+00:00");
    }

    String swarmStatus() {
        SwarmNode swarm = daemon.swarm();
        return switch (swarm.state()) {
            case INACTIVE -> "inactive";
            case PENDING -> "pending";
            case ACTIVE -> swarm.manager() == null ? "active/worker" : "active/manager";
        };
    }

    void info(Consumer<ApiResult<SystemInfo>> done) {
        Manager manager = daemon.swarm().manager();
        if (manager == null) {
            done.accept(ApiResult.ok(info(swarm(null, ""))));
            return;
        }
        manager.<ControlApi.Census>control(
                (leader, reply) -> reply.accept(ApiResult.ok(leader.control().census())),
                result -> done.accept(ApiResult.ok(info(
                        switch (result) {
                            case ApiResult.Ok<ControlApi.Census>(ControlApi.Census census) -> swarm(census, "");
                            case ApiResult.Error<ControlApi.Census>(int _, String message) -> swarm(null, message);
                        }))));
    }

    private SystemInfo.Swarm swarm(ControlApi.@Nullable Census census, String error) {
        SwarmNode swarm = daemon.swarm();
        SwarmDisk disk = swarm.diskOrNull();
        boolean active = swarm.state() == SwarmNode.LocalState.ACTIVE;
        boolean control = active && swarm.manager() != null;
        var managers = new ArrayList<SystemInfo.RemoteManager>();
        if (disk != null) {
            disk.managers.forEach((id, address) -> managers.add(new SystemInfo.RemoteManager(id, address)));
        }
        Cluster unknown = new Cluster(
                "",
                Meta.created(DockerJson.NEVER),
                Cluster.SwarmSpec.DEFAULT,
                new Node.TlsInfo("", "", ""),
                false,
                null,
                0,
                0,
                null,
                "");
        return new SystemInfo.Swarm(
                disk == null ? "" : disk.nodeId,
                disk == null ? "" : daemon.machine().advertisedAddress(),
                swarm.state().name().toLowerCase(java.util.Locale.ROOT),
                control,
                error,
                managers.isEmpty() ? null : managers,
                control ? (census == null ? 0 : census.nodes()) : null,
                control ? (census == null ? 0 : census.managers()) : null,
                control ? (census == null ? unknown : census.cluster()) : null,
                census == null || census.warnings().isEmpty() ? null : census.warnings());
    }

    private SystemInfo info(SystemInfo.Swarm swarm) {
        int running = 0;
        int paused = 0;
        int stopped = 0;
        for (DockerContainer container : daemon.runtime().all()) {
            switch (container.state()) {
                case RUNNING -> running++;
                case PAUSED -> paused++;
                case CREATED, RESTARTING, EXITED -> stopped++;
            }
        }
        var plugins = new LinkedHashMap<String, @Nullable List<String>>();
        plugins.put("Volume", List.of("local"));
        plugins.put("Network", List.of("bridge", "host", "null", "overlay"));
        plugins.put("Authorization", null);
        plugins.put("Log", List.of("json-file"));
        return new SystemInfo(
                daemon.disk().engineId,
                running + paused + stopped,
                running,
                paused,
                stopped,
                daemon.disk().images.all().size(),
                "overlay2",
                List.of(List.of("Backing Filesystem", "simulated")),
                plugins,
                true,
                true,
                true,
                true,
                true,
                true,
                true,
                true,
                false,
                32,
                false,
                64,
                DockerJson.time(daemon.machine().now()),
                "json-file",
                "systemd",
                "2",
                daemon.events().listeners(),
                KERNEL,
                SYSTEM,
                "",
                "linux",
                SwarmNode.ARCHITECTURE,
                "https://index.docker.io/v1/",
                Ordered.map(
                        "IndexConfigs",
                        Map.of(),
                        "InsecureRegistryCIDRs",
                        List.of("127.0.0.0/8"),
                        "Mirrors",
                        List.of()),
                Dockerd.PROCESSORS,
                Dockerd.MEMORY_BYTES,
                "/var/lib/docker",
                "",
                "",
                "",
                daemon.machine().name(),
                List.of(),
                false,
                DockerDaemon.VERSION,
                Map.of("runc", Map.of("path", "runc")),
                "runc",
                swarm,
                false,
                "",
                "docker-init",
                Map.of("ID", "simulated"),
                Map.of("ID", "simulated"),
                Map.of("ID", "simulated"),
                List.of("name=seccomp,profile=builtin"),
                null);
    }
}
