package dev.clusterlab.simulator.swarm.kept;

import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.DockerJson;
import dev.clusterlab.simulator.docker.api.Image;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Images on one machine. Those of the catalogue can be pulled; for any other the registry is out of reach. */
public final class ImageStore {
    /** What a name look-up without a network gives. */
    public static final String REGISTRY_UNREACHABLE =
            "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host";

    private static final Duration LOOKUP = Duration.ofMillis(120);
    private static final Duration PULL_MIN = Duration.ofMillis(900);
    /** Of a home connection: 400 Mbit/s. */
    private static final long BYTES_PER_SECOND = 50_000_000;

    private final ProgramCatalog catalog;
    private final Map<String, Local> byReference = new LinkedHashMap<>();

    /** An image on this machine under one reference. */
    public record Local(String reference, ProgramCatalog.Image image, String id, String digest) {}

    public ImageStore(ProgramCatalog catalog) {
        this.catalog = catalog;
    }

    /** {@code name} → {@code name:latest}; without default registry and digest. */
    public static String normalized(String reference) {
        return ProgramCatalog.repository(reference) + ":" + ProgramCatalog.tag(reference);
    }

    /** {@code name:latest}, or {@code name@digest} as it was given if it has a digest and no tag. */
    private static String shown(String reference) {
        int at = reference.indexOf('@');
        boolean tagged = at < 0
                || reference.substring(0, at).lastIndexOf(':')
                        > reference.substring(0, at).lastIndexOf('/');
        if (!tagged) {
            return ProgramCatalog.withoutDefaults(reference);
        }
        return normalized(reference) + (at < 0 ? "" : reference.substring(at));
    }

    /** The full name, with its tag, of what a reference names in the registry; empty if the registry has no such thing. */
    public static Optional<String> released(ProgramCatalog.Image image, String reference) {
        int at = reference.indexOf('@');
        if (at < 0) {
            return image.tags().has(ProgramCatalog.tag(reference))
                    ? Optional.of(normalized(reference))
                    : Optional.empty();
        }
        // A digest alone decides; a tag beside it is not looked at.
        String wanted = reference.substring(at + 1);
        if (digestOf(normalized(reference)).equals(wanted) && image.tags().has(ProgramCatalog.tag(reference))) {
            return Optional.of(normalized(reference));
        }
        return image.tags().all().stream()
                .map(tag -> image.repository() + ":" + tag)
                .filter(name -> digestOf(name).equals(wanted))
                .findFirst();
    }

    /** The digest of an image's manifest, the same in the registry, on every machine and in a service. */
    public static String digestOf(String normalized) {
        return "sha256:" + hexOf(normalized, "digest");
    }

    /** What the registry says of a tag or digest that it does not have. */
    private static ApiException unknown(String reference) {
        return ApiException.notFound(
                "manifest for " + shown(reference) + " not found: manifest unknown: manifest unknown");
    }

    public Optional<Local> find(String reference) {
        int at = reference.indexOf('@');
        if (at >= 0) {
            String repository = ProgramCatalog.repository(reference);
            return byReference.values().stream()
                    .filter(local -> local.digest().equals(reference.substring(at + 1))
                            && ProgramCatalog.repository(local.reference()).equals(repository))
                    .findFirst();
        }
        Local found = byReference.get(normalized(reference));
        if (found == null) {
            String wanted = reference.startsWith("sha256:") ? reference.substring(7) : reference;
            for (Local local : byReference.values()) {
                String hex = local.id().substring(7);
                if (wanted.length() >= 4 && hex.startsWith(wanted)) {
                    return Optional.of(local);
                }
            }
        }
        return Optional.ofNullable(found);
    }

    public Local require(String reference) {
        return find(reference).orElseThrow(() -> ApiException.notFound("No such image: " + shown(reference)));
    }

    public List<Local> all() {
        return List.copyOf(byReference.values());
    }

