package dev.clusterlab.lab.shell.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.transport.DockerHttpClient;
import dev.clusterlab.lab.shell.ShellFailure;
import dev.clusterlab.provisioning.client.DockerRefusedException;
import dev.clusterlab.provisioning.client.DockerTransport;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Connections that break in the middle of an order: it is carried out, and once. */
class LostAnswerTest {
    private static final String NOW = "2026-01-01T10:00:00.5Z";
    private static final String OLD = "2026-01-01T09:00:00Z";

    /** What becomes of the next order. */
    private enum Way {
        WHOLE,
        BROKEN_BEFORE,
        BROKEN_AFTER
    }

    /** A daemon that keeps services by name; the way to it breaks as it is told. */
    private static final class Daemon implements DockerHttpClient {
        final Map<String, String> services = new TreeMap<>();
        final List<String> orders = new ArrayList<>();
        Way next = Way.WHOLE;
        String state = "inactive";
        String updated = OLD;

        @Override
        public Response execute(Request request) {
            Way way = request.method().equals("GET") ? Way.WHOLE : next;
            if (!request.method().equals("GET")) {
                orders.add(request.method() + " " + request.path());
                next = Way.WHOLE;
            }
            if (way == Way.BROKEN_BEFORE) {
                throw broken();
            }
            Response answer = answered(request);
            if (way == Way.BROKEN_AFTER) {
                throw broken();
            }
            return answer;
        }

        private static RuntimeException broken() {
            return new RuntimeException(new SocketException("Connection reset"));
        }

        private Response answered(Request request) {
            ObjectNode none = LoopbackHttp.JSON.createObjectNode();
            String path = request.path();
            switch (request.method() + " " + path) {
                case "GET /info" -> {
                    none.put("SystemTime", NOW).putObject("Swarm").put("LocalNodeState", state);
                    return answer(200, none);
                }
                case "POST /services/create" -> {
                    String name = body(request).path("Name").asText();
                    if (services.containsKey(name)) {
                        return answer(409, none.put("message", "name conflicts with an existing object"));
                    }
                    services.put(name, NOW);
                    return answer(201, none.put("ID", "id-" + name));
                }
                case "POST /services/web/update?version=7" -> {
                    if (updated.equals(NOW)) {
                        return answer(500, none.put("message", "update out of sequence"));
                    }
                    updated = NOW;
                    return answer(200, none);
                }
                case "POST /swarm/join" -> {
                    state = "active";
                    return answer(200, none);
                }
                case "POST /containers/c/restart" -> {
                    return answer(204, none);
                }
                default -> {}
            }
            String name = path.replaceFirst("^/services/", "");
            String made = services.get(name);
            if (made == null) {
                return answer(404, none.put("message", "service " + name + " not found"));
            }
            if (request.method().equals("DELETE")) {
                services.remove(name);
            }
            return answer(
                    200, none.put("ID", "id-" + name).put("CreatedAt", made).put("UpdatedAt", updated));
        }

        private static JsonNode body(Request request) {
            try {
                InputStream body = request.body();
                return body == null ? LoopbackHttp.JSON.missingNode() : LoopbackHttp.JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {}
    }

    private static DockerHttpClient.Response answer(int status, JsonNode body) {
        return DockerApiTest.answer(status, DockerApiTest.text(LoopbackHttp.write(body)));
    }

    private final Daemon daemon = new Daemon();
    private final DockerApi api =
            new DockerApi(new DockerTransport(daemon), "tcp://10.1.0.1:2376", () -> 0, Duration.ZERO);

    private JsonNode create() throws InterruptedException {
        return api.post("/services/create", LoopbackHttp.JSON.createObjectNode().put("Name", "web"));
    }

    @Test
    void aServiceThatWasMadeIsNotMadeAgain() throws InterruptedException {
        daemon.next = Way.BROKEN_AFTER;
        assertThat(create().path("ID").asText()).isEqualTo("id-web");
        assertThat(daemon.orders).hasSize(1);
    }

    @Test
    void aServiceThatWasNotMadeIsMade() throws InterruptedException {
        daemon.next = Way.BROKEN_BEFORE;
        assertThat(create().path("ID").asText()).isEqualTo("id-web");
        assertThat(daemon.orders).hasSize(2);
    }

    @Test
    void oneOfTheSameNameThatWasThereBeforeIsNotTakenForIt() {
        daemon.services.put("web", OLD);
        daemon.next = Way.BROKEN_BEFORE;
        assertThatThrownBy(this::create)
                .isInstanceOf(DockerRefusedException.class)
                .hasMessageContaining("name conflicts");
    }

    @Test
    void whatWasRemovedCountsAsRemoved() throws InterruptedException {
        daemon.services.put("web", OLD);
        daemon.next = Way.BROKEN_AFTER;
        api.delete("/services/web");
        assertThat(daemon.services).isEmpty();
        assertThat(daemon.orders).hasSize(2);
    }

    @Test
    void whatDoesNotExistIsNotRemoved() {
        assertThatThrownBy(() -> api.delete("/services/web")).hasMessageContaining("not found");
    }

    @Test
    void anUpdateIsMadeOnce() throws InterruptedException {
        daemon.services.put("web", OLD);
        daemon.next = Way.BROKEN_AFTER;
        api.post("/services/web/update?version=7", LoopbackHttp.JSON.createObjectNode());
        assertThat(daemon.orders).hasSize(1);
        daemon.updated = OLD;
        daemon.next = Way.BROKEN_BEFORE;
        api.post("/services/web/update?version=7", LoopbackHttp.JSON.createObjectNode());
        assertThat(daemon.orders).hasSize(3);
        assertThat(daemon.updated).isEqualTo(NOW);
    }

    @Test
    void aMachineThatHasJoinedDoesNotJoinAgain() throws InterruptedException {
        daemon.next = Way.BROKEN_AFTER;
        api.post("/swarm/join", LoopbackHttp.JSON.createObjectNode());
        assertThat(daemon.orders).hasSize(1);
        assertThat(daemon.state).isEqualTo("active");
    }

    @Test
    void whatNobodyCanTellIsSaidToBeUnknown() {
        daemon.next = Way.BROKEN_AFTER;
        assertThatThrownBy(() -> api.post("/containers/c/restart", null))
                .isInstanceOf(ShellFailure.class)
                .hasMessageContaining("nobody knows whether that was done");
        assertThat(daemon.orders).hasSize(1);
    }
}
