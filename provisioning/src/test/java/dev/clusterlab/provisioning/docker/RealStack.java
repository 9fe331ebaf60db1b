package dev.clusterlab.provisioning.docker;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.clusterlab.provisioning.UserFolders;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostEngineFinder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The Docker Engine that tests may use: only one that was named for them, never one that they find by themselves. */
public final class RealStack {
    private RealStack() {}

    /** Skips the test without an engine; with one that was named, nothing is skipped. */
    public static void require() {
        assumeTrue(
                !System.getenv().getOrDefault("CLUSTERLAB_DOCKER_HOST", "").isBlank(),
                "CLUSTERLAB_DOCKER_HOST names no Docker Engine for tests; .ci/real-stack/prepare makes one");
    }

    /** The settings of this process, with folders of the test's own. Archives of images are shared by all tests. */
    static DockerSettings settings(Path folder) {
        DockerSettings own = DockerSettings.of(
                System.getenv(), new UserFolders("linux", Map.of("CLUSTERLAB_HOME", folder.toString()), folder));
        return new DockerSettings(
                own.images(), own.isolation(), own.ports(), own.records(), Path.of("target", "real-images"));
    }

    static DockerEngine engine(Path folder) {
        return DockerEngine.create(settings(folder), HostEngineFinder.ofThisUser());
    }

    /** A second connection to the engine, to look at it from outside the lab. */
    public static HostDocker host() {
        return new HostDocker(HostEngineFinder.ofThisUser().find());
    }

    static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("clusterlab");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
