package dev.clusterlab.provisioning.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.PullImageResultCallback;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineOptions;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Services;
import dev.clusterlab.provisioning.client.DockerClients;
import dev.clusterlab.provisioning.client.LabHttp;
import dev.clusterlab.provisioning.engines.Engines;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The embedded engine with model services and without sockets does what it does with them, in the same history. */
@Timeout(120)
class BareEngineTest {
    private static final EngineOptions BARE =
            EngineOptions.unattended().withServices(Services.MODEL).withSockets(false);

    private static void pull(DockerClient client, String image) {
        try {
            client.pullImageCmd(image)
                    .withTag("latest")
                    .exec(new PullImageResultCallback())
                    .awaitCompletion();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String start(DockerClients docker, String image, int port, String... words) {
        return docker.of("m1").call(client -> {
            pull(client, image);
            var command = client.createContainerCmd(image)
                    .withCmd(words)
                    .withHostConfig(com.github.dockerjava.api.model.HostConfig.newHostConfig()
                            .withPortBindings(com.github.dockerjava.api.model.PortBinding.parse("8080:" + port)));
            String id = command.exec().getId();
            client.startContainerCmd(id).exec();
            return id;
        });
    }

    @Test
    void clientsOfThisProgramAskWithoutASocketAndOthersGetOneThatIsOpenedForThem() throws Exception {
        try (Engine engine = Engines.create(BARE);
                var docker = new DockerClients(engine);
                var http = new LabHttp(engine)) {
            engine.createMachine("m1");
            assertThat(docker.of("m1").getJson("/info").path("Name").asText()).isEqualTo("m1");
            assertThatThrownBy(() -> docker.of("m1").getJson("/containers/none/json"))
                    .isInstanceOfSatisfying(
                            LabException.class, e -> assertThat(e.getMessage()).contains("No such container"));
            start(docker, "nginx", 80);
            engine.clock().sleep(Duration.ofSeconds(5));
            assertThat(http.send(LabHttp.Request.get("http://m1:8080/")))
                    .isInstanceOfSatisfying(
                            LabHttp.Result.Answer.class,
                            answer -> assertThat(answer.text()).contains("Welcome"));
        }
    }

    @Test
    void whoWaitsForAStreamIsToldWhenTheEngineCloses() throws Exception {
        var ended = new CompletableFuture<String>();
        var begun = new CountDownLatch(1);
        Engine engine = Engines.create(BARE);
        try (var docker = new DockerClients(engine)) {
            engine.createMachine("m1");
            docker.of("m1");
            Thread.ofVirtual().start(() -> {
                try (var transport = dev.clusterlab.provisioning.client.DockerTransport.open(
                        engine,
                        engine.machine("m1").orElseThrow().dockerEndpoint().orElseThrow(),
                        Duration.ZERO)) {
                    ended.complete(transport.exchange(
                            dev.clusterlab.provisioning.client.DockerTransport.request("GET", "/events", null),
                            body -> {
                                begun.countDown();
                                return new String(body.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
                            }));
                } catch (java.io.IOException e) {
                    ended.completeExceptionally(e);
                }
            });
            begun.await();
            engine.close();
            assertThatThrownBy(ended::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseInstanceOf(java.io.IOException.class);
        } finally {
            engine.close();
        }
    }

    @Test
    void historyIsThatOfAnEngineWithSockets() throws Exception {
        assertThat(history(BARE)).isEqualTo(history(BARE.withSockets(true)));
    }

    private static long history(EngineOptions options) throws Exception {
        try (Engine engine = Engines.create(options);
                var docker = new DockerClients(engine)) {
            engine.createMachine("m1");
            start(docker, "nginx", 80);
            engine.clock().sleep(Duration.ofSeconds(20));
            engine.killMachine("m1");
            engine.clock().sleep(Duration.ofSeconds(5));
            engine.startMachine("m1");
            docker.of("m1").getJson("/containers/json");
            return engine.historyDigest().orElseThrow();
        }
    }
}
