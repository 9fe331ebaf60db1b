package dev.clusterlab.ui.model;

import java.util.List;

/** Where the logs of containers come from. Thread-safe; never to be asked on the toolkit's thread. */
@FunctionalInterface
public interface LogSource {
    /**
     * The last lines of a container's log, the newest last. Blocks.
     *
     * @throws dev.clusterlab.provisioning.LabException if the machine or the container cannot be asked
     */
    List<String> tail(String machine, String containerId, int lines) throws InterruptedException;
}
