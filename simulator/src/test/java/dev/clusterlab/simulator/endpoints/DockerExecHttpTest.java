package dev.clusterlab.simulator.endpoints;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.simulator.core.Json;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import dev.clusterlab.simulator.programs.StandardImages;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands in containers, as programs outside run them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DockerExecHttpTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private EmbeddedCluster cluster;
    private int port;

    @BeforeEach
    void machine() throws Exception {
        var catalog = new ProgramCatalog();
        StandardImages.utilities().forEach(catalog::add);
        cluster = new EmbeddedCluster(EmbeddedCluster.Settings.unattended(1, catalog));
        port = cluster.createMachine("a").dockerPort();
        post("/images/create?fromImage=busybox&tag=latest", "");
        post("/containers/create?name=box", "{\"Image\":\"busybox\",\"Cmd\":[\"sleep\",\"infinity\"]}");
        post("/containers/box/start", "");
    }

    @AfterEach
    void close() {
        cluster.close();
        client.close();
    }

    private JsonNode post(String path, String body) throws Exception {
        return send(HttpRequest.newBuilder(uri(path))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private JsonNode get(String path) throws Exception {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    private JsonNode send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        try {
            return Json.MAPPER.readTree(answer.body());
        } catch (IOException e) {
            return Json.MAPPER.missingNode();
        }
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + port + path);
    }

    private String exec(boolean tty, String... command) throws Exception {
        return post(
                        "/containers/box/exec",
                        "{\"AttachStdout\":true,\"Tty\":" + tty + ",\"Cmd\":" + Json.MAPPER.writeValueAsString(command)
                                + "}")
                .path("Id")
                .asText();
    }

    /** Starts it on a connection of its own, which is upgraded. */
    private Socket start(String exec, boolean tty) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        String body = "{\"Detach\":false,\"Tty\":" + tty + "}";
        socket.getOutputStream()
                .write(("POST /exec/" + exec
                                + "/start HTTP/1.1\r\nHost: localhost:" + port
                                + "\r\nContent-Type: application/json\r\n"
                                + "Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: " + body.length() + "\r\n\r\n"
                                + body)
                        .getBytes(UTF_8));
        return socket;
    }

    private static String read(Socket socket) throws IOException {
        var buffer = new byte[8192];
        int count = socket.getInputStream().read(buffer);
        return count < 0 ? "" : new String(buffer, 0, count, UTF_8);
    }

    /** All that comes up to these words, or to the end. What comes may be much: a ping waits for nobody who reads slowly. */
    private static String hear(Socket socket, String until) throws IOException {
        var heard = new StringBuilder();
        while (heard.length() < until.length() || heard.indexOf(until, heard.length() - until.length()) < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                break;
            }
            heard.append((char) next);
        }
        return heard.toString();
    }

    private int exitCode(String exec) throws Exception {
        JsonNode details = get("/exec/" + exec + "/json");
        while (details.path("Running").asBoolean()) {
            // To ask takes no time of the engine's, and a command needs some to end.
            cluster.driver().sleep(java.time.Duration.ofMillis(100));
            details = get("/exec/" + exec + "/json");
        }
        return details.path("ExitCode").asInt();
    }

    @Test
    void theHeadComesAloneBeforeTheOutput() throws Exception {
        int alone = 0;
        for (int i = 0; i < 10; i++) {
            try (Socket socket = start(exec(true, "echo", "hello"), true)) {
                alone += read(socket).endsWith("\r\n\r\n") ? 1 : 0;
            }
        }
        assertThat(alone).as("on a machine that is busy a reader may come late").isGreaterThan(5);
    }

    @Test
    void aCommandMayTakeLongerThanAnyRequest() throws Exception {
        String exec = exec(true, "sh", "-c", "sleep 400; echo awake");
        try (Socket socket = start(exec, true)) {
            assertThat(hear(socket, "awake\n")).endsWith("awake\n");
        }
        assertThat(exitCode(exec)).isZero();
    }

    @Test
    void controlCInATerminalEndsACommand() throws Exception {
        String exec = exec(true, "ping", "127.0.0.1");
        try (Socket socket = start(exec, true)) {
            hear(socket, "seq=1");
            socket.getOutputStream().write(3);
            hear(socket, "no more than the end");
        }
        assertThat(exitCode(exec)).isEqualTo(130);
    }

    @Test
    void aCommandEndsWhenNobodyReadsItsOutputAnyMore() throws Exception {
        String exec = exec(false, "ping", "127.0.0.1");
        try (Socket socket = start(exec, false)) {
            hear(socket, "seq=1");
        }
        assertThat(exitCode(exec)).isEqualTo(137);
    }

    @Test
    void aCommandRunsOnce() throws Exception {
        String exec = exec(true, "true");
        try (Socket socket = start(exec, true)) {
            hear(socket, "the end");
        }
        try (Socket socket = start(exec, true)) {
            assertThat(hear(socket, "has already run")).contains("HTTP/1.1 409 ");
        }
    }
}
