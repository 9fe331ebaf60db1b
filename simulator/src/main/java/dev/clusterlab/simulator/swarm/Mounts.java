package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.ContainerConfig;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import java.util.List;
import java.util.Map;

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
                add(
                        daemon,
                        container,
                        mount.type() == null || mount.type().isEmpty() ? "volume" : mount.type(),
                        mount.source() == null ? "" : mount.source(),
                        mount.target() == null ? "" : mount.target(),
                        Boolean.TRUE.equals(mount.readOnly()));
            }
        }
        if (host.binds() != null) {
            for (String bind : host.binds()) {
                List<String> parts = List.of(bind.split(":"));
                if (parts.size() < 2) {
                    throw ApiException.badRequest("invalid volume specification: '" + bind + "'");
                }
                String source = parts.get(0);
                add(
                        daemon,
                        container,
                        source.startsWith("/") ? "bind" : "volume",
                        source,
                        parts.get(1),
                        parts.size() > 2 && List.of(parts.get(2).split(",")).contains("ro"));
            }
        }
    }

    private static void add(
            Dockerd daemon, DockerContainer container, String type, String source, String target, boolean readOnly) {
        if (!target.startsWith("/")) {
            throw ApiException.badRequest("invalid mount config for type \"" + type + "\": invalid mount path: '"
                    + target + "' mount path must be absolute");
        }
        VolumeStore volumes = daemon.disk().volumes;
        switch (type) {
            case "bind" -> {
                if (source.isEmpty()) {
                    throw ApiException.badRequest(
                            "invalid mount config for type \"bind\": field Source must not be empty");
                }
                container.mounts.add(new Container.MountPoint(
                        "bind", null, source, target, null, readOnly ? "ro" : "", !readOnly, "rprivate"));
                container.mounted.put(target, volumes.directory(source));
            }
            case "tmpfs" ->
                container.mounts.add(new Container.MountPoint("tmpfs", null, "", target, null, "", !readOnly, ""));
            default -> {
                String name = source.isEmpty() ? daemon.random().hex(64) : source;
                if (!volumes.exists(name)) {
                    volumes.create(name, source.isEmpty() ? Map.of(ANONYMOUS, "") : Map.of());
                    daemon.events().emit("volume", "create", name, "local", Map.of("driver", "local"));
                }
                container.mounts.add(new Container.MountPoint(
                        "volume", name, volumes.get(name).mountpoint(), target, "local", "z", !readOnly, ""));
                container.mounted.put(target, volumes.volumeContent(name));
            }
        }
    }
}
