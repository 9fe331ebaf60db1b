package dev.clusterlab.provisioning.docker.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.DockerClient;
import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.client.DockerExec;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The user's own engine, for a lab: every refusal says what the lab wanted and what to do. Thread-safe. */
public final class HostDocker implements AutoCloseable {
    /** Wall-clock time: an engine under load may be slow to say what it has. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final HostEngine found;
    private final DockerConnection connection;

    public HostDocker(HostEngine found) {
        this.found = found;
        this.connection = DockerConnection.open("this computer", found.endpoint(), found.tls(), LIMIT);
    }

    public HostEngine found() {
        return found;
    }

    public DockerConnection connection() {
        return connection;
    }

    public JsonNode get(String doing, String path) {
        return explained(doing, () -> connection.getJson(path, LIMIT));
    }

    public JsonNode post(String doing, String path, JsonNode body) {
        return explained(doing, () -> connection.postJson(path, body));
    }

    public void post(String doing, String path) {
        explained(doing, () -> {
            connection.post(path);
            return "";
        });
    }

    public void delete(String doing, String path) {
        explained(doing, () -> {
            connection.delete(path);
            return "";
        });
    }

    public <T> T call(String doing, Function<DockerClient, T> action) {
        return explained(doing, () -> connection.call(action));
    }

    private static <T> T explained(String doing, java.util.function.Supplier<T> action) {
        try {
            return action.get();
        } catch (LabException e) {
            throw HostErrors.explain(doing, e);
        }
    }

    /**
     * Runs a program in a container and waits for its end.
     *
     * @return what it wrote, to either stream
     */
    public String run(String doing, String containerId, String... command) {
        return call(doing, client -> DockerExec.run(client, containerId, command));
    }

    /** Whether the engine has an image. */
    public boolean hasImage(String reference) {
        return image(reference).isPresent();
    }

    public static boolean has(DockerConnection daemon, String reference) {
        try {
            daemon.getJson("/images/" + reference + "/json");
            return true;
        } catch (LabException e) {
            if (e.kind() == LabException.Kind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Pulls an image. Whoever interrupts the caller cancels it; the engine then stops pulling too.
     *
     * @param progress gets how much of it is there
     * @throws LabException that says how much was there, and CANCELLED if it was cancelled
     */
    public void pull(String reference, Consumer<EngineProgress> progress) {
        var pull = new ImagePull(reference, progress);
        try {
            connection.call(pull::run);
        } catch (LabException e) {
            throw pull.explain(e);
        }
    }

    /** An image and its layers as one archive; to be closed. */
    public InputStream save(String reference) {
        return call(
                "read the image " + reference,
                client -> client.saveImageCmd(reference).exec());
    }

    /** Several images as one archive, with their names; to be closed. */
    public InputStream save(Collection<String> references) {
        return call("read the images", client -> {
            var command = client.saveImagesCmd();
            for (String reference : references) {
                int colon = reference.lastIndexOf(':');
                command.withImage(reference.substring(0, colon), reference.substring(colon + 1));
            }
            return command.exec();
        });
    }

    /** What the engine says of an image; empty if it does not have it. */
    public Optional<JsonNode> image(String reference) {
        try {
            return Optional.of(get("look at the image " + reference, "/images/" + reference + "/json"));
        } catch (LabException e) {
            if (e.kind() == LabException.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** See {@link DockerConnection#upload}. */
    public void upload(String doing, String path, InputStream body, Consumer<JsonNode> message) {
        explained(doing, () -> {
            connection.upload(path, body, message);
            return "";
        });
    }

    @Override
    public void close() {
        connection.close();
    }
}
