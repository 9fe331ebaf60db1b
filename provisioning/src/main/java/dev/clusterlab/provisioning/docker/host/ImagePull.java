package dev.clusterlab.provisioning.docker.host;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.PullResponseItem;
import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.EngineProgress.Stage;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** One pull by the user's engine: follows what it reports, and knows how much came when it is cut off. */
final class ImagePull extends ResultCallback.Adapter<PullResponseItem> {
    /** Engine 20.10 tries five times by itself, going on where it was, and then forgets even the layers that were whole. */
    private static final String AGAIN =
            "Try again: images that are whole are not fetched a second time; this one may have to begin anew.";

    private static final Set<String> COMPLETE = Set.of("Verifying Checksum", "Download complete", "Pull complete");

    private final String reference;
    private final Consumer<EngineProgress> progress;
    private final Map<String, Layer> layers = new ConcurrentHashMap<>();

    /** How much of a layer came, and how much it is; bytes. */
    private record Layer(long come, long whole) {
        static final Layer NEW = new Layer(0, 0);

        /**
         * What the engine reports of this attempt. One that goes on after a cut counts only what was still missing. When an
         * attempt ends, well or badly, all of it is reported as there: that is believed only of what comes after it.
         */
        Layer downloading(long current, long total) {
            long all = Math.max(whole, total);
            long before = all - total;
            return new Layer(Math.max(come, current == total ? before : before + current), all);
        }

        Layer complete() {
            return new Layer(whole, whole);
        }
    }

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
            throw new LabException(Kind.CANCELLED, "Cancelled.", "", e);
        }
    }

    @Override
    public void onNext(PullResponseItem item) {
        if (item.isErrorIndicated() && item.getErrorDetail() != null) {
            onError(new LabException(
                    Kind.REFUSED, String.valueOf(item.getErrorDetail().getMessage()), ""));
            return;
        }
        Stage stage = note(item);
        progress.accept(EngineProgress.ofBytes(reference, stage, come(), whole()));
    }

    /** Unpacking is reported with the same fields as downloading, and would count everything twice. */
    private Stage note(PullResponseItem item) {
        String id = item.getId();
        var detail = item.getProgressDetail();
        String status = String.valueOf(item.getStatus());
        if (id == null) {
            return Stage.PULLING_IMAGE;
        }
        if (status.equals("Downloading")
                && detail != null
                && detail.getCurrent() != null
                && detail.getTotal() != null) {
            layers.merge(
                    id,
                    Layer.NEW.downloading(detail.getCurrent(), detail.getTotal()),
                    (known, ignored) -> known.downloading(detail.getCurrent(), detail.getTotal()));
        } else if (COMPLETE.contains(status)) {
            layers.computeIfPresent(id, (same, known) -> known.complete());
        }
        return status.startsWith("Retrying") ? Stage.PULLING_AGAIN : Stage.PULLING_IMAGE;
    }

    private long come() {
        return layers.values().stream().mapToLong(Layer::come).sum();
    }

    private long whole() {
        return layers.values().stream().mapToLong(Layer::whole).sum();
    }

    /** Why it failed, with how much was there. */
    LabException explain(LabException thrown) {
        String come = EngineProgress.ofBytes(reference, Stage.PULLING_IMAGE, come(), whole())
                .detail();
        String soFar = come.isEmpty() ? "" : " " + come + " had come.";
        if (thrown.kind() == Kind.CANCELLED) {
            return new LabException(
                    Kind.CANCELLED, "Getting the image " + reference + " was cancelled." + soFar, AGAIN, thrown);
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
