package dev.clusterlab.provisioning.docker.images;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.EngineProgress.Stage;
import dev.clusterlab.provisioning.FileTrouble;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostEngine;
import dev.clusterlab.provisioning.docker.host.HostEngineFinder;
import dev.clusterlab.provisioning.docker.host.ProgressBoard;
import dev.clusterlab.provisioning.docker.images.ImageReferences.Image;
import dev.clusterlab.provisioning.engines.Engines;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The images of the catalogue on the user's engine: which are there, getting those that are not, and all of them in one
 * file, so that a classroom needs no network. Thread-safe. Progress is reported on the calling thread or another.
 */
public final class LabImages implements AutoCloseable {
    private final HostDocker host;
    private final ImageReferences references;
    private final Supplier<HelloFiles> hello;

    LabImages(HostDocker host, ImageReferences references, Supplier<HelloFiles> hello) {
        this.host = host;
        this.references = references;
        this.hello = hello;
    }

    /**
     * On the engine that {@link Engines#DOCKER} would take; to be closed.
     *
     * @throws LabException ENVIRONMENT without a usable engine
     */
    public static LabImages ofThisUser() {
        return of(HostEngineFinder.ofThisUser().find(), System.getenv());
    }

    /**
     * On an engine that was found; to be closed.
     *
     * @param environment the settings of images, see {@link ImageReferences}
     */
    public static LabImages of(HostEngine engine, Map<String, String> environment) {
        return new LabImages(new HostDocker(engine), ImageReferences.of(environment), HelloFiles::ofThisProgram);
    }

    /**
     * An image of the catalogue.
     *
     * @param name what it is for, such as {@code consul}
     * @param source where it comes from, with a tag
     * @param setting the environment variable that sets the source
     * @param there what the engine has; empty if it lacks it
     * @param needed whether labs need it now: the Java runtime only serves to build the hello service's image
     * @param outdated whether it was built from other files than this program has now
     */
    public record Entry(
            String name, String source, String setting, Optional<OnEngine> there, boolean needed, boolean outdated) {
        /** Whether a lab would have to get it first. */
        public boolean missing() {
            return needed && there.isEmpty();
        }
    }

    /**
     * An image that the engine has.
     *
     * @param id {@code sha256:…} of its configuration
     * @param digest under which a registry has it; empty for one that was built or loaded
     * @param bytes of all its layers
     * @param created when it was made, not when it came here
     */
    public record OnEngine(String id, String digest, long bytes, Instant created) {}

    /** Every image, in the order in which labs need them. */
    public List<Entry> list() {
        Map<Image, Optional<JsonNode>> seen = new LinkedHashMap<>();
        references.images().forEach(image -> seen.put(image, host.image(image.source())));
        boolean helloIsThere =
                seen.getOrDefault(references.hello(), Optional.empty()).isPresent();
        boolean building = references.builtHere(references.hello()) && !helloIsThere;
        HostImages images = images(told -> {});
        var entries = new ArrayList<Entry>();
        seen.forEach((image, found) -> entries.add(new Entry(
                image.name(),
                image.source(),
                image.setting(),
                found.map(LabImages::onEngine),
                building || !image.equals(references.jre()),
                found.map(json -> images.outdated(image, json)).orElse(false))));
        return entries;
    }

    private HostImages images(Consumer<EngineProgress> progress) {
        return new HostImages(host, references, hello, progress);
    }

    private static OnEngine onEngine(JsonNode seen) {
        String digest = seen.path("RepoDigests").path(0).asText("");
        return new OnEngine(
                seen.path("Id").asText(""),
                digest.substring(digest.indexOf('@') + 1),
                seen.path("Size").asLong(),
                created(seen.path("Created").asText("")));
    }

