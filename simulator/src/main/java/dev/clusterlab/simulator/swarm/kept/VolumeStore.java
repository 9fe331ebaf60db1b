package dev.clusterlab.simulator.swarm.kept;

import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.DockerJson;
import dev.clusterlab.simulator.docker.api.Volume;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Named volumes and bind-mounted directories of one machine. */
public final class VolumeStore {
    private static final Set<String> PATHS = Ordered.set(
            "/",
            "/bin",
            "/boot",
            "/dev",
            "/dev/null",
            "/dev/shm",
            "/etc",
            "/etc/docker",
            "/etc/group",
            "/etc/hostname",
            "/etc/hosts",
            "/etc/localtime",
            "/etc/os-release",
            "/etc/passwd",
            "/etc/resolv.conf",
            "/etc/ssl",
            "/etc/ssl/certs",
            "/etc/timezone",
            "/home",
            "/lib",
            "/lib/modules",
            "/lib64",
            "/media",
            "/mnt",
            "/opt",
            "/proc",
            "/root",
            "/run",
            "/run/docker.sock",
            "/sbin",
            "/srv",
            "/sys",
            "/sys/fs/cgroup",
            "/tmp",
            "/usr",
            "/usr/bin",
            "/usr/lib",
            "/usr/local",
            "/usr/share",
            "/var",
            "/var/cache",
            "/var/lib",
            "/var/lib/docker",
            "/var/lib/docker/containers",
            "/var/lib/docker/volumes",
            "/var/log",
            "/var/run",
            "/var/run/docker.sock",
            "/var/tmp");

    private final Simulation simulation;
    private final Map<String, Volume> volumes = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> contents = new LinkedHashMap<>();

    public VolumeStore(Simulation simulation) {
        this.simulation = simulation;
    }

    public Volume create(String name, Map<String, String> labels) {
        return volumes.computeIfAbsent(
                name,
                key -> new Volume(
                        DockerJson.time(simulation.now()),
                        "local",
                        labels,
                        "/var/lib/docker/volumes/" + key + "/_data",
                        key,
                        Map.of(),
                        "local"));
    }

    public boolean exists(String name) {
        return volumes.containsKey(name);
    }

    public Volume get(String name) {
        Volume volume = volumes.get(name);
        if (volume == null) {
            throw ApiException.notFound("get " + name + ": no such volume");
        }
        return volume;
    }

    public List<Volume> all() {
        return List.copyOf(volumes.values());
    }

    public void remove(String name) {
        get(name);
        volumes.remove(name);
        contents.remove("volume " + name);
    }

    public Map<String, Object> volumeContent(String name) {
        return contents.computeIfAbsent("volume " + name, key -> new LinkedHashMap<>());
    }

    /** Whether the machine has this path: what every Linux with a Docker Engine has, and what was made by a container's bind. */
    public boolean hasPath(String path) {
        String plain = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return PATHS.contains(plain)
                || contents.keySet().stream()
                        .anyMatch(known -> known.equals("bind " + plain) || known.startsWith("bind " + plain + "/"));
    }

    public Map<String, Object> directory(String path) {
        return contents.computeIfAbsent("bind " + path, key -> new LinkedHashMap<>());
    }
}
