package dev.clusterlab.provisioning.docker.images;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostEngineFinder;
import dev.clusterlab.provisioning.docker.images.ImageReferences.Image;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How much disk the images of a lab take where they are to come. Sizes are those that the Docker Engine of this computer says; an image
 * that it does not have is taken to be as large as {@link #ASSUMED_BYTES}. Immutable.
 */
public final class ImageSpace {
    /** An estimate: the largest of those that the tests run has 200 MB, with all its layers. */
    public static final long ASSUMED_BYTES = 300_000_000L;

    /** An estimate of what logs, the disks of containers and Swarm's own state take beside them. */
    static final long BESIDE_BYTES = 200_000_000L;

    private final ImageReferences references;
    private final Map<String, Long> known;

    /** @param known bytes, by the source of an image */
    public ImageSpace(ImageReferences references, Map<String, Long> known) {
        this.references = references;
        this.known = Map.copyOf(known);
    }

    /** With the sizes that this computer's engine says, if there is one. */
    public static ImageSpace of(ImageReferences references, HostEngineFinder finder) {
        var sizes = new LinkedHashMap<String, Long>();
        try (var own = new HostDocker(finder.find())) {
            for (Image image : references.images()) {
                own.image(image.source())
                        .ifPresent(seen ->
                                sizes.put(image.source(), seen.path("Size").asLong()));
            }
        } catch (LabException e) {
            // Labs on hosts need no engine here: then their sizes are assumed.
            return new ImageSpace(references, sizes);
        }
        return new ImageSpace(references, sizes);
    }

    /**
     * What is needed where some images are already.
     *
     * @param bytes all that lack, the largest once more, since an archive lies beside what it is unpacked to, and what a lab itself writes
     * @param lacking how many images that are
     * @param assumed how many of them have a size that is assumed
     */
    public record Need(long bytes, int lacking, int assumed) {}

    /** @param there names with tags of images that the host has */
    public Need beside(Collection<String> there) {
        List<Image> lacking = references.images().stream()
                .filter(image -> !image.known().isEmpty())
                .filter(image -> Stream.concat(image.known().stream(), Stream.of(image.source()))
                        .noneMatch(there::contains))
                .toList();
        long sum = 0;
        long largest = 0;
        int assumed = 0;
        for (Image image : lacking) {
            long bytes = known.getOrDefault(image.source(), ASSUMED_BYTES);
            assumed += known.containsKey(image.source()) ? 0 : 1;
            sum += bytes;
            largest = Math.max(largest, bytes);
        }
        return new Need(sum + largest + BESIDE_BYTES, lacking.size(), assumed);
    }
}
