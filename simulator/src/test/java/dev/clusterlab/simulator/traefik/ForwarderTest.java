package dev.clusterlab.simulator.traefik;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.core.HttpExchange.Failure;
import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.programs.ProgramLab;
import dev.clusterlab.simulator.programs.ProgramLab.Container;
import dev.clusterlab.simulator.programs.ProgramLab.Pending;
import dev.clusterlab.traefik.AccessLog;
import dev.clusterlab.traefik.DynamicConfiguration;
import dev.clusterlab.traefik.DynamicConfiguration.Middleware;
import dev.clusterlab.traefik.DynamicConfiguration.Server;
import dev.clusterlab.traefik.DynamicConfiguration.Service;
import dev.clusterlab.traefik.StaticConfiguration;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a request at an entry point. */
class ForwarderTest {
    private final ProgramLab lab = new ProgramLab(1);
    private final Container traefik = lab.container("traefik");
    private final Container a = lab.container("a");
    private final Container b = lab.container("b");

    @BeforeEach
    void serve() {
        a.serve(80, exchange -> exchange.respond(Response.text(200, "a")));
        b.serve(80, exchange -> exchange.respond(Response.text(200, "b")));
    }

    /** One router for everything, to these servers, through these middlewares in their order. */
    private Forwarder forwarder(StaticConfiguration settings, Service service, Middleware... middlewares) {
        var named = new LinkedHashMap<String, Middleware>();
        for (Middleware middleware : middlewares) {
            named.put("m" + named.size(), middleware);
        }
        var router = new DynamicConfiguration.Router(List.of(), List.copyOf(named.keySet()), "Host(`lab`)", "s", 0);
        var statistics = new Statistics(traefik);
        var runtime = new RuntimeConfiguration(
                traefik,
                new TraefikLog(traefik, "INFO", false),
                settings,
                Map.of("consul", new DynamicConfiguration(Map.of("r", router), Map.of("s", service), named)));
        var forwarder = new Forwarder(traefik, settings, () -> runtime, Map.of(), statistics);
        traefik.serve(80, exchange -> forwarder.handle("web", exchange));
        traefik.serve(9100, exchange -> exchange.respond(Response.text(200, statistics.metrics(runtime))));
        return forwarder;
    }

    private void forward(Service service, Middleware... middlewares) {
        forwarder(StaticConfiguration.ofCatalog("consul:8500", "Host(`x`)"), service, middlewares);
    }

    private static Service to(String... urls) {
        return Service.of(List.of(urls).stream().map(Server::of).toList());
    }

    private static Request request(String path) {
        return Request.get(path).withHeader("host", "lab");
    }

    private Response ask(String path) {
        return traefik.ask(80, request(path));
    }

    private String metrics() {
        return traefik.get(9100, "/metrics").text();
    }

    @Test
    void passesARequestOnWithWhereItCameFrom() {
        forward(to("http://a:80/base"));
        Response answer = traefik.ask(
                80,
                new Request(
                                "POST",
                                "/x",
                                Map.of("q", List.of("1")),
                                Map.of("host", "lab", "connection", "keep-alive", "x-own", "kept"),
                                new byte[] {7})
                        .withHeader("te", "trailers"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("a");
        Request passed = a.requests.getFirst();
        assertThat(passed.method()).isEqualTo("POST");
        assertThat(passed.path()).isEqualTo("/base/x");
        assertThat(passed.query()).isEqualTo(Map.of("q", List.of("1")));
        assertThat(passed.body()).containsExactly(7);
        assertThat(passed.headers())
                .containsEntry("host", "lab")
                .containsEntry("x-own", "kept")
                .containsEntry("x-forwarded-host", "lab")
                .containsEntry("x-forwarded-port", "80")
                .containsEntry("x-forwarded-proto", "http")
                .containsEntry("x-forwarded-server", "traefik")
                .as("headers between two neighbours stay behind")
                .doesNotContainKeys("connection", "te");
    }

    @Test
    void givesTheServersOwnNameIfTheHostIsNotPassedOn() {
        forward(new Service(List.of(Server.of("http://a:80")), "wrr", false, null, null));
        ask("/");
        assertThat(a.requests.getFirst().header("host")).isEqualTo("a:80");
        assertThat(a.requests.getFirst().header("x-forwarded-host")).isEqualTo("lab");
    }

    @Test
    void answersItselfWhatNoRouterTakes() {
        forward(to("http://a:80"));
        Response answer = traefik.ask(80, Request.get("/").withHeader("host", "elsewhere"));
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text()).isEqualTo("404 page not found\n");
        assertThat(a.requests).isEmpty();
    }

    @Test
    void saysThatNoServerIsAvailable() {
        forward(to());
        Response answer = ask("/");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text()).isEqualTo("no available server\n");
    }

