package dev.clusterlab.simulator.programs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The images that exist in the simulated world and the programs inside. An image that is not here fails to pull, as one
 * does from a registry that cannot be reached.
 */
public final class ProgramCatalog {
    private final Map<String, Image> images = new LinkedHashMap<>();

    /** Makes the program of one container. */
    @FunctionalInterface
    public interface Factory {
        Program create(ProgramContext context);
    }

    /**
     * An image.
     *
     * @param repository name without registry host and tag, e.g. {@code hashicorp/consul}
     * @param exposedPorts TCP ports that the image declares
     * @param sizeBytes for display
     */
    public record Image(
            String repository, List<String> entryPoint, Set<Integer> exposedPorts, long sizeBytes, Factory factory) {}

    public ProgramCatalog add(Image image) {
        images.put(image.repository(), image);
        return this;
    }

    /** Every known image, in the order of registration. */
    public List<Image> images() {
        return List.copyOf(images.values());
    }

    /**
     * The image of a reference such as {@code traefik:v3}, {@code docker.io/library/traefik@sha256:…} or
     * {@code progrium/consul}.
     */
    public Optional<Image> find(String reference) {
        return Optional.ofNullable(images.get(repository(reference)));
    }

    /** The repository of a reference: without digest, tag, default registry and {@code library/}. */
    public static String repository(String reference) {
        String name = reference;
        int digest = name.indexOf('@');
        if (digest >= 0) {
            name = name.substring(0, digest);
        }
        int tag = name.lastIndexOf(':');
        if (tag > name.lastIndexOf('/')) {
            name = name.substring(0, tag);
        }
        return withoutDefaults(name);
    }

    /** A reference without the default registry and {@code library/}. */
    public static String withoutDefaults(String reference) {
        String name = reference;
        for (String prefix : List.of("docker.io/", "index.docker.io/", "library/")) {
            if (name.startsWith(prefix)) {
                name = name.substring(prefix.length());
            }
        }
        return name;
    }
}
