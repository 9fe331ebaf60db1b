package dev.clusterlab.lab.shell.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.lab.shell.ShellTrial;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The lab's {@code docker service create} and {@code update} ask a daemon for what the real docker program asks for.
 *
 * <p>{@code docker-service/commands.txt} has the command lines, {@code docker-service/requests.jsonl} what the real
 * program made of them. To write that down anew, with the docker program of this computer (it needs no engine):
 *
 * <pre>./mvnw -pl lab-core -am test -Dtest=ServiceRequestsTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dclusterlab.record=src/test/resources/docker-service</pre>
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceRequestsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RecordingDaemon daemon = new RecordingDaemon();
    private final ShellTrial trial = new ShellTrial();

    @AfterAll
    void close() {
        trial.close();
        daemon.close();
    }

    @TestFactory
    Stream<DynamicTest> asksForWhatTheRealProgramAsksFor() {
        List<JsonNode> lines = recorded();
        var tests = new ArrayList<DynamicTest>();
        JsonNode before = lines.getFirst();
        for (JsonNode line : lines.subList(1, lines.size())) {
            String command = line.path("command").asText();
            if (command.startsWith("create")) {
                before = line.at("/request/body");
            }
            JsonNode service = before;
            tests.add(DynamicTest.dynamicTest("docker service " + command, () -> {
                daemon.runs(service);
                var ours = trial.run("DOCKER_HOST=" + daemon.host() + " docker service " + detached(command));
                ObjectNode outcome = outcome(command, ours.status(), ours.err(), daemon.taken());
                if (!outcome.equals(line)) {
                    // As text, so that a failure shows where they differ.
                    assertThat(text(outcome)).isEqualTo(text(line));
                }
            }));
        }
        return tests.stream();
    }

    @Test
    @EnabledIfSystemProperty(named = "clusterlab.record", matches = ".+")
    void writesDownWhatTheRealProgramAsksFor() throws IOException, InterruptedException {
        Path folder = Path.of(System.getProperty("clusterlab.record"));
        var lines = new ArrayList<String>();
        lines.add(JSON.createObjectNode()
                .put("client", run("docker --version").out().strip())
                .put("api", RecordingDaemon.API_VERSION)
                .toString());
        for (String command : Files.readAllLines(folder.resolve("commands.txt"))) {
            if (command.isBlank() || command.startsWith("#")) {
                continue;
            }
            Ran ran = run("docker service " + detached(command));
            Optional<ObjectNode> request = daemon.taken();
            if (command.startsWith("create")) {
                request.ifPresent(asked -> daemon.runs(asked.path("body")));
            }
            lines.add(outcome(command, ran.status(), ran.err(), request).toString());
        }
        Files.write(folder.resolve("requests.jsonl"), lines);
    }

    /** Nothing waits for tasks that never run. */
    private static String detached(String command) {
        return command.replaceFirst("^[a-z]+", "$0 --detach");
    }

    /** What is compared. Objects are equal whatever the order of their fields. */
    private static ObjectNode outcome(String command, int status, String err, Optional<ObjectNode> request) {
        ObjectNode outcome = JSON.createObjectNode().put("command", command).put("status", status);
        if (!err.isBlank()) {
            outcome.put("err", withoutHint(err).strip());
        }
        request.ifPresent(asked -> outcome.set("request", sorted(asked)));
        return outcome;
    }

    /** The lab's shell says which option was probably meant; the real program does not. */
    private static String withoutHint(String err) {
        return err.replaceFirst("(unknown flag: --\\S+) \\(did you mean --\\S+\\?\\)", "$1");
    }

    /** Ranges of ports and changed variables come from the real program in the random order of Go's hash maps. */
    private static ObjectNode sorted(ObjectNode request) {
        ObjectNode body = (ObjectNode) request.get("body");
        sort(body.path("EndpointSpec"), "Ports");
        if (request.path("path").asText().endsWith("/update")) {
            sort(body.at("/TaskTemplate/ContainerSpec"), "Env");
        }
        return request;
    }

    private static void sort(JsonNode owner, String field) {
        if (owner.get(field) instanceof ArrayNode array) {
            List<JsonNode> elements = new ArrayList<>();
            array.forEach(elements::add);
            elements.sort(Comparator.comparing(ServiceRequestsTest::ordered));
            array.removeAll().addAll(elements);
        }
    }

    private static String ordered(JsonNode node) {
        return node.isObject()
                ? node.path("TargetPort") + " " + node.path("PublishedPort") + " " + node.path("Protocol")
                : node.asText();
    }

    private static List<JsonNode> recorded() {
        try (InputStream file = ServiceRequestsTest.class.getResourceAsStream("/docker-service/requests.jsonl")) {
            var lines = new ArrayList<JsonNode>();
            for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                lines.add(JSON.readTree(line));
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(JsonNode node) throws IOException {
        return JSON.writerWithDefaultPrettyPrinter()
                .with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .writeValueAsString(JSON.treeToValue(node, Object.class));
    }

    private record Ran(String out, String err, int status) {}

    private Ran run(String command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("docker", ".out");
        Path err = Files.createTempFile("docker", ".err");
        try {
            var builder = new ProcessBuilder("sh", "-c", command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().put("DOCKER_HOST", daemon.host());
            int status = builder.start().waitFor();
            return new Ran(Files.readString(out), Files.readString(err), status);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
