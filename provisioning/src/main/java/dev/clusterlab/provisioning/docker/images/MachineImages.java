package dev.clusterlab.provisioning.docker.images;

import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.EngineProgress.Stage;
import dev.clusterlab.provisioning.FileTrouble;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Sweep;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostErrors;
import dev.clusterlab.provisioning.docker.images.ImageReferences.Image;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Gets images into machines: pulled once by the user's engine, written once to an archive in the cache folder, loaded
 * from there into each machine that lacks them, under the names by which labs call them. Thread-safe; whoever wants an
 * image that is on its way waits for it.
 */
public final class MachineImages {
    private static final int LOADS_MAX = 3;

    private final HostDocker host;
    private final ImageReferences references;
    private final Path cache;
    private final Consumer<EngineProgress> progress;
    private final HostImages onHost;
    private final Map<String, ReentrantLock> locks = new LinkedHashMap<>();

    public MachineImages(HostDocker host, ImageReferences references, Path cache, Consumer<EngineProgress> progress) {
        this.host = host;
        this.references = references;
        this.cache = cache;
        this.progress = progress;
        this.onHost = new HostImages(host, references, HelloFiles::ofThisProgram, progress);
    }

    /** The image that a service's reference means: of the catalogue, or else itself. */
    public Image meant(String reference) {
        return references.meant(reference);
    }

    /**
     * Sees that the user's engine has it.
     *
     * @throws LabException NOT_FOUND with the setting to change
     */
    public void onHost(Image image) {
        onHost.obtain(image);
    }

    /** Sees that every daemon has it, under all its names; they are served together. */
    public void provide(Image image, List<DockerConnection> daemons) {
        ReentrantLock lock;
        synchronized (locks) {
            lock = locks.computeIfAbsent(image.source(), source -> new ReentrantLock());
        }
        lock.lock();
        try {
            List<DockerConnection> lacking =
                    daemons.stream().filter(daemon -> lacks(daemon, image)).toList();
            if (lacking.isEmpty()) {
                return;
            }
            onHost(image);
            load(image, lacking);
        } finally {
            lock.unlock();
        }
    }

    private void load(Image image, List<DockerConnection> lacking) {
        List<String> machines = lacking.stream().map(DockerConnection::machine).toList();
        Stage end = Stage.FAILED;
        try {
            progress.accept(EngineProgress.of(image.source(), Stage.ARCHIVING_IMAGE));
            Path archive = archive(image);
            progress.accept(EngineProgress.of(image.source(), Stage.LOADING_IMAGE, String.join(", ", machines)));
            Sweep.CONCURRENT.ask(lacking, daemon -> load(daemon, image, archive));
            end = Stage.DONE;
        } finally {
            progress.accept(EngineProgress.of(image.source(), end));
        }
    }

    /** Names with their tags of all images that a daemon has. */
    public static SortedSet<String> names(DockerConnection daemon) {
        var names = new TreeSet<String>();
        daemon.getJson("/images/json").forEach(image -> image.path("RepoTags").forEach(tag -> names.add(tag.asText())));
        return names;
    }

    /** Whether a daemon lacks it under any of its names. */
    public static boolean lacks(DockerConnection daemon, Image image) {
        return !image.known().stream().allMatch(name -> HostDocker.has(daemon, name));
    }

    /** A way that breaks meanwhile costs another try: an image that is loaded again is the same. */
    private static String load(DockerConnection daemon, Image image, Path archive) {
        for (int left = LOADS_MAX; ; left--) {
            try {
                loadOnce(daemon, image, archive);
                return daemon.machine();
            } catch (LabException e) {
                if (left > 1 && HostErrors.silent(e)) {
                    continue;
                }
                throw HostErrors.silent(e) ? silent(daemon, image, e) : e;
            }
        }
    }

    private static LabException silent(DockerConnection daemon, Image image, LabException cause) {
        return new LabException(
                Kind.ENVIRONMENT,
                "Cannot load " + image.source() + " into " + daemon.machine() + ": its Docker daemon does not answer.",
                "`docker-machine ls` shows the state of each machine; where it runs, try again.",
                cause);
    }

    private static void loadOnce(DockerConnection daemon, Image image, Path archive) {
        try (InputStream bytes = Files.newInputStream(archive)) {
            daemon.upload("/images/load?quiet=true", bytes, message -> {});
        } catch (IOException e) {
            throw new LabException(
                    Kind.ENVIRONMENT, "Cannot read " + archive + ": " + FileTrouble.reason(e) + ".", "Try again.", e);
        } catch (LabException e) {
            if (HostErrors.silent(e)) {
                throw e;
            }
            throw HostErrors.explain("load " + image.source() + " into " + daemon.machine(), e);
        }
        name(daemon, image);
    }

    /** Gives an image that a daemon has all the names by which labs call it. */
    public static void name(DockerConnection daemon, Image image) {
        daemon.call(client -> {
            for (String name : image.known()) {
                int colon = name.lastIndexOf(':');
                client.tagImageCmd(image.source(), name.substring(0, colon), name.substring(colon + 1))
                        .exec();
            }
            return "";
        });
    }

    /** Written once for an image's content; what another program writes at the same time is the same. */
    private Path archive(Image image) {
        String id = host.get("look at the image " + image.source(), "/images/" + image.source() + "/json")
                .path("Id")
                .asText("")
                .replaceFirst("^sha256:", "");
        // The archive names the image too, so that loading it brings the name along.
        Path file = cache.resolve(id + "-" + Integer.toHexString(image.source().hashCode()) + ".tar");
        if (Files.exists(file)) {
            return file;
        }
        try (InputStream bytes = host.save(image.source())) {
            Files.createDirectories(cache);
            WholeFile.write(file, bytes, written -> {}, ImageArchive::read);
            return file;
        } catch (IOException e) {
            throw WholeFile.cannotWrite(cache, e);
        }
    }
}
