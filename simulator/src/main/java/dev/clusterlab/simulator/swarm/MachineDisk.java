package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.swarm.kept.ImageStore;
import dev.clusterlab.simulator.swarm.kept.VolumeStore;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a machine keeps when its power goes. */
final class MachineDisk {
    final SimRandom random;
    final String engineId;
    /** By identifier; changed by {@link #add} and {@link #remove} only. */
    final Map<String, DockerContainer> containers = new LinkedHashMap<>();

    /** Those of tasks that are on the disk, by the task's identifier. */
    private final Map<String, DockerContainer> byTask = new LinkedHashMap<>();

    final ImageStore images;
    final VolumeStore volumes;
    final LocalNetworks networks;
    /** Its part in a swarm, or null. */
    @Nullable
    SwarmDisk swarm;

    int starts;

    MachineDisk(SimRandom random, World world, Instant now) {
        this.random = random;
        this.engineId = random.uuid();
        this.networks = new LocalNetworks(random.split("networks"), now);
        this.images = new ImageStore(world.catalog());
        this.volumes = new VolumeStore(world.simulation());
    }

    void add(DockerContainer container) {
        containers.put(container.id, container);
        if (container.task != null) {
            byTask.put(container.task.id(), container);
        }
    }

    void remove(DockerContainer container) {
        containers.remove(container.id);
        if (container.task != null) {
            byTask.remove(container.task.id(), container);
        }
    }

    /** The task's container; the last one if there were several. */
    @Nullable
    DockerContainer containerOfTask(String taskId) {
        return byTask.get(taskId);
    }
}
