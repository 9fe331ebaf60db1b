package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.client.LabHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The finished lab, exported, and deployed by the plain docker program on another swarm. */
class ExportedLabTest {
    private static final String SWARM = """
            eval "$(docker-machine env leader1)"
            docker swarm init --advertise-addr $(docker-machine ip leader1)
            for name in worker1 worker2; do
              docker -H tcp://$(docker-machine ip $name):2376 swarm join --token $(docker swarm join-token -q worker) \
                $(docker-machine ip leader1):2377
            done
            """;

    @TempDir
    private Path folder;

    private Path export() {
        Path files = folder.resolve("taken");
        CliTrial.Outcome outcome = CliTrial.run("export", files.toString());
        assertThat(outcome.status()).as(outcome.out() + outcome.err()).isZero();
        assertThat(outcome.out()).contains("Wrote").contains("stack.yaml").contains("What they leave out");
        return files;
    }

    @Test
    void answersTheFirstRequestOnSimulatedMachines() {
        ServedLab.needs("docker");
        Path files = export();
        try (var lab = new ServedLab(folder, "leader1,worker1,worker2", 16)) {
            run(lab.environment(), SWARM);
            program(files, Map.of("DOCKER_HOST", lab.dockerHost("leader1")), "./deploy.sh", "taken");
            ServedLab.until(
                    "the first request is answered",
                    () -> lab.curl("leader1", 80, "democonsul.localhost")
                            .out()
                            .contains("Hello Docker World on democonsul:"));
        }
    }

    @Test
    @ResourceLock(DoctorTest.ENGINE_LOCK)
    void answersTheFirstRequestOnRealMachines() throws IOException {
        assumeTrue(
                !System.getenv().getOrDefault("CLUSTERLAB_DOCKER_HOST", "").isBlank(),
                "CLUSTERLAB_DOCKER_HOST names no Docker Engine for tests; .ci/real-stack/prepare makes one");
        ServedLab.needs("docker");
        Path files = export();
        try (LabEnvironment environment =
                LabEnvironment.standard(new LabEnvironment.Options("docker", 1, true, 1), new CheckLanguage())) {
            run(environment, "docker-machine create leader1 worker1 worker2\n" + SWARM);
            Engine engine = environment.engine();
            // As `docker load` on each machine would.
            for (String image :
                    List.of("hashicorp/consul", "traefik:v3", "dockersamples/visualizer", "clusterlab/hello")) {
                engine.provideImage(image);
            }
            if (!engine.abilities().routingMesh()) {
                withoutRoutingMesh(files.resolve("stack.yaml"));
            }
            var leader = engine.machine("leader1").orElseThrow();
            Map<String, String> docker = Map.of(
                    "DOCKER_HOST",
                    leader.dockerEndpoint().orElseThrow().toString().replaceFirst("https?", "tcp"),
                    "DOCKER_TLS_VERIFY",
                    "1",
                    "DOCKER_CERT_PATH",
                    engine.tls().orElseThrow().folder().toAbsolutePath().toString());
            program(files, docker, "./deploy.sh", "taken");
            answered(engine, 80);
            // Traefik's settings from the file do what they do on its command line.
            program(files, docker, "docker", "config", "create", "settings", "traefik.toml");
            program(
                    files,
                    docker,
                    "sh",
                    "-c",
                    "docker service create --detach --name filed --config source=settings,target=/settings.toml"
                            + " --constraint node.hostname==leader1 --network multi-host-net --endpoint-mode dnsrr"
                            + " --publish mode=host,target=80,published=8501 traefik:v3 --configFile=/settings.toml");
            answered(engine, 8501);
        }
    }

    private static void answered(Engine engine, int port) {
        ServedLab.until("a request to port " + port + " is answered", Duration.ofMinutes(4), () -> {
            String at = engine.machine("leader1").orElseThrow().ports().get(port);
            return at != null && answer(engine, at).contains("Hello Docker World on democonsul:");
        });
    }

    /** What a person does on a host whose kernel lacks it, and the lab by itself: names lead to tasks, ports to the task of the machine. */
    private static void withoutRoutingMesh(Path stack) throws IOException {
        var yaml = new ObjectMapper(new YAMLFactory());
        JsonNode tree = yaml.readTree(stack.toFile());
        for (JsonNode service : tree.path("services")) {
            ((ObjectNode) service.path("deploy")).put("endpoint_mode", "dnsrr");
            service.path("ports").forEach(port -> ((ObjectNode) port).put("mode", "host"));
        }
        yaml.writeValue(stack.toFile(), tree);
    }

    private static String answer(Engine engine, String at) {
        try (var http = new LabHttp(engine)) {
            var asked = LabHttp.Request.get("http://" + at + "/")
                    .withHeader("Host", "democonsul.localhost")
                    .withTimeout(Duration.ofSeconds(5));
            return http.send(asked) instanceof LabHttp.Result.Answer answer ? answer.text() : "";
        }
    }

    private static void run(LabEnvironment environment, String script) {
        var said = new StringBuilder();
        int status = environment.shell().run(script, true, new Shell.Output() {
            @Override
            public void stdout(String text) {
                said.append(text);
            }

            @Override
            public void stderr(String text) {
                said.append(text);
            }
        });
        assertThat(status).as(said.toString()).isZero();
    }

    private static void program(Path folder, Map<String, String> environment, String... command) {
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(said).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
