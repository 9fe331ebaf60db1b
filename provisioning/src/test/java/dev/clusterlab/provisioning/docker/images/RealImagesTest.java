package dev.clusterlab.provisioning.docker.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.docker.RealStack;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images on a real engine, under names of the test's own: nobody else's image is removed or changed. */
@Timeout(value = 6, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RealImagesTest {
    private static final List<String> NAMES = List.of("one", "two", "hello");

    private final String own = "clusterlab-test/" + ProcessHandle.current().pid() + "-" + System.identityHashCode(this);

    @TempDir
    private Path folder;

    private HostDocker host;

    @BeforeAll
    static void needsAnEngine() {
        RealStack.require();
    }

    @BeforeEach
    void connect() {
        host = RealStack.host();
    }

    @AfterEach
    void removeOwnNames() {
        NAMES.forEach(this::untag);
        host.close();
    }

    private String own(String name) {
        return own + "-" + name + ":latest";
    }

    private void tag(String source, String name) {
        host.call(
                "test",
                client -> client.tagImageCmd(source, own + "-" + name, "latest").exec());
    }

    private void untag(String name) {
        if (host.hasImage(own(name))) {
            host.delete("test", "/images/" + own(name));
        }
    }

    private static ImageReferences real() {
        return ImageReferences.of(System.getenv());
    }

    /** The whole catalogue comes from two images. */
    private LabImages images() {
        Map<String, String> settings = new HashMap<>();
        real().images().forEach(image -> settings.put(image.setting(), own("one")));
        settings.put(real().hello().setting(), own("two"));
        return new LabImages(RealStack.host(), ImageReferences.of(settings), HelloFiles::ofThisProgram);
    }

    @Test
    void whatWasSavedIsThereAgainOnceItIsLoaded() {
        String source = real().known("busybox").orElseThrow().source();
        tag(source, "one");
        tag(source, "two");
        Path file = folder.resolve("images.tar");
        var told = new CopyOnWriteArrayList<EngineProgress>();
        try (LabImages images = images()) {
            LabImages.Saved saved = images.save(file, false, told::add);
            assertThat(saved.sources()).containsExactly(own("one"), own("two"));
            assertThat(file).hasSize(saved.bytes());
            assertThat(told).last().satisfies(end -> assertThat(end.detail()).endsWith(" MB"));
            untag("one");
            untag("two");
            assertThat(images.list()).anyMatch(LabImages.Entry::missing);
            LabImages.Loaded loaded = images.load(file, told::add);
            assertThat(loaded.brought()).containsExactlyInAnyOrder(own("one"), own("two"));
            assertThat(loaded.others()).isEmpty();
            assertThat(loaded.missing()).isEmpty();
            assertThat(images.list()).noneMatch(LabImages.Entry::missing);
        }
    }

    @Test
    void aFileThatWasCutOffChangesNothing() throws IOException {
        tag(real().known("busybox").orElseThrow().source(), "one");
        tag(real().known("busybox").orElseThrow().source(), "two");
        Path file = folder.resolve("images.tar");
        try (LabImages images = images()) {
            images.save(file, false, told -> {});
            untag("one");
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(Files.size(file) / 2);
            }
            assertThat(catchThrowableOfType(LabException.class, () -> images.load(file, told -> {})))
                    .hasMessageContaining("is damaged");
            assertThat(host.hasImage(own("one"))).isFalse();
        }
    }

    @Test
    void anImageThatNoRegistryGivesSaysSo() {
        var images = new HostImages(host, real(), HelloFiles::ofThisProgram, told -> {});
        var absent = new ImageReferences.Image("traefik", "registry.invalid/absent:latest", List.of());
        LabException refused = catchThrowableOfType(LabException.class, () -> images.obtain(absent));
        assertThat(refused)
                .hasMessageContaining("registry.invalid/absent")
                .hasMessageContaining("the registry cannot be reached");
        assertThat(refused.advice()).contains("CLUSTERLAB_IMAGE_TRAEFIK");
    }

    @Test
    void theSameFilesGiveTheSameLayersAndTheServiceRuns() {
        List<String> first = build();
        untag("hello");
        List<String> second = build();
        assertThat(second).isEqualTo(first).hasSizeGreaterThan(1);
        assertThat(healthOf(own("hello"))).contains("UP");
    }

    /** Digests of the layers of a build without a cache. */
    private List<String> build() {
        HelloImage.build(host, HelloFiles.ofThisProgram(), real().jre().source(), own("hello"));
        JsonNode seen = host.get("test", "/images/" + own("hello") + "/json");
        assertThat(seen.path("Config")
                        .path("Labels")
                        .path(HelloImage.CONTENT_LABEL)
                        .asText())
                .isEqualTo(HelloImage.content(HelloFiles.ofThisProgram()));
        return seen.path("RootFS")
                .path("Layers")
                .valueStream()
                .map(JsonNode::asText)
                .toList();
    }

    /** Its own health, asked inside its container, which has no network. */
    private String healthOf(String image) {
        ObjectNode container = LoopbackHttp.JSON.createObjectNode();
        container.put("Image", image);
        container.putObject("HostConfig").put("NetworkMode", "none");
        String id =
                host.post("test", "/containers/create", container).path("Id").asText();
        try {
            host.post("test", "/containers/" + id + "/start");
            long deadlineNanos = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            String health = "";
            while (!health.contains("UP") && System.nanoTime() < deadlineNanos) {
                health = host.run("test", id, "wget", "-q", "-O", "-", "http://127.0.0.1:8080/health");
            }
            return health;
        } finally {
            host.delete("test", "/containers/" + id + "?force=true&v=true");
        }
    }
}