    @Test
    void tellsABrokenGatewayFromOneThatIsLate() {
        forward(to("http://a:80"));
        for (Failure failure : List.of(Failure.REFUSED, Failure.RESET, Failure.UNREACHABLE)) {
            a.failing(failure);
            assertThat(ask("/").status()).as(failure.name()).isEqualTo(502);
        }
        a.failing(Failure.TIMEOUT);
        Pending late = traefik.send(80, request("/"));
        lab.run(Duration.ofMillis(29_999));
        assertThat(late.response).isNull();
        lab.run(Duration.ofMillis(1));
        assertThat(late.response).isNotNull();
        assertThat(late.response.status()).isEqualTo(504);
        assertThat(late.response.text()).isEqualTo("Gateway Timeout");
    }

    @Test
    void aShortLimitForConnectingLetsARetryComeInTime() {
        StaticConfiguration today = StaticConfiguration.ofCatalog("consul:8500", "Host(`x`)");
        forwarder(
                new StaticConfiguration(
                        today.entryPoints(),
                        today.api(),
                        false,
                        today.consulCatalog(),
                        null,
                        today.throttle(),
                        Duration.ofMillis(500),
                        "INFO",
                        null,
                        false,
                        null),
                to("http://a:80", "http://b:80"),
                new Middleware.Retry(2, Duration.ZERO));
        a.failing(Failure.TIMEOUT);
        Pending late = traefik.send(80, request("/"));
        lab.run(Duration.ofMillis(499));
        assertThat(late.response).isNull();
        lab.run(Duration.ofMillis(4));
        assertThat(late.response).isNotNull();
        assertThat(late.response.text()).isEqualTo("b");
    }

    @Test
    void waitsForTheAnswerOfASlowServer() {
        forward(to("http://a:80"));
        a.serve(
                80,
                exchange ->
                        a.scope().schedule(Duration.ofMinutes(3), () -> exchange.respond(Response.text(200, "slow"))));
        Pending slow = traefik.send(80, request("/"));
        lab.run(Duration.ofMillis(179_000));
        assertThat(slow.response).isNull();
        lab.run(Duration.ofSeconds(2));
        assertThat(slow.response).isNotNull();
        assertThat(slow.response.status()).isEqualTo(200);
    }

    @Test
    void onlyItsClientEndsARequestThatAFrozenServerHasTaken() {
        forward(to("http://a:80"));
        a.serve(80, exchange -> {});
        Pending frozen = traefik.send(80, request("/"));
        lab.run(Duration.ofHours(1));
        assertThat(frozen.response).isNull();
        assertThat(metrics()).doesNotContain("code=\"504\"");
        frozen.abandon();
        lab.run(Duration.ofSeconds(2));
        assertThat(frozen.response).isNull();
        assertThat(metrics()).contains("{code=\"499\",service=\"s@consul\"} 1");
    }

    @Test
    void doesNotTryAgainUnlessTold() {
        forward(to("http://a:80", "http://b:80"));
        a.failing(Failure.REFUSED);
        b.failing(Failure.REFUSED);
        assertThat(ask("/").status()).isEqualTo(502);
        assertThat(metrics()).doesNotContain("traefik_service_retries_total{");
    }

