package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.docker.api.Volume;
import dev.clusterlab.simulator.swarm.kept.EventLog;
import java.util.List;
import java.util.Map;

/** The calls of the Docker API about volumes. Called on the simulation's thread. */
final class VolumeCalls {
    private final MachineDisk disk;
    private final SimMachine machine;
    private final SimRandom random;
    private final EventLog events;

    VolumeCalls(MachineDisk disk, SimMachine machine, SimRandom random, EventLog events) {
        this.disk = disk;
        this.machine = machine;
        this.random = random;
        this.events = events;
    }

    ApiResult<List<Volume>> list(Filters filters) {
        return ApiResult.of(() -> {
            filters.accept(List.of("dangling", "driver", "label", "name"));
            boolean dangling = filters.flag("dangling", false);
            return disk.volumes.all().stream()
                    .filter(volume -> filters.matches("name", volume.name())
                            && filters.any("driver", volume.driver()::equals)
                            && (!filters.has("dangling") || dangling != used(volume.name()))
                            && filters.labels("label", volume.labels()))
                    .toList();
        });
    }

    private boolean used(String name) {
        return disk.containers.values().stream()
                .flatMap(container -> container.mounts.stream())
                .anyMatch(mount -> name.equals(mount.name()));
    }

    ApiResult<Volume> inspect(String name) {
        return ApiResult.of(() -> disk.volumes.get(name));
    }

    ApiResult<Volume> create(Volume.CreateRequest request) {
        return ApiResult.of(() -> {
            String name = request.name() == null || request.name().isEmpty() ? random.hex(64) : request.name();
            Volume volume = disk.volumes.create(name, request.labels() == null ? Map.of() : request.labels());
            events.emit("volume", "create", name, "local", Map.of("driver", "local"));
            machine.changed();
            return volume;
        });
    }

    ApiResult<Nothing> remove(String name) {
        return Nothing.of(() -> {
            disk.volumes.get(name);
            for (DockerContainer container : disk.containers.values()) {
                if (container.mounts.stream().anyMatch(mount -> name.equals(mount.name()))) {
                    throw ApiException.conflict("remove " + name + ": volume is in use - [" + container.id + "]");
                }
            }
            disk.volumes.remove(name);
            events.emit("volume", "destroy", name, "local", Map.of("driver", "local"));
            machine.changed();
        });
    }
}
