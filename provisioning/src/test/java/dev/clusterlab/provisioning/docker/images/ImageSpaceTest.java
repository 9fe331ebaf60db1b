package dev.clusterlab.provisioning.docker.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.docker.images.ImageSpace.Need;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImageSpaceTest {
    private static final ImageReferences REFERENCES =
            ImageReferences.of(Map.of("CLUSTERLAB_IMAGE_CONSUL", "mirror/consul:1"));

    @Test
    void countsWhatLacksByItsSizeHereTheLargestTwiceAndWhatALabWrites() {
        var space = new ImageSpace(
                REFERENCES, Map.of("mirror/consul:1", 80_000_000L, "traefik:v3", 200_000_000L, "docker:dind", 1L));
        assertThat(space.beside(
                        List.of("dockersamples/visualizer:latest", "clusterlab/hello:latest", "busybox:latest")))
                .isEqualTo(new Need(280_000_000L + 200_000_000L + ImageSpace.BESIDE_BYTES, 2, 0));
    }

    @Test
    void assumesTheSizeOfWhatThisComputerLacks() {
        var space = new ImageSpace(REFERENCES, Map.of());
        assertThat(space.beside(
                        List.of("consul:latest", "traefik:v3", "manomarks/visualizer:latest", "busybox:latest")))
                .isEqualTo(new Need(2 * ImageSpace.ASSUMED_BYTES + ImageSpace.BESIDE_BYTES, 1, 1));
    }

    @Test
    void needsWhatALabWritesWhereAllImagesAre() {
        var all =
                REFERENCES.images().stream().map(ImageReferences.Image::source).toList();
        assertThat(new ImageSpace(REFERENCES, Map.of()).beside(all)).isEqualTo(new Need(ImageSpace.BESIDE_BYTES, 0, 0));
    }
}
