package dev.clusterlab.simulator.endpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.simulator.programs.ProgramCatalog;
import dev.clusterlab.simulator.programs.StandardImages;
import dev.clusterlab.simulator.swarm.PowerState;
import dev.clusterlab.simulator.swarm.SimMachine;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What loopback ports a machine has, over its life. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MachinePortsTest {
    private static final int PUBLISHED = 8080;
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void keepTheirNumbersWhileTheMachineLivesAndCostNothingWhenItStartsAgain() throws Exception {
        try (var cluster = new EmbeddedCluster(EmbeddedCluster.Settings.unattended(7, catalog()))) {
            cluster.createMachine("leader1");
            publish(cluster);
            Map<Integer, Integer> ports = awaitPublished(cluster);
            int docker = cluster.find("leader1").orElseThrow().dockerPort();
            assertThat(answers(published(ports))).isTrue();
            again(cluster, ports);
            again(cluster, ports);

            int threads = Thread.getAllStackTraces().size();
            long descriptors = descriptors();
            for (int i = 0; i < 50; i++) {
                again(cluster, ports);
            }
            assertThat(cluster.find("leader1").orElseThrow().dockerPort()).isEqualTo(docker);
            assertThat(answers(published(ports))).isTrue();
            // The JVM may begin a thread of its own meanwhile; a leak would show as 50 or more.
            assertThat(Thread.getAllStackTraces().size()).isLessThan(threads + 10);
            assertThat(descriptors()).isLessThan(descriptors + 10);
            assertThat(cluster.driver().failures()).isEmpty();
        }
    }

    /** As the end of a fault's lease does, which looks at machines in an event of the simulation. */
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aMachineCanBeLookedAtInsideWhileItsPortsAreVisited() throws Exception {
        try (var cluster = new EmbeddedCluster(EmbeddedCluster.Settings.unattended(7, catalog()))) {
            cluster.createMachine("leader1");
            for (int i = 0; i < 20; i++) {
                var visiting = new CountDownLatch(1);
                // The visit asks the simulation's thread, which is busy with this look, and must not keep it from
                // ending.
                Thread visitor = Thread.ofPlatform().unstarted(() -> {
                    visiting.countDown();
                    cluster.machines();
                });
                cluster.driver().run(() -> {
                    visitor.start();
                    awaitWaiting(visiting, visitor);
                    assertThat(cluster.find("leader1")).isPresent();
                });
                visitor.join();
            }
        }
    }

    /** A lease that ends acts on what a machine is, not on what somebody outside saw of it last. */
    @Test
    void whoLooksInsideSeesAMachineAsItIs() throws Exception {
        try (var cluster = new EmbeddedCluster(EmbeddedCluster.Settings.unattended(7, catalog()))) {
            cluster.createMachine("leader1");
            var seen = new ArrayList<PowerState>();
            cluster.driver().run(() -> {
                SimMachine machine = cluster.world().machine("leader1").orElseThrow();
                machine.pause();
                seen.add(cluster.find("leader1").orElseThrow().power());
                machine.unpause();
                seen.add(cluster.find("leader1").orElseThrow().power());
                machine.pause();
                seen.add(cluster.machines().getFirst().power());
            });
            assertThat(seen).containsExactly(PowerState.PAUSED, PowerState.RUNNING, PowerState.PAUSED);
            assertThat(cluster.find("leader1").orElseThrow().power()).isEqualTo(PowerState.PAUSED);
        }
    }

    private static void awaitWaiting(CountDownLatch visiting, Thread visitor) {
        try {
            visiting.await();
            // It waits for the simulation's thread, or has found that it need not.
            while (visitor.getState() == Thread.State.RUNNABLE) {
                Thread.onSpinWait();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void again(EmbeddedCluster cluster, Map<Integer, Integer> ports) throws Exception {
        cluster.kill("leader1");
        assertThat(cluster.find("leader1").orElseThrow().ports()).isEmpty();
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), published(ports)).close())
                .isInstanceOf(ConnectException.class);
        cluster.start("leader1");
        assertThat(awaitPublished(cluster)).isEqualTo(ports);
    }

    /** A container that the daemon starts again with its machine. */
    private void publish(EmbeddedCluster cluster) throws Exception {
        int docker = cluster.find("leader1").orElseThrow().dockerPort();
        post(docker, "/images/create?fromImage=nginx&tag=latest", "");
        HttpResponse<String> created = post(docker, "/containers/create?name=web", """
                {"Image": "nginx:latest", "ExposedPorts": {"80/tcp": {}}, "HostConfig": {
                  "PortBindings": {"80/tcp": [{"HostPort": "%d"}]}, "RestartPolicy": {"Name": "always"}}}
                """.formatted(PUBLISHED));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        HttpResponse<String> started = post(docker, "/containers/web/start", "");
        assertThat(started.statusCode()).as(started.body()).isEqualTo(204);
    }

    private static Map<Integer, Integer> awaitPublished(EmbeddedCluster cluster) throws InterruptedException {
        assertThat(cluster.driver()
                        .await(
                                () -> cluster.find("leader1")
                                        .orElseThrow()
                                        .ports()
                                        .containsKey(PUBLISHED),
                                java.time.Duration.ofMinutes(1)))
                .isTrue();
        return cluster.find("leader1").orElseThrow().ports();
    }

    private static int published(Map<Integer, Integer> ports) {
        return Objects.requireNonNull(ports.get(PUBLISHED));
    }

    private boolean answers(int port) throws IOException, InterruptedException {
        return client.send(
                                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode()
                == 200;
    }

    private HttpResponse<String> post(int port, String path, String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static long descriptors() throws IOException {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.count();
        }
    }

    private static ProgramCatalog catalog() {
        var catalog = new ProgramCatalog();
        StandardImages.utilities().forEach(catalog::add);
        return catalog;
    }
}
