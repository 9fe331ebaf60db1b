package dev.clusterlab.provisioning;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.PullResponseItem;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** The user's own engine, for a lab: every refusal says what the lab wanted and what to do. Thread-safe. */
final class HostDocker implements AutoCloseable {
    /** Of the wall's time: an engine under load may be slow to say what it has. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final HostEngine found;
    private final DockerConnection connection;

    HostDocker(HostEngine found) {
        this.found = found;
        this.connection = DockerConnection.open("this computer", found.endpoint(), found.tls(), LIMIT);
    }

    HostEngine found() {
        return found;
    }

    DockerConnection connection() {
        return connection;
    }

    JsonNode get(String doing, String path) {
        return explained(doing, () -> connection.getJson(path, LIMIT));
    }

    JsonNode post(String doing, String path, JsonNode body) {
        return explained(doing, () -> connection.postJson(path, body));
    }

    void post(String doing, String path) {
        explained(doing, () -> {
            connection.post(path);
            return "";
        });
    }

    void delete(String doing, String path) {
        explained(doing, () -> {
            connection.delete(path);
            return "";
        });
    }

    <T> T call(String doing, Function<DockerClient, T> action) {
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
    String run(String doing, String containerId, String... command) {
        return call(doing, client -> {
            var output = new StringBuilder();
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
                                output.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
                            }
                        })
                        .awaitCompletion();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LabException(LabException.Kind.CANCELLED, "Called off.", "", e);
            }
            return output.toString();
        });
    }

    /** Whether the engine has an image. */
    boolean hasImage(String reference) {
        return has(connection, reference);
    }

    static boolean has(DockerConnection daemon, String reference) {
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
     * Pulls an image.
     *
     * @param progress is told how much of it is there
     */
    void pull(String reference, Consumer<EngineProgress> progress) {
        call("get the image " + reference, client -> {
            Map<String, long[]> layers = new ConcurrentHashMap<>();
            try {
                return client.pullImageCmd(reference)
                        .exec(new ResultCallback.Adapter<PullResponseItem>() {
                            @Override
                            public void onNext(PullResponseItem item) {
                                note(item, layers);
                                long[] sum = layers.values().stream().reduce(new long[2], (a, b) ->
                                        new long[] {a[0] + b[0], a[1] + b[1]});
                                progress.accept(EngineProgress.ofBytes(
                                        reference, EngineProgress.Stage.PULLING_IMAGE, sum[0], sum[1]));
                                if (item.isErrorIndicated() && item.getErrorDetail() != null) {
                                    onError(new LabException(
                                            LabException.Kind.REFUSED,
                                            String.valueOf(item.getErrorDetail().getMessage()),
                                            ""));
                                }
                            }
                        })
                        .awaitCompletion();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LabException(LabException.Kind.CANCELLED, "Called off.", "", e);
            }
        });
    }

    private static void note(PullResponseItem item, Map<String, long[]> layers) {
        var detail = item.getProgressDetail();
        if (item.getId() != null && detail != null && detail.getCurrent() != null && detail.getTotal() != null) {
            layers.put(item.getId(), new long[] {detail.getCurrent(), detail.getTotal()});
        }
    }

    /** An image and its layers as one archive; to be closed. */
    InputStream save(String reference) {
        return call(
                "read the image " + reference,
                client -> client.saveImageCmd(reference).exec());
    }

    @Override
    public void close() {
        connection.close();
    }
}
