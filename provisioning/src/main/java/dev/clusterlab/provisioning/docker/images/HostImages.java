package dev.clusterlab.provisioning.docker.images;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.EngineProgress.Stage;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.images.ImageReferences.Image;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Sees that the user's engine has an image: the registries' are pulled, the project's own is built from the program's
 * files. Thread-safe.
 */
public final class HostImages {
    private final HostDocker host;
    private final ImageReferences references;
    private final Supplier<HelloFiles> hello;
    private final Consumer<EngineProgress> progress;

    /** With the hello service of this program. */
    public HostImages(HostDocker host, ImageReferences references, Consumer<EngineProgress> progress) {
        this(host, references, HelloFiles::ofThisProgram, progress);
    }

    /** @param hello asked when the hello service's image is built */
    HostImages(
            HostDocker host,
            ImageReferences references,
            Supplier<HelloFiles> hello,
            Consumer<EngineProgress> progress) {
        this.host = host;
        this.references = references;
        this.hello = hello;
        this.progress = progress;
    }

    /**
     * Gets it if it is not there.
     *
     * @throws LabException NOT_FOUND with the setting to change
     */
    public void obtain(Image image) {
        if (!host.hasImage(image.source())) {
            fetch(image);
        }
    }

    /** Gets it, whether or not it is there. */
    void fetch(Image image) {
        boolean built = references.builtHere(image);
        if (built) {
            obtain(references.jre());
        }
        Stage end = Stage.FAILED;
        try {
            progress.accept(EngineProgress.of(image.source(), built ? Stage.BUILDING_IMAGE : Stage.PULLING_IMAGE));
            if (built) {
                HelloImage.build(host, hello.get(), references.jre().source(), image.source());
            } else {
                host.pull(image.source(), progress);
            }
            if (!host.hasImage(image.source())) {
                throw missing(image, Optional.empty());
            }
            end = Stage.DONE;
        } catch (LabException e) {
            boolean ofTheImage = e.kind() == Kind.NOT_FOUND || e.kind() == Kind.REFUSED;
            throw built || !ofTheImage ? e : missing(image, Optional.of(e));
        } finally {
            progress.accept(EngineProgress.of(image.source(), end));
        }
    }

    /** Whether the engine has the hello service of another build of this program. */
    boolean outdated(Image image, JsonNode seen) {
        if (!references.builtHere(image)) {
            return false;
        }
        String label = seen.path("Config")
                .path("Labels")
                .path(HelloImage.CONTENT_LABEL)
                .asText("");
        if (label.isEmpty()) {
            return false;
        }
        try {
            return !label.equals(HelloImage.content(hello.get()));
        } catch (LabException e) {
            // A program that cannot build it has nothing newer either.
            return false;
        }
    }

    private static LabException missing(Image image, Optional<LabException> cause) {
        boolean catalogued = !image.name().equals(image.source());
        String before = cause.map(LabException::advice)
                .filter(advice -> !advice.isEmpty())
                .map(advice -> advice + " ")
                .orElse("");
        return new LabException(
                Kind.NOT_FOUND,
                "The image " + image.source() + " is not on this computer"
                        + cause.map(e -> " and could not be pulled. " + e.getMessage())
                                .orElse(", although the engine ended the pull well."),
                before
                        + (catalogued
                                ? image.setting() + " names another image."
                                : "`docker pull " + image.source() + "` tells more."),
                cause.orElse(null));
    }
}