    private static Instant created(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            // Engines of late leave it out where an image does not say.
            return Instant.EPOCH;
        }
    }

    private List<String> missing() {
        return list().stream().filter(Entry::missing).map(Entry::source).toList();
    }

    /**
     * What became of getting images.
     *
     * @param fetched sources that were pulled or built
     * @param present sources that were there already
     * @param failed why, by source
     */
    public record Pulled(List<String> fetched, List<String> present, Map<String, LabException> failed) {}

    /**
     * Gets what is missing. One that cannot be had does not keep the others away.
     *
     * @param names of the catalogue, or sources; empty means all that labs need
     * @param again whether also what is there already is asked for
     * @throws LabException INPUT for an unknown name, CANCELLED if the thread was interrupted
     */
    public Pulled pull(Collection<String> names, boolean again, Consumer<EngineProgress> progress) {
        Set<String> wanted = named(names);
        var fetched = new ArrayList<String>();
        var present = new ArrayList<String>();
        var failed = new LinkedHashMap<String, LabException>();
        var board = new ProgressBoard();
        board.onProgress(progress);
        HostImages images = images(board);
        for (Entry entry : list()) {
            // The Java runtime comes with the image that is built on it.
            boolean asked = names.isEmpty()
                    ? entry.needed() && !entry.source().equals(references.jre().source())
                    : wanted.contains(entry.name());
            if (!asked) {
                continue;
            }
            if (entry.there().isPresent() && !again && !entry.outdated()) {
                present.add(entry.source());
                continue;
            }
            try {
                images.fetch(image(entry.name()));
                fetched.add(entry.source());
            } catch (LabException e) {
                if (e.kind() == Kind.CANCELLED) {
                    throw e;
                }
                failed.put(entry.source(), e);
            }
        }
        return new Pulled(List.copyOf(fetched), List.copyOf(present), failed);
    }

    private Image image(String name) {
        return references.images().stream()
                .filter(image -> image.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Set<String> named(Collection<String> names) {
        var found = new LinkedHashSet<String>();
        for (String name : names) {
            found.add(references.images().stream()
                    .filter(image -> image.name().equals(name))
                    .findFirst()
                    .or(() -> references.known(name))
                    .map(Image::name)
                    .orElseThrow(() -> new LabException(
                            Kind.INPUT,
                            "Labs use no image " + name + ".",
                            "They use " + String.join(", ", references.sources().keySet()) + ".")));
        }
        return found;
    }

    /**
     * A file of images.
     *
     * @param sources of the images in it
     * @param bytes of the file
     */
    public record Saved(List<String> sources, long bytes) {}

    /**
     * Writes the catalogue's images to one file, which is there whole or not at all.
     *
     * @param force whether a file that is there is replaced
     * @throws LabException NOT_FOUND if an image is missing, CONFLICT if the file is there, ENVIRONMENT if it cannot be
     *     written
     */
    public Saved save(Path file, boolean force, Consumer<EngineProgress> progress) {
        Path target = file.toAbsolutePath();
        if (Files.isDirectory(target)) {
            throw new LabException(
                    Kind.INPUT,
                    file + " is a folder.",
                    "Name a file in it, such as " + file.resolve("images.tar") + ".");
        }
        if (Files.exists(target) && !force) {
            throw new LabException(Kind.CONFLICT, "The file " + file + " is there already.", "--force replaces it.");
        }
        List<Entry> entries = list();
        List<String> missing =
                entries.stream().filter(Entry::missing).map(Entry::name).toList();
        if (!missing.isEmpty()) {
            throw new LabException(
                    Kind.NOT_FOUND,
                    "Not all images are on this computer: " + String.join(", ", missing)
                            + (missing.size() == 1 ? " is" : " are") + " missing. Nothing was written.",
                    "`clusterlab images pull` gets them; then save again.");
        }
        List<String> sources = entries.stream()
                .filter(entry -> entry.there().isPresent())
                .map(Entry::source)
                .distinct()
                .toList();
        String subject = String.valueOf(target.getFileName());
        var written = new long[1];
        try (InputStream from = host.save(sources)) {
            WholeFile.write(
                    target,
                    from,
                    bytes -> {
                        written[0] = bytes;
                        // Layers that images share are in it once: nobody knows its length before the end.
                        progress.accept(EngineProgress.of(subject, Stage.ARCHIVING_IMAGE, bytes / 1_000_000 + " MB"));
                    },
                    ImageArchive::read);
        } catch (IOException e) {
            throw WholeFile.cannotWrite(file, e);
        }
        progress.accept(EngineProgress.of(subject, Stage.DONE, written[0] / 1_000_000 + " MB"));
        return new Saved(sources, written[0]);
    }

    /**
     * What a file brought.
     *
     * @param brought sources of the catalogue that were in it
     * @param others further names that were in it
     * @param missing sources that labs still lack
     */
    public record Loaded(List<String> brought, List<String> others, List<String> missing) {}

    /**
     * Loads a file of images into the engine. It is read first: a file of another kind, or one that is damaged, changes
     * nothing.
     *
     * @throws LabException NOT_FOUND or INPUT as {@link ImageArchive#read}, ENVIRONMENT if the engine's disk is full
     */
    public Loaded load(Path file, Consumer<EngineProgress> progress) {
        ImageArchive archive = ImageArchive.read(file);
        String subject = String.valueOf(file.getFileName());
        try (InputStream bytes = counted(file, subject, progress)) {
            host.upload("load " + file, "/images/load?quiet=true", bytes, message -> {});
        } catch (IOException e) {
            throw new LabException(
                    Kind.INPUT,
                    "Cannot read " + file + ": " + FileTrouble.reason(e) + ".",
                    "See that the file is yours to read.",
                    e);
        }
        progress.accept(EngineProgress.of(subject, Stage.DONE));
        Collection<String> sources = references.sources().values();
        return new Loaded(
                archive.names().stream().filter(sources::contains).toList(),
                archive.names().stream().filter(name -> !sources.contains(name)).toList(),
                missing());
    }

    private static InputStream counted(Path file, String subject, Consumer<EngineProgress> progress)
            throws IOException {
        long total = Files.size(file);
        return new FilterInputStream(Files.newInputStream(file)) {
            private long sum;

            @Override
            public int read() throws IOException {
                int read = super.read();
                told(read < 0 ? 0 : 1);
                return read;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int read = super.read(into, offset, length);
                told(Math.max(0, read));
                return read;
            }

            private void told(int bytes) {
                sum += bytes;
                progress.accept(EngineProgress.ofBytes(subject, Stage.LOADING_IMAGE, sum, total));
            }
        };
    }

    @Override
    public void close() {
        host.close();
    }
}
