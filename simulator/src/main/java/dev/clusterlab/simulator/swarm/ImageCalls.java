package dev.clusterlab.simulator.swarm;

import dev.clusterlab.shell.language.Glob;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Image;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import dev.clusterlab.simulator.swarm.kept.EventLog;
import dev.clusterlab.simulator.swarm.kept.ImageStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The calls of the Docker API about images. Called on the simulation's thread. */
final class ImageCalls {
    private final Calls calls;
    private final MachineDisk disk;
    private final SimMachine machine;
    private final Scope scope;
    private final EventLog events;

    ImageCalls(Calls calls, MachineDisk disk, SimMachine machine, Scope scope, EventLog events) {
        this.calls = calls;
        this.disk = disk;
        this.machine = machine;
        this.scope = scope;
        this.events = events;
    }

    /** Reports what happened to an image to those who follow events. */
    void event(String action, String reference) {
        events.emit("image", action, reference, "local", Map.of("name", ImageStore.normalized(reference)));
        machine.changed();
    }

    ApiResult<List<Image.Summary>> list(Filters filters) {
        return ApiResult.of(() -> {
            filters.accept(List.of("before", "dangling", "label", "reference", "since", "until"));
            if (filters.has("until")) {
                throw new ApiException(501, "the filter 'until' of images is not modelled by the embedded engine");
            }
            filters.get("before").forEach(disk.images::require);
            filters.get("since").forEach(disk.images::require);
            // All images were made at the same time, each has a name, and none has a label.
            boolean none = filters.flag("dangling", false)
                    || filters.has("before")
                    || filters.has("since")
                    || filters.has("label");
            var images = new ArrayList<Image.Summary>();
            for (ImageStore.Local local : disk.images.all()) {
                boolean matches = !none && filters.any("reference", wanted -> named(local.reference(), wanted));
                if (matches) {
                    long containers = disk.containers.values().stream()
                            .filter(container -> container.imageId.equals(local.id()))
                            .count();
                    images.add(ImageStore.summary(local, epoch(), containers));
                }
            }
            return images;
        });
    }

    /** Whether a reference such as {@code nginx:alpine} fits a pattern with or without a tag, in which * is any text. */
    private static boolean named(String reference, String pattern) {
        String wanted = ProgramCatalog.withoutDefaults(pattern);
        String repository = ProgramCatalog.repository(reference);
        return Glob.matches(wanted, reference) || Glob.matches(wanted, repository);
    }

    private Instant epoch() {
        return machine.world()
                .simulation()
                .now()
                .minusNanos(machine.world().simulation().nowNanos());
    }

    ApiResult<Image.Details> inspect(String reference) {
        return ApiResult.of(() -> ImageStore.details(disk.images.require(reference), epoch()));
    }

    void pull(String reference, Consumer<Image.Progress> progress, Consumer<ApiResult<Nothing>> done) {
        calls.begin(done, () -> {
            if (machine.troubles().diskFull()) {
                throw new ApiException(500, "write /var/lib/docker/tmp/GetImageBlob: " + ContainerRuntime.NO_SPACE);
            }
            disk.images.pull(reference, scope, progress, error -> {
                if (error == null) {
                    event("pull", reference);
                }
                done.accept(error == null ? Nothing.ok() : ApiResult.error(error));
            });
        });
    }

    ApiResult<List<Image.Removed>> remove(String reference, boolean force) {
        return ApiResult.of(() -> {
            ImageStore.Local local = disk.images.require(reference);
            for (DockerContainer container : disk.containers.values()) {
                if (container.imageId.equals(local.id()) && (container.running() || !force)) {
                    throw ApiException.conflict("conflict: unable to remove repository reference \"" + reference
                            + "\" (must force) - container " + container.shortId() + " is using its referenced image "
                            + local.id().substring(7, 19));
                }
            }
            List<Image.Removed> removed = disk.images.remove(reference);
            event("untag", reference);
            return removed;
        });
    }

    ApiResult<Nothing> distribution(String reference) {
        return ApiResult.error(500, ImageStore.REGISTRY_UNREACHABLE);
    }
}
