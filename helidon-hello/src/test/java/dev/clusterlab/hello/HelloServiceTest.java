package dev.clusterlab.hello;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.clusterlab.hello.HelloEnvironment.HostAddress;
import dev.clusterlab.hello.HelloEnvironment.Slowness;
import io.helidon.webserver.WebServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HelloServiceTest {
    private static final String DIGITS = "0123456789abcdef0123456789abcdef";
    private static final String ID = "democonsul:instance_" + DIGITS;

    private final HttpClient client = HttpClient.newHttpClient();
    private boolean crashed;
    private final ManualScheduler scheduler = new ManualScheduler();
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final List<HostAddress> addresses = new ArrayList<>(List.of(
            new HostAddress("lo", "127.0.0.1"),
            new HostAddress("eth0", "172.18.0.3"),
            new HostAddress("eth1", "10.1.9.7")));
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private @Nullable FakeConsul consul;
    private @Nullable HelloService service;

    @BeforeEach
    void consulRuns() throws IOException {
        consul = new FakeConsul();
    }

    @AfterEach
    void end() {
        if (service != null) {
            service.kill();
        }
        consul().close();
    }

    @Test
    void greetsWithItsInstance() throws Exception {
        start(Map.of());
        HttpResponse<String> response = get("/");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("Hello Docker World on " + ID);
        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
    }

    @Test
    void describesItselfAsJson() throws Exception {
        start(Map.of("NETWORK", "10.1.9"));
        now = now.plusSeconds(61);
        JsonNode info = new ObjectMapper().readTree(get("/info").body());
        assertThat(info.path("instance").asText()).isEqualTo("instance_" + DIGITS);
        assertThat(info.path("host").asText()).isEqualTo("web.1");
        assertThat(info.path("uptimeSeconds").asInt()).isEqualTo(61);
        assertThat(info.path("address").asText()).isEqualTo("10.1.9.7");
        HttpResponse<String> negotiated = send(HttpRequest.newBuilder(uri("/"))
                .header("Accept", "application/json")
                .build());
        assertThat(negotiated.body()).startsWith("{\"message\":\"Hello Docker World on " + ID);
    }

    @Test
    void saysThatItIsHealthy() throws Exception {
        start(Map.of());
        for (String path : List.of("/health", "/health/live", "/health/ready")) {
            HttpResponse<String> response = get(path);
            assertThat(response.statusCode()).as(path).isEqualTo(200);
            assertThat(response.body()).contains("\"UP\"");
        }
    }

    @Test
    void registersItsAddressOnTheWantedNetwork() throws Exception {
        start(Map.of("NETWORK", "10.1.9"));
        scheduler.runNext();
        JsonNode registration = registration();
        assertThat(registration.path("Name").asText()).isEqualTo("democonsul");
        assertThat(registration.path("Address").asText()).isEqualTo("10.1.9.7");
        assertThat(registration.path("Port").asInt()).isEqualTo(8080);
        assertThat(registration.path("Tags").toString()).isEqualTo("[\"foo=bar\",\"baz\"]");
        assertThat(registration.path("Check").path("HTTP").asText()).isEqualTo("http://10.1.9.7:8080/health");
        assertThat(registration.path("Check").path("Interval").asText()).isEqualTo("15s");
        assertThat(log).anyMatch(line -> line.contains("Registered in Consul as " + ID));
    }

    @Test
    void registersTheAddressOfTheWantedInterface() throws Exception {
        start(Map.of("NETWORK", "eth0"));
        scheduler.runNext();
        assertThat(registration().path("Address").asText()).isEqualTo("172.18.0.3");
    }

    @Test
    void waitsForTheWantedNetwork() {
        start(Map.of("NETWORK", "10.1.99.0/24"));
        scheduler.runNext();
        assertThat(consul().calls).isEmpty();
        addresses.add(new HostAddress("eth2", "10.1.99.4"));
        scheduler.runNext();
        assertThat(registration().path("Address").asText()).isEqualTo("10.1.99.4");
    }

    @Test
    void triesAgainLaterAndLaterWhileConsulIsAway() {
        consul().broken = true;
        start(Map.of());
        for (int i = 0; i < 7; i++) {
            scheduler.runNext();
        }
        assertThat(scheduler.delays).extracting(Duration::toSeconds).containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 30L, 30L);
        consul().broken = false;
        scheduler.runNext();
        assertThat(consul().services).containsKey(ID);
        assertThat(service().registered()).isTrue();
    }

    @Test
    void registersAgainWhenConsulForgetsIt() {
        start(Map.of());
        scheduler.runNext();
        scheduler.runNext();
        assertThat(registerCalls()).isEqualTo(1);
        consul().services.clear();
        scheduler.runNext();
        assertThat(registerCalls()).isEqualTo(2);
        assertThat(consul().services).containsKey(ID);
    }

    @Test
    void registersAgainWhenTheAgentThatHeldItFails() {
        start(Map.of());
        scheduler.runNext();
        consul().agentFailed = true;
        scheduler.runNext();
        assertThat(registerCalls()).isEqualTo(2);
    }

    @Test
    void registersAgainWhenItsAddressChanges() {
        start(Map.of("NETWORK", "10.1.9"));
        scheduler.runNext();
        addresses.set(2, new HostAddress("eth1", "10.1.9.8"));
        scheduler.runNext();
        assertThat(registration().path("Address").asText()).isEqualTo("10.1.9.8");
    }

    @Test
    void deregistersOnAGracefulStop() {
        start(Map.of());
        scheduler.runNext();
        service().stop();
        assertThat(consul().services).isEmpty();
        assertThat(scheduler.planned()).isZero();
    }

    @Test
    void stopsAlsoWhenConsulIsAway() {
        start(Map.of());
        scheduler.runNext();
        consul().broken = true;
        service().stop();
        assertThat(log).anyMatch(line -> line.contains("Could not deregister"));
    }

    @Test
    void leavesItsRegistrationBehindWhenKilled() {
        start(Map.of());
        scheduler.runNext();
        service().kill();
        assertThat(consul().services).containsKey(ID);
        assertThatThrownBy(() -> get("/")).isInstanceOf(IOException.class);
    }

    @Test
    void doesNotRegisterInTheTestProfile() throws Exception {
        service = HelloService.start(HelloSettings.load(Map.of("PROFILE", "test")), environment(), scheduler);
        assertThat(scheduler.planned()).isZero();
        assertThat(get("/").statusCode()).isEqualTo(200);
    }

    @Test
    void doesNotMisbehaveUnlessAllowed() throws Exception {
        start(Map.of());
        assertThat(post("/chaos/unhealthy").statusCode()).isEqualTo(404);
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void misbehavesWhenAllowed() throws Exception {
        start(Map.of("CHAOS", "true"));
        assertThat(post("/chaos/unhealthy").statusCode()).isEqualTo(200);
        assertThat(get("/health").statusCode()).isEqualTo(503);
        assertThat(post("/chaos/errors?rate=0.5").statusCode()).isEqualTo(200);
        assertThat(List.of(get("/").statusCode(), get("/").statusCode())).containsExactly(200, 500);
        assertThat(post("/chaos/slow?ms=1500").statusCode()).isEqualTo(200);
        assertThat(get("/").headers().firstValue(Slowness.HEADER)).hasValue("1500");
        assertThat(post("/chaos/slow?ms=never").statusCode()).isEqualTo(400);
        assertThat(post("/chaos/errors?rate=2").statusCode()).isEqualTo(400);
        assertThat(post("/chaos/reset").statusCode()).isEqualTo(200);
        assertThat(get("/health").statusCode()).isEqualTo(200);
        assertThat(get("/").headers().firstValue(Slowness.HEADER)).isEmpty();
    }

    /** As many services as a day of a lab has: Helidon's servers would leave a thread behind for each of them. */
    @Test
    void oneServerServesManyServicesOneAfterAnother() throws Exception {
        var servers = new HelloServers();
        service = HelloService.start(onAnyPort(Map.of()), environment(), scheduler, servers);
        int port = service().port();
        assertThat(get("/").statusCode()).isEqualTo(200);
        int threads = Thread.getAllStackTraces().size();
        for (int i = 0; i < 20; i++) {
            service().kill();
            assertThat(get("/").statusCode()).isEqualTo(503);
            assertThat(get("/health").statusCode()).isEqualTo(503);
            HelloSettings next = onAnyPort(Map.of("SERVICE_NAME", "web" + i, "CHAOS", "" + (i % 2 == 0)));
            service = HelloService.start(next, environment(), scheduler, servers);
            assertThat(service().port()).isEqualTo(port);
            assertThat(get("/").body()).startsWith("Hello Docker World on web" + i + ":");
            assertThat(post("/chaos/reset").statusCode()).isEqualTo(i % 2 == 0 ? 200 : 404);
            assertThat(get("/health").statusCode()).isEqualTo(200);
        }
        assertThat(Thread.getAllStackTraces().size()).isLessThan(threads + 10);
    }

    /** What one of them does is not seen in the others. */
    @Test
    void servicesThatShareAServerAreEachForThemselves() throws Exception {
        var servers = new HelloServers();
        List<HelloService> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(HelloService.start(
                    onAnyPort(Map.of("SERVICE_NAME", "web" + i, "CHAOS", "true")), environment(), scheduler, servers));
        }
        assertThat(all)
                .extracting(HelloService::port)
                .containsOnly(all.getFirst().port());
        for (HelloService each : all) {
            service = each;
            assertThat(get("/").body()).isEqualTo("Hello Docker World on " + each.registrationId());
        }
        service = all.get(7);
        assertThat(post("/chaos/unhealthy").statusCode()).isEqualTo(200);
        assertThat(get("/health").statusCode()).isEqualTo(503);
        all.get(8).kill();
        service = all.get(8);
        assertThat(get("/").statusCode()).isEqualTo(503);
        service = all.get(9);
        assertThat(get("/health").statusCode()).isEqualTo(200);
        assertThat(get("/info").body()).contains("\"requests\":2");
    }

    @Test
    void whoSharesAServerIsToldByAWayOfItsOwnToMisbehave() throws Exception {
        var servers = new HelloServers();
        HelloService told = HelloService.start(onAnyPort(Map.of()), environment(), scheduler, servers);
        HelloService other = HelloService.start(onAnyPort(Map.of()), environment(), scheduler, servers);
        service = told;
        assertThat(send(request("/faults/a?unhealthy")
                                .PUT(HttpRequest.BodyPublishers.noBody())
                                .build())
                        .statusCode())
                .as("as everybody asks")
                .isEqualTo(404);
        assertThat(tell("PUT", "/faults/a?unhealthy").statusCode()).isEqualTo(200);
        assertThat(tell("PUT", "/faults/b?slow=1500&for=60").statusCode()).isEqualTo(200);
        assertThat(tell("PUT", "/faults/c?errors=0.5").statusCode()).isEqualTo(200);
        assertThat(tell("GET", "/faults").body())
                .isEqualTo("a: unhealthy\nb: slow by 1500 ms, 60 s left\nc: failing at a rate of 0.5\n");
        assertThat(get("/health").statusCode()).isEqualTo(503);
        assertThat(get("/").headers().firstValue(Slowness.HEADER)).contains("1500");
        assertThat(get("/").statusCode()).isEqualTo(500);
        now = now.plusSeconds(60);
        assertThat(get("/").headers().firstValue(Slowness.HEADER)).isEmpty();
        assertThat(tell("DELETE", "/faults/a").statusCode()).isEqualTo(200);
        assertThat(get("/health").statusCode()).isEqualTo(200);
        assertThat(tell("DELETE", "/faults/a").statusCode()).isEqualTo(404);
        assertThat(tell("PUT", "/faults/d?slow=never").body()).contains("slow must be a number between 0 and 600000");
        assertThat(tell("PUT", "/faults/d?slow=1&unhealthy").statusCode()).isEqualTo(400);
        assertThat(tell("PUT", "/faults/d?unhealthy&for=-1").statusCode()).isEqualTo(400);
        service = other;
        assertThat(tell("GET", "/faults").body()).isEmpty();
    }

    @Test
    void whoIsToldToCrashDoesSoUnlessItIsToldToStop() throws Exception {
        service = HelloService.start(onAnyPort(Map.of()), environment(), scheduler, new HelloServers());
        assertThat(tell("PUT", "/faults/a?crash=2000").statusCode()).isEqualTo(200);
        assertThat(scheduler.delays).containsExactly(Duration.ofSeconds(2));
        assertThat(tell("PUT", "/faults/a?crash=2000").statusCode()).isEqualTo(200);
        assertThat(scheduler.planned()).as("told again").isOne();
        assertThat(tell("DELETE", "/faults/a").statusCode()).isEqualTo(200);
        scheduler.runNext();
        assertThat(get("/").statusCode()).isEqualTo(200);
        assertThat(tell("PUT", "/faults/b?crash=0").body()).contains("crashing after 0 ms");
        scheduler.runNext();
        assertThat(crashed).isTrue();
        assertThat(get("/").statusCode()).as("nobody is there any more").isEqualTo(503);
    }

    @Test
    void aContainersOwnPortIsForItselfAlone() throws Exception {
        start(Map.of());
        WebServer port = FaultPort.open(service());
        try {
            URI faults = URI.create("http://127.0.0.1:" + HelloService.FAULT_PORT + "/faults/a?unhealthy&for=0.2");
            HttpRequest put = HttpRequest.newBuilder(faults)
                    .PUT(HttpRequest.BodyPublishers.noBody())
                    .build();
            assertThat(send(put).statusCode()).isEqualTo(200);
            assertThat(get("/health").statusCode()).isEqualTo(503);
            now = now.plusMillis(200);
            assertThat(get("/health").statusCode()).isEqualTo(200);
            assertThat(statusWithHost("evil.example")).contains(" 403 ");
            assertThat(statusWithHost("localhost:" + HelloService.FAULT_PORT)).contains(" 200 ");
        } finally {
            port.stop();
        }
    }

    /** The client of the JDK lets nobody choose a host. */
    private static String statusWithHost(String host) throws IOException {
        try (var socket = new Socket("127.0.0.1", HelloService.FAULT_PORT)) {
            socket.getOutputStream()
                    .write(("GET /faults HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            // The server leaves the connection open.
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    private HttpResponse<String> tell(String method, String path) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        service().faultMarks().forEach(request::header);
        return send(request.method(method, HttpRequest.BodyPublishers.noBody()).build());
    }

    private static HelloSettings onAnyPort(Map<String, String> variables) {
        Map<String, String> all = new LinkedHashMap<>(variables);
        all.put("PROFILE", "test");
        return HelloSettings.load(all).listeningOn("127.0.0.1", 0);
    }

    @Test
    void saysWhichSettingIsWrong() {
        assertThatThrownBy(() -> HelloSettings.load(Map.of("PORT", "http")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("PORT (service.port): not a number: http");
        assertThatThrownBy(() -> HelloSettings.load(Map.of("PORT", "70000"))).hasMessageContaining("PORT must be");
        assertThatThrownBy(() -> HelloSettings.load(Map.of("PROFILE", "prod"))).hasMessageContaining("prod");
        assertThatThrownBy(() -> HelloSettings.load(Map.of("CHAOS", "maybe"))).hasMessageContaining("CHAOS");
    }

    @Test
    void keepsRulesInTagsWhole() {
        assertThat(HelloSettings.tags("a=b, traefik.http.routers.x.rule=Host(`a`,`b`),c"))
                .containsExactly("a=b", "traefik.http.routers.x.rule=Host(`a`,`b`)", "c");
    }

    private void start(Map<String, String> variables) {
        Map<String, String> all = new LinkedHashMap<>(variables);
        all.put("CONSUL_HOST", "consul-nodes");
        service = HelloService.start(HelloSettings.load(all).listeningOn("127.0.0.1", 0), environment(), scheduler);
    }

    private HelloEnvironment environment() {
        return new HelloEnvironment(
                "web.1",
                () -> List.copyOf(addresses),
                () -> now,
                () -> Duration.between(Instant.EPOCH, now).toNanos(),
                () -> DIGITS,
                (host, port) -> consul().location(),
                Duration.ofSeconds(5),
                Slowness.ANNOUNCE,
                () -> crashed = true,
                log::add);
    }

    private FakeConsul consul() {
        return java.util.Objects.requireNonNull(consul);
    }

    private HelloService service() {
        return java.util.Objects.requireNonNull(service);
    }

    private JsonNode registration() {
        return java.util.Objects.requireNonNull(consul().services.get(ID));
    }

    private long registerCalls() {
        return consul().calls.stream()
                .filter(call -> call.equals("PUT /v1/agent/service/register"))
                .count();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + service().port() + path);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path).build());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        service().marks().forEach(request::header);
        return request;
    }

    private HttpResponse<String> post(String path) throws Exception {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()).build());
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
