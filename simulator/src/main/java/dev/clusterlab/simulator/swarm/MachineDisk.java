package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.SimRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a machine keeps when its power goes. */
final class MachineDisk {
    final SimRandom random;
    final String engineId;
    final Map<String, DockerContainer> containers = new LinkedHashMap<>();
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
        this.images = new ImageStore(world);
        this.volumes = new VolumeStore(world.simulation());
    }
}
