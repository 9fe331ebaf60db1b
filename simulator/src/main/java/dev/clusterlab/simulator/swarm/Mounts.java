package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.ContainerConfig;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import dev.clusterlab.simulator.swarm.kept.VolumeStore;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Volumes and directories that a container has mounted. */
final class Mounts {
    /** Label of volumes that the engine named itself. */
    private static final String ANONYMOUS = "com.docker.volume.anonymous";

    private Mounts() {}

    /** Removes the volumes that were made for this container alone; it is gone itself. */
    static void removeAnonymous(Dockerd daemon, DockerContainer container) {
        VolumeStore volumes = daemon.disk().volumes;
        for (Container.MountPoint mount : container.mounts) {
            String name = mount.name();
            if (name != null
                    && volumes.exists(name)
                    && volumes.get(name).labels().containsKey(ANONYMOUS)
                    && daemon.runtime().all().stream()
                            .flatMap(other -> other.mounts.stream())
                            .noneMatch(other -> name.equals(other.name()))) {
                volumes.remove(name);
                daemon.events().emit("volume", "destroy", name, "local", Map.of("driver", "local"));
            }
        }
    }

    static void apply(Dockerd daemon, DockerContainer container) {
        ContainerConfig.HostConfig host = container.config.host();
        if (host.mounts() != null) {
            for (TaskSpec.Mount mount : host.mounts()) {
                String type = text(mount.type());
                String source = text(mount.source());
                if (type.equals("bind")
                        && source.startsWith("/")
                        && !creates(mount)
                        && !daemon.disk().volumes.hasPath(source)) {
                    throw invalid(type, "bind source path does not exist: " + source);
                }
                add(daemon, container, type, source, text(mount.target()), Boolean.TRUE.equals(mount.readOnly()));
            }
        }
        if (host.binds() != null) {
            for (String bind : host.binds()) {
                List<String> parts = List.of(bind.split(":", -1));
                if (bind.isEmpty() || parts.size() > 3 || parts.contains("")) {
                    throw ApiException.badRequest("invalid volume specification: '" + bind + "'");
                }
                // A path alone is a volume without a name. What -v names on the machine is made if it is not there.
                String source = parts.size() == 1 ? "" : parts.get(0);
                add(
                        daemon,
                        container,
                        source.startsWith("/") ? "bind" : "volume",
                        source,
                        parts.size() == 1 ? parts.get(0) : parts.get(1),
                        parts.size() > 2 && List.of(parts.get(2).split(",")).contains("ro"));
            }
        }
        if (container.config.volumes() != null) {
            for (String target : container.config.volumes().keySet()) {
                if (container.mounts.stream()
                        .noneMatch(mount -> mount.destination().equals(target))) {
                    add(daemon, container, "volume", "", target, false);
                }
            }
        }
    }

    private static String text(@Nullable String given) {
        return given == null ? "" : given;
    }

    private static boolean creates(TaskSpec.Mount mount) {
        return mount.bindOptions() != null
                && Boolean.TRUE.equals(mount.bindOptions().get("CreateMountpoint"));
    }

    private static ApiException invalid(String type, String what) {
        return ApiException.badRequest("invalid mount config for type \"" + type + "\": " + what);
    }

    private static void add(
            Dockerd daemon, DockerContainer container, String type, String source, String target, boolean readOnly) {
        if (!target.startsWith("/")) {
            throw invalid(type, "invalid mount path: '" + target + "' mount path must be absolute");
        }
        if (target.equals("/")) {
            throw invalid(type, "invalid specification: destination can't be '/'");
        }
        if (container.mounts.stream().anyMatch(mount -> mount.destination().equals(target))) {
            throw ApiException.badRequest("Duplicate mount point: " + target);
        }
        VolumeStore volumes = daemon.disk().volumes;
        switch (type) {
            case "bind" -> {
                if (source.isEmpty()) {
                    throw invalid(type, "field Source must not be empty");
                }
                if (!source.startsWith("/")) {
                    throw invalid(type, "invalid mount path: '" + source + "' mount path must be absolute");
                }
                container.mounts.add(new Container.MountPoint(
                        "bind", null, source, target, null, readOnly ? "ro" : "", !readOnly, "rprivate"));
                container.mounted.put(target, volumes.directory(source));
            }
            case "tmpfs" ->
                container.mounts.add(new Container.MountPoint("tmpfs", null, "", target, null, "", !readOnly, ""));
            case "volume" -> {
                if (!source.isEmpty() && !source.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]+")) {
                    throw ApiException.badRequest(
                            "create " + source + ": \"" + source + "\" includes invalid characters"
                                    + " for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended"
                                    + " to pass a host directory, use absolute path");
                }
                String name = source.isEmpty() ? daemon.random().hex(64) : source;
                if (!volumes.exists(name)) {
                    volumes.create(name, source.isEmpty() ? Map.of(ANONYMOUS, "") : Map.of());
                    daemon.events().emit("volume", "create", name, "local", Map.of("driver", "local"));
                }
                container.mounts.add(new Container.MountPoint(
                        "volume", name, volumes.get(name).mountpoint(), target, "local", "z", !readOnly, ""));
                container.mounted.put(target, volumes.volumeContent(name));
            }
            default -> throw invalid(type, "mount type unknown");
        }
    }
}
