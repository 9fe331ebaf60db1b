package dev.clusterlab.simulator.swarm;

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
    static final String REGISTRY_UNREACHABLE =
            "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host";

    private static final Duration LOOKUP = Duration.ofMillis(120);
    private static final Duration PULL_MIN = Duration.ofMillis(900);
    /** Of a home connection: 400 Mbit/s. */
    private static final long BYTES_PER_SECOND = 50_000_000;

    private final World world;
    private final Map<String, Local> byReference = new LinkedHashMap<>();

    /** An image on this machine under one reference. */
    record Local(String reference, ProgramCatalog.Image image, String id, String digest) {}

    ImageStore(World world) {
        this.world = world;
    }

    /** {@code name} → {@code name:latest}; without default registry and digest. */
    static String normalized(String reference) {
        String name = reference;
        int digest = name.indexOf('@');
        String bare = digest >= 0 ? name.substring(0, digest) : name;
        int colon = bare.lastIndexOf(':');
        String tag = colon > bare.lastIndexOf('/') ? bare.substring(colon + 1) : "latest";
        return ProgramCatalog.repository(reference) + ":" + tag;
    }

    /**
     * The digest of an image's manifest, the same in the registry, on every machine and in a service: the one in the
     * reference, or one made of the full name.
     */
    public static String digest(String reference) {
        int at = reference.indexOf('@');
        return at >= 0 ? reference.substring(at + 1) : "sha256:" + hexOf(normalized(reference), "digest");
    }

    Optional<Local> find(String reference) {
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

    Local require(String reference) {
        return find(reference).orElseThrow(() -> ApiException.notFound("No such image: " + normalized(reference)));
    }

    List<Local> all() {
        return List.copyOf(byReference.values());
    }

    /** Puts an image of the catalogue on this machine at once, as a load from a file would. False if unknown. */
    boolean load(String reference) {
        Optional<ProgramCatalog.Image> image = world.catalog().find(reference);
        if (image.isEmpty()) {
            return false;
        }
        String name = normalized(reference);
        byReference.computeIfAbsent(
                name, key -> new Local(key, image.get(), "sha256:" + hexOf(key, "image"), digest(key)));
        return true;
    }

    static String hexOf(String reference, String kind) {
        return new SimRandom(7).split(kind + " " + reference).hex(64);
    }

    /** Pulls in {@code scope}; what there is already takes only a look at the registry. */
    void pull(String reference, Scope scope, Consumer<Image.Progress> progress, Consumer<@Nullable ApiException> done) {
        String name = normalized(reference);
        String tag = name.substring(name.lastIndexOf(':') + 1);
        String repository = name.substring(0, name.lastIndexOf(':'));
        Optional<ProgramCatalog.Image> image = world.catalog().find(reference);
        if (image.isEmpty()) {
            scope.schedule(LOOKUP, () -> done.accept(new ApiException(500, REGISTRY_UNREACHABLE)));
            return;
        }
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
                            "Downloading", layer, Map.of("current", size / 2, "total", size), null)));
        }
        scope.schedule(time, () -> {
            load(reference);
            if (!present) {
                progress.accept(new Image.Progress("Pull complete", layer, Map.of(), null));
            }
            Local local = require(reference);
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

    List<Image.Removed> remove(String reference) {
        Local local = require(reference);
        byReference.remove(local.reference());
        var removed = new ArrayList<Image.Removed>();
        removed.add(new Image.Removed(local.reference(), null));
        removed.add(new Image.Removed(null, local.id()));
        return removed;
    }

    static Image.Summary summary(Local local, Instant epoch, long containers) {
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

    static Image.Details details(Local local, Instant epoch) {
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
