package dev.clusterlab.provisioning.docker;

import dev.clusterlab.provisioning.DockerTls;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Machine.State;
import dev.clusterlab.provisioning.MachineNames;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.docker.NodeContainers.Found;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Waits for the Docker daemon of a machine that was switched on. Thread-safe. */
final class DaemonStart {
    /** Wall-clock time: a daemon needs a second or two; a computer that is busy much longer. */
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static final long POLL_MILLIS = 50;
    private static final int PROBES_PER_POLL = 10;

    private final NodeContainers containers;
    private final DockerTls tls;

    DaemonStart(NodeContainers containers, DockerTls tls) {
        this.containers = containers;
        this.tls = tls;
    }

    /**
     * Waits until a machine's daemon answers to the lab's certificate; then the machine runs.
     *
     * @throws LabException TIMEOUT if it does not in time, REFUSED if it ended, CANCELLED if the caller is interrupted
     */
    void await(DockerNode node) {
        String id = String.valueOf(node.containerId());
        long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadlineNanos) {
            Map<Integer, Integer> ports = portsWhileRunning(node, id);
            Integer port = ports.get(NodeContainers.DAEMON_PORT);
            // The container is polled once in a while only: three daemons that start need the processors.
            for (int probes = 0; port != null && probes < PROBES_PER_POLL; probes++) {
                if (PortProbe.opens(port, PortProbe.LISTEN_MILLIS) && answers(node, port)) {
                    node.become(State.RUNNING, ports);
                    return;
                }
                pauseBriefly();
            }
            if (port == null) {
                pauseBriefly();
            }
        }
        throw new LabException(
                        Kind.TIMEOUT,
                        "The Docker daemon of " + node.name() + " did not answer within " + LIMIT.toSeconds() + " s: "
                                + containers.lastWords(node.name(), id),
                        "See whether the computer has memory and disk left; fewer machines need less.")
                .named("daemon.slow", node.name(), String.valueOf(LIMIT.toSeconds()));
    }

    /** The published ports; empty for a moment after it was started. */
    private Map<Integer, Integer> portsWhileRunning(DockerNode node, String id) {
        Found found = containers.inspect(id).orElseThrow(() -> MachineNames.unknown(node.name()));
        if (!found.status().equals("running") && !found.status().equals("created")) {
            String words = containers.lastWords(node.name(), id);
            throw new LabException(
                            Kind.REFUSED,
                            "The Docker daemon of " + node.name() + " ended at once: " + words,
                            "CLUSTERLAB_ISOLATION chooses another isolation, CLUSTERLAB_IMAGE_NODE another node image.")
                    .named("daemon.ended", node.name(), words);
        }
        return found.ports();
    }

    private boolean answers(DockerNode node, int port) {
        try (DockerConnection connection = DockerConnection.open(
                node.name(), URI.create("tcp://127.0.0.1:" + port), Optional.of(tls), Duration.ofSeconds(5))) {
            return !connection.apiVersion().isEmpty();
        } catch (LabException e) {
            return false;
        }
    }

    private static void pauseBriefly() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException(Kind.CANCELLED, "Cancelled.", "", e);
        }
    }
}
