package dev.clusterlab.provisioning;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.PullResponseItem;
import dev.clusterlab.provisioning.EngineProgress.Stage;
import dev.clusterlab.provisioning.LabException.Kind;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** One pull by the user's engine: follows what it tells, and knows how much came when it is cut off. */
final class ImagePull extends ResultCallback.Adapter<PullResponseItem> {
    /** Engine 20.10 tries five times by itself, going on where it was, and then forgets even the layers that were whole. */
    private static final String AGAIN =
            "Try again: images that are whole are not fetched a second time; this one may have to begin anew.";

    private final String reference;
    private final Consumer<EngineProgress> progress;
    /** Bytes that came and bytes in all, by layer. */
    private final Map<String, long[]> layers = new ConcurrentHashMap<>();

    ImagePull(String reference, Consumer<EngineProgress> progress) {
        this.reference = reference;
        this.progress = progress;
    }

    /** Waits for its end. */
    String run(DockerClient client) {
        try {
            client.pullImageCmd(reference).exec(this).awaitCompletion();
            return reference;
        } catch (InterruptedException e) {
            try {
                // The engine stops when nobody listens any more.
                close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            Thread.currentThread().interrupt();
            throw new LabException(Kind.CANCELLED, "Called off.", "", e);
        }
    }

    @Override
    public void onNext(PullResponseItem item) {
        if (item.isErrorIndicated() && item.getErrorDetail() != null) {
            onError(new LabException(
                    Kind.REFUSED, String.valueOf(item.getErrorDetail().getMessage()), ""));
            return;
        }
        note(item);
        long[] sum = sum();
        progress.accept(EngineProgress.ofBytes(reference, Stage.PULLING_IMAGE, sum[0], sum[1]));
    }

    /** Unpacking is told with the same fields as downloading, and would count everything twice. */
    private void note(PullResponseItem item) {
        String layer = item.getId();
        var detail = item.getProgressDetail();
        if (layer == null) {
            return;
        }
        String status = String.valueOf(item.getStatus());
        if (status.equals("Downloading")
                && detail != null
                && detail.getCurrent() != null
                && detail.getTotal() != null) {
            layers.put(layer, new long[] {detail.getCurrent(), detail.getTotal()});
        } else if (status.equals("Download complete") || status.equals("Pull complete")) {
            layers.computeIfPresent(layer, (id, bytes) -> new long[] {bytes[1], bytes[1]});
        }
    }

    private long[] sum() {
        return layers.values().stream().reduce(new long[2], (a, b) -> new long[] {a[0] + b[0], a[1] + b[1]});
    }

    /** Why it failed, with how much was there. */
    LabException explain(LabException thrown) {
        String come = EngineProgress.ofBytes(reference, Stage.PULLING_IMAGE, sum()[0], sum()[1])
                .detail();
        String soFar = come.isEmpty() ? "" : " " + come + " had come.";
        if (thrown.kind() == Kind.CANCELLED) {
            return new LabException(
                    Kind.CANCELLED, "Getting the image " + reference + " was called off." + soFar, AGAIN, thrown);
        }
        LabException explained = HostErrors.explain("get the image " + reference, thrown);
        if (come.isEmpty()) {
            return explained;
        }
        String message = String.valueOf(explained.getMessage());
        return new LabException(
                explained.kind(),
                message + (message.endsWith(".") ? "" : ".") + soFar,
                explained.advice().isEmpty() ? AGAIN : explained.advice() + " " + AGAIN,
                thrown);
    }
}
