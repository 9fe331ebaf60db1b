package dev.clusterlab.provisioning.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.UserFolders;
import dev.clusterlab.provisioning.docker.images.ImageReferences;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DockerSettingsTest {
    private static DockerSettings of(Map<String, String> environment) {
        return DockerSettings.of(environment, new UserFolders("linux", Map.of(), Path.of("home")));
    }

    @Test
    void labsGetThePublishedImagesByDefault() {
        ImageReferences images = of(Map.of()).images();
        assertThat(images.node().source()).isEqualTo("docker:dind");
        assertThat(images.sources()).containsKeys("consul", "traefik", "visualizer", "hello");
    }

    @Test
    void anImageFromElsewhereKeepsTheNameThatLabsUse() {
        ImageReferences images = of(Map.of("CLUSTERLAB_IMAGE_CONSUL", "mirror.example:5000/consul"))
                .images();
        var consul = images.known("hashicorp/consul").orElseThrow();
        assertThat(consul.source()).isEqualTo("mirror.example:5000/consul:latest");
        assertThat(consul.known()).contains("hashicorp/consul:latest");
        assertThat(images.known("hashicorp/consul:latest@sha256:00")).contains(consul);
        assertThat(images.known("nginx")).isEmpty();
    }

    @Test
    void isolationIsASetting() {
        assertThat(of(Map.of()).isolation()).isEmpty();
        assertThat(of(Map.of("CLUSTERLAB_ISOLATION", "capabilities")).isolation())
                .contains(NodeIsolation.CAPABILITIES);
        assertThatThrownBy(() -> of(Map.of("CLUSTERLAB_ISOLATION", "none")))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("none");
    }

    @Test
    void portsAreASetting() {
        assertThat(of(Map.of("CLUSTERLAB_PORTS", "80, 8500")).ports()).containsExactly(80, 8500);
        assertThatThrownBy(() -> of(Map.of("CLUSTERLAB_PORTS", "80,99999")))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("99999");
    }
}
