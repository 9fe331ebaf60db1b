package dev.clusterlab.provisioning.client;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import dev.clusterlab.provisioning.LabException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Programs in containers. */
public final class DockerExec {
    private DockerExec() {}

    /**
     * Runs a program in a container and waits for its end; interruptible. To be called within {@link DockerConnection#call} or alike, which
     * says what docker-java throws.
     *
     * @return what it wrote, to either stream
     * @throws LabException CANCELLED if its thread is interrupted
     */
    public static String run(DockerClient client, String containerId, String... command) {
        var written = new ByteArrayOutputStream();
        String id = client.execCreateCmd(containerId)
                .withAttachStdout(true)
                .withAttachStderr(true)
                .withCmd(command)
                .exec()
                .getId();
        try {
            client.execStartCmd(id)
                    .exec(new ResultCallback.Adapter<Frame>() {
                        @Override
                        public void onNext(Frame frame) {
                            written.writeBytes(frame.getPayload());
                        }
                    })
                    .awaitCompletion();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException(LabException.Kind.CANCELLED, "Cancelled.", "", e);
        }
        return written.toString(StandardCharsets.UTF_8);
    }
}
