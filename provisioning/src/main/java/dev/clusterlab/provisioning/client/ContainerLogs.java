package dev.clusterlab.provisioning.client;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.LabException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads what containers printed, from the Docker daemon of their machine. Thread-safe; has connections of its own. */
public final class ContainerLogs implements AutoCloseable {
    /** Bytes of one log that are read; a longer one is cut at its end. */
    private static final int BYTES_MAX = 1 << 20;

    private final DockerClients docker;

    public ContainerLogs(Engine engine) {
        this.docker = new DockerClients(engine);
    }

    /**
     * The last lines, oldest first, standard output and error in the order in which they were printed. Blocks;
     * interruptible.
     *
     * @param lines at most so many
     * @throws LabException NOT_FOUND for an unknown machine or container, REFUSED if the daemon does not answer
     */
    public List<String> tail(String machine, String containerId, int lines) throws InterruptedException {
        DockerConnection connection = docker.of(machine);
        var gathered = new Gathering();
        try (gathered) {
            connection.call(client -> client.logContainerCmd(containerId)
                    .withStdOut(true)
                    .withStdErr(true)
                    .withTail(lines)
                    .exec(gathered));
            gathered.awaitCompletion();
        } catch (java.io.IOException e) {
            throw DockerErrors.silent(machine, e);
        } catch (RuntimeException e) {
            throw DockerErrors.translate(machine, e);
        }
        return gathered.text().lines().toList();
    }

    private static final class Gathering extends ResultCallback.Adapter<Frame> {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void onNext(Frame frame) {
            synchronized (bytes) {
                byte[] payload = frame.getPayload();
                bytes.write(payload, 0, Math.min(payload.length, BYTES_MAX - bytes.size()));
            }
        }

        String text() {
            synchronized (bytes) {
                return bytes.toString(StandardCharsets.UTF_8);
            }
        }
    }

    @Override
    public void close() {
        docker.close();
    }
}
