package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.DockerJson;
import dev.clusterlab.simulator.docker.api.Volume;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Named volumes and bind-mounted directories of one machine. */
final class VolumeStore {
    private final Simulation simulation;
    private final Map<String, Volume> volumes = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> contents = new LinkedHashMap<>();

    VolumeStore(Simulation simulation) {
        this.simulation = simulation;
    }

    Volume create(String name, Map<String, String> labels) {
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

    boolean exists(String name) {
        return volumes.containsKey(name);
    }

    Volume get(String name) {
        Volume volume = volumes.get(name);
        if (volume == null) {
            throw ApiException.notFound("get " + name + ": no such volume");
        }
        return volume;
    }

    List<Volume> all() {
        return List.copyOf(volumes.values());
    }

    void remove(String name) {
        get(name);
        volumes.remove(name);
        contents.remove("volume " + name);
    }

    Map<String, Object> volumeContent(String name) {
        return contents.computeIfAbsent("volume " + name, key -> new LinkedHashMap<>());
    }

    Map<String, Object> directory(String path) {
        return contents.computeIfAbsent("bind " + path, key -> new LinkedHashMap<>());
    }
}
