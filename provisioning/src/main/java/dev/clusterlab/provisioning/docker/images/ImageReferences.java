package dev.clusterlab.provisioning.docker.images;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The one catalogue of the images that a lab uses. Labs name images as the world knows them ({@code hashicorp/consul});
 * where they come from is a setting, so that a lab runs unchanged where only a mirror or home-made images can be had.
 *
 * @param images in the order in which labs need them; the node image first
 */
public record ImageReferences(List<Image> images) {
    private static final String LATEST = ":latest";

    public ImageReferences {
        images = List.copyOf(images);
    }

    /**
     * @param name what it is for, as in the setting {@code CLUSTERLAB_IMAGE_<NAME>}
     * @param source where the host's engine has or gets it from
     * @param known names by which labs call it, with tags; empty for what labs never name
     */
    public record Image(String name, String source, List<String> known) {
        public Image {
            known = List.copyOf(known);
        }

        /** The environment variable that sets {@link #source}. */
        public String setting() {
            return "CLUSTERLAB_IMAGE_" + name.toUpperCase(java.util.Locale.ROOT);
        }
    }

    private static final ImageReferences DEFAULTS = new ImageReferences(List.of(
            new Image("node", "docker:dind", List.of()),
            new Image(
                    "visualizer",
                    "dockersamples/visualizer:latest",
                    List.of("dockersamples/visualizer:latest", "manomarks/visualizer:latest")),
            new Image(
                    "consul",
                    "hashicorp/consul:1.20",
                    List.of("hashicorp/consul:latest", "hashicorp/consul:1.20", "consul:latest")),
            new Image("hello", "clusterlab/hello:latest", List.of("clusterlab/hello:latest")),
            new Image("traefik", "traefik:v3", List.of("traefik:v3", "traefik:latest")),
            new Image("busybox", "busybox:latest", List.of("busybox:latest")),
            new Image("jre", "eclipse-temurin:25-jre", List.of())));

    /** The published images, with sources replaced by the settings in {@code environment}. */
    public static ImageReferences of(Map<String, String> environment) {
        return new ImageReferences(DEFAULTS.images().stream()
                .map(image -> {
                    String set = environment.getOrDefault(image.setting(), "");
                    return set.isBlank() ? image : new Image(image.name(), tagged(set), image.known());
                })
                .toList());
    }

    /** What machines are made of. */
    public Image node() {
        return images.getFirst();
    }

    /** The hello service. */
    public Image hello() {
        return named("hello");
    }

    /** A Java runtime, on which the image of the hello service is built. */
    public Image jre() {
        return named("jre");
    }

    private Image named(String name) {
        return images.stream()
                .filter(image -> image.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Whether it is the project's own, which no registry has: then it is built here. */
    public boolean builtHere(Image image) {
        return image.equals(DEFAULTS.hello());
    }

    /** The catalogue's image by a name that a lab used, with or without a tag or a digest. */
    public Optional<Image> known(String reference) {
        String wanted = tagged(reference);
        return images.stream()
                .filter(image ->
                        image.known().contains(wanted) || image.source().equals(wanted))
                .findFirst();
    }

    /** The image that a service's reference means: of the catalogue, or else itself. */
    public Image meant(String reference) {
        return known(reference).orElseGet(() -> {
            String tagged = tagged(reference);
            return new Image(tagged, tagged, List.of(tagged));
        });
    }

    /** Source by name. */
    public Map<String, String> sources() {
        var sources = new LinkedHashMap<String, String>();
        images.forEach(image -> sources.put(image.name(), image.source()));
        return sources;
    }

    /** With {@code :latest} where no tag is said, and without a digest. */
    static String tagged(String reference) {
        int at = reference.indexOf('@');
        String plain = at < 0 ? reference : reference.substring(0, at);
        return plain.lastIndexOf(':') > plain.lastIndexOf('/') ? plain : plain + LATEST;
    }
}
