package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An image exists under the tags and digests that were released, and under no other. */
class ImageTagTest {
    private final SwarmLab lab = SwarmLab.swarm(1, 1, 1);

    private String pull(String reference) {
        return SwarmLab.error(
                lab.<Nothing>call("m1", (daemon, done) -> daemon.imagePull(reference, progress -> {}, done)));
    }

    private String digest(String reference) {
        pull(reference);
        String named =
                lab.get("m1").daemon().image(reference).orThrow().repoDigests().get(0);
        return named.substring(named.indexOf('@'));
    }

    @Test
    void releasedTagsCanBePulled() {
        for (String reference : List.of(
                "nginx",
                "nginx:1.27",
                "nginx:1.27.5-alpine",
                "alpine:3.20",
                "docker.io/library/busybox:1.37",
                "ubuntu:24.04")) {
            assertThat(pull(reference)).as(reference).startsWith("ok");
        }
        for (String reference : List.of("nginx:nope", "nginx:1.27.6", "nginx:2", "alpine:4")) {
            assertThat(pull(reference))
                    .isEqualTo("404 manifest for " + reference + " not found: manifest unknown: manifest unknown");
        }
    }

    @Test
    void aDigestNamesOneImage() {
        String digest = digest("nginx:1.27");
        assertThat(pull("nginx" + digest)).startsWith("ok");
        assertThat(pull("nginx:1.27" + digest)).startsWith("ok");
        assertThat(digest("nginx:1.28")).isNotEqualTo(digest);
        String other = "@sha256:" + "0".repeat(64);
        assertThat(pull("nginx:1.27" + other))
                .isEqualTo("404 manifest for nginx:1.27" + other + " not found: manifest unknown: manifest unknown");
        assertThat(SwarmLab.error(lab.get("m1").daemon().image("nginx:1.27" + other)))
                .isEqualTo("404 No such image: nginx:1.27" + other);
    }

    private Spec web(String image, String failureAction) {
        return Spec.service("web")
                .image(image)
                .replicas(2)
                .update(1, Duration.ZERO, failureAction, Duration.ofSeconds(5), "stop-first");
    }

    @Test
    void anUpdateToATagThatDoesNotExistIsPaused() {
        lab.createRunning("m1", web("nginx:1.27", "pause"), 2);
        lab.update("m1", web("nginx:nope", "pause"));
        lab.until(() -> lab.service("m1", "web").updateStatus() instanceof Service.UpdateStatus status
                && status.state().equals("paused"));
        Task rejected = lab.tasks("m1", "web").stream()
                .filter(task -> task.state() == TaskState.REJECTED)
                .findFirst()
                .orElseThrow();
        assertThat(rejected.status().err()).isEqualTo("No such image: nginx:nope");
        assertThat(lab.running("m1", "web")).hasSize(1);
    }

    @Test
    void anUpdateToATagThatDoesNotExistIsRolledBack() {
        lab.createRunning("m1", web("nginx:1.27", "rollback"), 2);
        lab.update("m1", web("nginx:nope", "rollback"));
        lab.until(() -> lab.service("m1", "web").updateStatus() instanceof Service.UpdateStatus status
                && status.state().equals("rollback_completed"));
        lab.until(() -> lab.runs("m1", "web", 2));
        assertThat(lab.running("m1", "web"))
                .allMatch(task -> task.spec().container().image().equals("nginx:1.27"));
    }
}
