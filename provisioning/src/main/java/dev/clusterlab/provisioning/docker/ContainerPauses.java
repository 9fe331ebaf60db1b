package dev.clusterlab.provisioning.docker;

import dev.clusterlab.provisioning.EngineFault;
import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.client.DockerClients;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Containers that are frozen by faults, through the daemons of their machines. Thread-safe. */
final class ContainerPauses {
    private final DockerClients docker;
    private final Map<FaultHandle, EngineFault.ContainerPause> begun = new ConcurrentHashMap<>();
    private final AtomicLong last = new AtomicLong();

    ContainerPauses(DockerClients docker) {
        this.docker = docker;
    }

    /** @throws LabException with what the daemon said, if it refuses */
    FaultHandle begin(EngineFault.ContainerPause pause) {
        docker.of(pause.machine())
                .call(client -> client.pauseContainerCmd(pause.container()).exec());
        var handle = new FaultHandle("pause-" + last.incrementAndGet());
        begun.put(handle, pause);
        return handle;
    }

    /**
     * Whether the fault was one of these.
     *
     * @throws LabException with what the daemon said, such as that the container has ended meanwhile
     */
    boolean end(FaultHandle fault) {
        EngineFault.ContainerPause pause = begun.remove(fault);
        if (pause == null) {
            return false;
        }
        docker.of(pause.machine())
                .call(client -> client.unpauseContainerCmd(pause.container()).exec());
        return true;
    }
}