    /** Puts an image of the catalogue on this machine at once, as a load from a file would. False if unknown. */
    public boolean load(String reference) {
        Optional<ProgramCatalog.Image> image = catalog.find(reference);
        Optional<String> released = image.flatMap(known -> released(known, reference));
        if (image.isEmpty() || released.isEmpty()) {
            return false;
        }
        String name = released.get();
        byReference.computeIfAbsent(
                name, key -> new Local(key, image.get(), "sha256:" + hexOf(key, "image"), digestOf(key)));
        return true;
    }

    public static String hexOf(String reference, String kind) {
        return new SimRandom(7).split(kind + " " + reference).hex(64);
    }

    /** Pulls in {@code scope}; what there is already takes only a look at the registry. */
    public void pull(
            String reference, Scope scope, Consumer<Image.Progress> progress, Consumer<@Nullable ApiException> done) {
        Optional<ProgramCatalog.Image> image = catalog.find(reference);
        if (image.isEmpty()) {
            scope.schedule(LOOKUP, () -> done.accept(new ApiException(500, REGISTRY_UNREACHABLE)));
            return;
        }
        Optional<String> released = released(image.get(), reference);
        if (released.isEmpty()) {
            scope.schedule(LOOKUP, () -> done.accept(unknown(reference)));
            return;
        }
        String name = released.get();
        String tag = name.substring(name.lastIndexOf(':') + 1);
        String repository = name.substring(0, name.lastIndexOf(':'));
        boolean present = byReference.containsKey(name);
        String shown = repository.contains("/") ? repository : "library/" + repository;
        progress.accept(new Image.Progress("Pulling from " + shown, tag, null, null));
        long size = image.get().sizeBytes();
        Duration time = present ? LOOKUP : PULL_MIN.plusNanos(size * 1_000_000_000L / BYTES_PER_SECOND);
        String layer = hexOf(name, "layer").substring(0, 12);
        if (!present) {
            progress.accept(new Image.Progress("Pulling fs layer", layer, Map.of(), null));
            scope.schedule(
                    time.dividedBy(2),
                    () -> progress.accept(new Image.Progress(
                            "Downloading", layer, Ordered.map("current", size / 2, "total", size), null)));
        }
        scope.schedule(time, () -> {
            load(name);
            if (!present) {
                progress.accept(new Image.Progress("Pull complete", layer, Map.of(), null));
            }
            Local local = require(name);
            progress.accept(new Image.Progress("Digest: " + local.digest(), null, null, null));
            progress.accept(new Image.Progress(
                    "Status: " + (present ? "Image is up to date for " : "Downloaded newer image for ")
                            + (reference.contains("@") || reference.contains(":") ? reference : name),
                    null,
                    null,
                    null));
            done.accept(null);
        });
    }

    public List<Image.Removed> remove(String reference) {
        Local local = require(reference);
        byReference.remove(local.reference());
        var removed = new ArrayList<Image.Removed>();
        removed.add(new Image.Removed(local.reference(), null));
        removed.add(new Image.Removed(null, local.id()));
        return removed;
    }

    public static Image.Summary summary(Local local, Instant epoch, long containers) {
        return new Image.Summary(
                local.id(),
                "",
                List.of(local.reference()),
                List.of(ProgramCatalog.repository(local.reference()) + "@" + local.digest()),
                epoch.getEpochSecond(),
                local.image().sizeBytes(),
                -1,
                Map.of(),
                containers);
    }

    public static Image.Details details(Local local, Instant epoch) {
        var ports = new LinkedHashMap<String, Object>();
        local.image().exposedPorts().stream().sorted().forEach(port -> ports.put(port + "/tcp", Map.of()));
        return new Image.Details(
                local.id(),
                List.of(local.reference()),
                List.of(ProgramCatalog.repository(local.reference()) + "@" + local.digest()),
                DockerJson.time(epoch),
                local.image().sizeBytes(),
                "amd64",
                "linux",
                new Image.ImageConfig(
                        local.image().command(), local.image().entryPoint(), List.of(), ports, Map.of(), "/"));
    }
}
