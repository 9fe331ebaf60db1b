package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.docker.api.ContainerConfig;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A plain container in the words of {@code docker run}. */
public final class Containers {
    private final String image;
    private final List<String> binds = new ArrayList<>();
    private final Map<String, @Nullable List<ContainerConfig.PortBinding>> ports = new LinkedHashMap<>();
    private final List<String> env = new ArrayList<>();
    private final List<TaskSpec.Mount> mounts = new ArrayList<>();
    private @Nullable String network;
    private @Nullable String restart;
    private int retries;
    private boolean autoRemove;

    private Containers(String image) {
        this.image = image;
    }

    static Containers config(String image) {
        return new Containers(image);
    }

    Containers volume(String source, String target) {
        binds.add(source + ":" + target);
        return this;
    }

    Containers anonymousVolume(String target) {
        mounts.add(new TaskSpec.Mount("volume", null, target, null, null, null, null));
        return this;
    }

    Containers publish(int published, int target) {
        ports.put(target + "/tcp", List.of(new ContainerConfig.PortBinding("", String.valueOf(published))));
        return this;
    }

    Containers env(String entry) {
        env.add(entry);
        return this;
    }

    Containers network(String name) {
        network = name;
        return this;
    }

    Containers restart(String policy, int most) {
        restart = policy;
        retries = most;
        return this;
    }

    Containers removedAtItsEnd() {
        autoRemove = true;
        return this;
    }

    ContainerConfig build() {
        var host = new ContainerConfig.HostConfig(
                binds,
                network,
                ports,
                null,
                restart == null ? null : new ContainerConfig.RestartPolicy(restart, retries),
                autoRemove,
                mounts,
                null,
                null,
                null,
                null,
                null,
                Map.of());
        return new ContainerConfig(
                null, null, null, null, null, env, null, null, image, null, null, null, null, null, null, null, host,
                null);
    }
}