    @Test
    void triesTheNextServerWithLongerAndLongerPauses() {
        forward(to("http://a:80", "http://b:80"), new Middleware.Retry(4, Duration.ofMillis(100)));
        a.failing(Failure.REFUSED);
        b.failing(Failure.REFUSED);
        Pending request = traefik.send(80, request("/"));
        // Attempts of 1 ms, and pauses of 100, 200 and 400 ms between the four.
        lab.run(Duration.ofMillis(703));
        assertThat(request.response).isNull();
        lab.run(Duration.ofMillis(1));
        assertThat(request.response).isNotNull();
        assertThat(request.response.status()).isEqualTo(502);
        assertThat(metrics()).contains("traefik_service_retries_total{service=\"s@consul\"} 3");
    }

    @Test
    void aRetryReachesTheServerThatIsUp() {
        forward(to("http://a:80", "http://b:80"), new Middleware.Retry(2, Duration.ZERO));
        a.failing(Failure.REFUSED);
        for (int i = 0; i < 4; i++) {
            assertThat(ask("/").text()).isEqualTo("b");
        }
    }

    @Test
    void sendsNothingAgainThatAServerMayHaveGotAlready() {
        forward(to("http://a:80", "http://b:80"), new Middleware.Retry(5, Duration.ZERO));
        a.failing(Failure.RESET);
        b.failing(Failure.RESET);
        assertThat(ask("/").status()).isEqualTo(502);
        assertThat(metrics()).doesNotContain("traefik_service_retries_total{");
    }

    @Test
    void anErrorThatAServerAnswersIsAnAnswer() {
        a.serve(80, exchange -> exchange.respond(Response.text(500, "mine")));
        forward(to("http://a:80"), new Middleware.Retry(3, Duration.ZERO));
        assertThat(ask("/").text()).isEqualTo("mine");
        assertThat(a.requests).hasSize(1);
    }

    @Test
    void theFirstVersionTriedAsOftenAsThereAreOtherServers() {
        StaticConfiguration today = StaticConfiguration.ofCatalog("consul:8500", "Host(`x`)");
        var settings = new StaticConfiguration(
                today.entryPoints(),
                today.api(),
                false,
                today.consulCatalog(),
                null,
                today.throttle(),
                today.dialTimeout(),
                "INFO",
                null,
                false,
                new StaticConfiguration.Legacy(0, "localhost"));
        forwarder(settings, to("http://a:80", "http://b:80", "http://c:80"));
        a.failing(Failure.REFUSED);
        b.failing(Failure.REFUSED);
        traefik.send(80, request("/"));
        lab.run(Duration.ofSeconds(1));
        assertThat(metrics())
                .as("three servers: two attempts, of which one is a retry")
                .contains("traefik_service_retries_total{service=\"s@consul\"} 1");
    }

    @Test
    void stripsTheFirstPrefixThatFits() {
        forward(to("http://a:80"), new Middleware.StripPrefix(List.of("/x", "/api")));
        ask("/api/list");
        ask("/api");
        ask("/other");
        assertThat(a.requests).extracting(Request::path).containsExactly("/list", "/", "/other");
        assertThat(a.requests.get(0).header("x-forwarded-prefix")).isEqualTo("/api");
        assertThat(a.requests.get(2).header("x-forwarded-prefix")).isNull();
    }

    @Test
    void middlewaresActInTheirOrder() {
        forward(
                to("http://a:80"),
                new Middleware.StripPrefix(List.of("/old")),
                new Middleware.AddPrefix("/new"),
                new Middleware.Headers(Map.of("X-Request", "1"), Map.of("X-Response", "2")));
        Response answer = ask("/old/page");
        assertThat(a.requests.getFirst().path()).isEqualTo("/new/page");
        assertThat(a.requests.getFirst().header("x-request")).isEqualTo("1");
        assertThat(answer.header("x-response")).isEqualTo("2");
    }

    @Test
    void countsEachAnswerByEntryPointAndService() {
        forward(to("http://a:80"));
        ask("/");
        ask("/");
        a.failing(Failure.REFUSED);
        ask("/");
        traefik.ask(80, Request.get("/").withHeader("host", "elsewhere"));
        assertThat(metrics())
                .contains("traefik_entrypoint_requests_total{code=\"200\",entrypoint=\"web\"} 2")
                .contains("traefik_entrypoint_requests_total{code=\"404\",entrypoint=\"web\"} 1")
                .contains("traefik_service_requests_total{code=\"200\",service=\"s@consul\"} 2")
                .contains("traefik_service_requests_total{code=\"502\",service=\"s@consul\"} 1")
                .doesNotContain("traefik_service_requests_total{code=\"404\"");
    }

