package dev.clusterlab.traefik;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TraefikClientTest {
    private final Map<String, String> answers = new LinkedHashMap<>();
    private final HttpServer server;

    TraefikClientTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void serve() {
        server.createContext("/", exchange -> {
            String answer = answers.get(exchange.getRequestURI().toString());
            if (exchange.getRequestURI().toString().equals("/api/http/routers?page=1&per_page=100")) {
                exchange.getResponseHeaders().add("X-Next-Page", "2");
            }
            byte[] bytes = (answer == null ? "404 page not found\n" : answer).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer == null ? 404 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void readsEveryPage() throws Exception {
        answers.put(
                "/api/http/routers?page=1&per_page=100", "[{\"name\":\"a@x\",\"rule\":\"Host(`a`)\",\"priority\":9}]");
        answers.put("/api/http/routers?page=2&per_page=100", "[{\"name\":\"b@x\",\"unknown\":{}}]");
        assertThat(client().routers()).extracting(TraefikApi.Router::name).containsExactly("a@x", "b@x");
    }

    @Test
    void readsServicesWithTheirServers() throws Exception {
        answers.put("/api/http/services?page=1&per_page=100", """
                [{"name":"s@consulcatalog","provider":"consulcatalog","status":"enabled","type":"loadbalancer",
                  "loadBalancer":{"servers":[{"url":"http://10.1.9.3:8080"}],"strategy":"wrr","passHostHeader":true},
                  "serverStatus":{"http://10.1.9.3:8080":"UP"},"usedBy":["s@consulcatalog"]}]""");
        TraefikApi.Service service = client().services().get(0);
        assertThat(service.serverStatus()).containsEntry("http://10.1.9.3:8080", "UP");
        assertThat(service.usedBy()).containsExactly("s@consulcatalog");
    }

    @Test
    void saysWhoDoesNotAnswer() {
        assertThatThrownBy(() -> client().version())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("answers 404 to /api/version");
    }

    private TraefikClient client() {
        return new TraefikClient(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }
}