    @Test
    void doesNotAskAServerForAClientThatHasGone() {
        forward(to("http://a:80"), new Middleware.Retry(5, Duration.ofSeconds(1)));
        a.failing(Failure.REFUSED);
        Pending request = traefik.send(80, request("/"));
        lab.run(Duration.ofMillis(10));
        request.abandon();
        a.failing(null);
        lab.run(Duration.ofSeconds(10));
        assertThat(a.requests).isEmpty();
        assertThat(request.response).isNull();
        assertThat(metrics()).contains("{code=\"499\",service=\"s@consul\"} 1");
    }

    @Test
    void failuresOfAServerCountForItsPassiveCheck() {
        forward(new Service(
                List.of(Server.of("http://a:80"), Server.of("http://b:80")),
                "wrr",
                true,
                null,
                new DynamicConfiguration.PassiveHealthCheck(Duration.ofSeconds(30), 1)));
        a.failing(Failure.REFUSED);
        long failed = 0;
        for (int i = 0; i < 6; i++) {
            failed += ask("/").status() == 502 ? 1 : 0;
        }
        assertThat(failed).isEqualTo(1);
        assertThat(metrics()).contains("traefik_service_server_up{service=\"s@consul\",url=\"http://a:80\"} 0");
    }

    /** As usual, with this access log. */
    private static StaticConfiguration logging(AccessLog log) {
        StaticConfiguration today = StaticConfiguration.ofCatalog("consul:8500", "Host(`x`)");
        return new StaticConfiguration(
                today.entryPoints(),
                today.api(),
                false,
                today.consulCatalog(),
                null,
                today.throttle(),
                today.dialTimeout(),
                "INFO",
                log,
                false,
                null);
    }

    @Test
    void writesALineForEachRequestIfAskedTo() {
        forwarder(logging(AccessLog.all()), to("http://a:80"));
        traefik.ask(80, request("/page").withHeader("user-agent", "me"));
        assertThat(traefik.output)
                .containsExactly("- - - [01/Jan/2026:00:00:00 +0000] \"GET /page HTTP/1.1\" 200 1 \"-\" \"-\" 1"
                        + " \"r@consul\" \"http://a:80\" 2ms");
    }

    @Test
    void namesTheServerThatWasTriedLastAndWhoAsked() {
        var failures =
                new AccessLog(List.of(new AccessLog.Codes(400, 599)), AccessLog.Mode.REDACT, AccessLog.Mode.KEEP);
        forwarder(logging(failures), to("http://a:80", "http://b:80"), new Middleware.Retry(2, Duration.ZERO));
        ask("/fine");
        a.failing(Failure.REFUSED);
        b.failing(Failure.REFUSED);
        traefik.send(
                80, request("/lost").withHeader("user-agent", "say \"me\"").withHeader("referer", "http://secret"));
        lab.run(Duration.ofSeconds(1));
        assertThat(traefik.output)
                .singleElement()
                .satisfies(
                        line -> assertThat(line)
                                .contains(
                                        "\"GET /lost HTTP/1.1\" 502 11 \"REDACTED\" \"say \\\"me\\\"\" 2 \"r@consul\" \"http://a:80\""));
    }

    @Test
    void aClientThatWentAwayIsInTheLogWithItsServer() {
        forwarder(logging(AccessLog.all()), to("http://a:80"));
        a.serve(80, exchange -> {});
        Pending request = traefik.send(80, request("/"));
        lab.run(Duration.ofSeconds(2));
        request.abandon();
        lab.run(Duration.ofSeconds(2));
        assertThat(traefik.output)
                .singleElement()
                .satisfies(line -> assertThat(line).contains("\" 499 ").contains("\"http://a:80\""));
    }
}
