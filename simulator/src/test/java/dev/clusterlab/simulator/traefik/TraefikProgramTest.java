package dev.clusterlab.simulator.traefik;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.simulator.consul.ConsulImages;
import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.core.Json;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import dev.clusterlab.simulator.programs.ProgramLab;
import dev.clusterlab.simulator.programs.ProgramLab.Container;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Traefik beside an agent of Consul in whose catalog and keys it finds what to do. */
class TraefikProgramTest {
    private final ProgramLab lab = new ProgramLab(1);
    private final Container consul =
            lab.container("consul", "agent", "-server", "-bootstrap-expect=1", "-client=0.0.0.0");
    private final Container web =
            lab.container("web").serve(80, exchange -> exchange.respond(Response.text(200, "web")));

    private void startConsul() {
        ProgramCatalog images = new ProgramCatalog();
        ConsulImages.images().forEach(images::add);
        consul.start(images.find("consul").orElseThrow().factory());
        lab.await("a leader", () -> consul.wrote("cluster leadership acquired"));
        lab.run(Duration.ofSeconds(1));
    }

    private Container traefik(String... flags) {
        return lab.container("traefik", flags).start(TraefikProgram::new);
    }

    private Container traefikOfCatalog() {
        return traefik(
                "--entrypoints.web.address=:80",
                "--api.insecure=true",
                "--ping=true",
                "--providers.consulcatalog.endpoint.address=consul:8500",
                "--providers.consulcatalog.refreshinterval=5s");
    }

    private static Response askForWeb(Container traefik) {
        return traefik.ask(80, Request.get("/").withHeader("host", "web"));
    }

    private void put(String path, String body) {
        assertThat(consul.ask(8500, Request.of("PUT", path).withBody(body)).status())
                .isEqualTo(200);
    }

    private void register() {
        put("/v1/agent/service/register", "{\"Name\":\"web\",\"Address\":\"web\",\"Port\":80}");
        lab.run(Duration.ofSeconds(1));
    }

    private static JsonNode json(Response response) {
        assertThat(response.status()).as(response.text()).isEqualTo(200);
        try {
            return Json.MAPPER.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + response.text(), e);
        }
    }

    @Test
    void routesToWhatIsRegisteredInTheCatalogUntilItIsNot() {
        startConsul();
        register();
        Container traefik = traefikOfCatalog();
        lab.run(Duration.ofSeconds(1));
        assertThat(askForWeb(traefik).text()).isEqualTo("web");
        put("/v1/agent/service/deregister/web", "");
        lab.run(Duration.ofSeconds(6));
        assertThat(askForWeb(traefik).status()).isNotEqualTo(200);
        assertThat(web.requests).hasSize(1);
    }

    @Test
    void findsConsulOnceItIsThere() {
        Container traefik = traefikOfCatalog();
        lab.run(Duration.ofSeconds(2));
        assertThat(askForWeb(traefik).status()).isEqualTo(404);
        assertThat(traefik.wrote("Provider error, retrying in ")).isTrue();
        assertThat(traefik.wrote("connect: connection refused")).isTrue();
        startConsul();
        register();
        lab.run(Duration.ofSeconds(30));
        assertThat(askForWeb(traefik).text()).isEqualTo("web");
    }

    @Test
    void routesByKeys() {
        startConsul();
        put("/v1/kv/traefik/http/services/s/loadBalancer/servers/0/url", "http://web:80");
        put("/v1/kv/traefik/http/routers/r/rule", "Path(`/only`)");
        put("/v1/kv/traefik/http/routers/r/service", "s");
        Container traefik = traefik("--entrypoints.web.address=:80", "--providers.consul.endpoints=consul:8500");
        lab.run(Duration.ofSeconds(1));
        assertThat(traefik.get(80, "/only").text()).isEqualTo("web");
        assertThat(traefik.get(80, "/other").status()).isEqualTo(404);
        put("/v1/kv/traefik/http/routers/r/rule", "Path(`/other`)");
        lab.run(Duration.ofSeconds(3));
        assertThat(traefik.get(80, "/other").text()).isEqualTo("web");
    }

    @Test
    void showsInItsApiWhatItRoutes() {
        startConsul();
        register();
        Container traefik = traefikOfCatalog();
        lab.run(Duration.ofSeconds(1));
        JsonNode router = json(traefik.get(8080, "/api/http/routers/web@consulcatalog"));
        assertThat(router.path("rule").asText()).isEqualTo("Host(`web`)");
        assertThat(router.path("status").asText()).isEqualTo("enabled");
        assertThat(json(traefik.get(8080, "/api/http/services/web@consulcatalog"))
                        .path("serverStatus")
                        .path("http://web:80")
                        .asText())
                .isEqualTo("UP");
        assertThat(json(traefik.get(8080, "/api/http/routers")))
                .extracting(each -> each.path("name").asText())
                .contains("web@consulcatalog", "api@internal", "dashboard@internal");
        assertThat(json(traefik.get(8080, "/api/entrypoints/web"))
                        .path("address")
                        .asText())
                .isEqualTo(":80");
        Response missing = traefik.get(8080, "/api/http/services/none@consulcatalog");
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.text()).isEqualTo("{\"message\":\"service not found: none@consulcatalog\"}");
        assertThat(traefik.get(8080, "/dashboard/").text()).contains("web@consulcatalog");
    }

    @Test
    void tellsFiguresOnlyIfAskedAndWhatItDoesNotDo() {
        Container plain = traefikOfCatalog();
        assertThat(plain.get(8080, "/metrics").status()).isEqualTo(404);
        assertThat(json(plain.get(8080, "/api/overview"))
                        .at("/features/metrics")
                        .asText())
                .isEmpty();
        Container measured = lab.container(
                        "measured",
                        "--entrypoints.web.address=:80",
                        "--api.insecure=true",
                        "--metrics.prometheus",
                        "--tracing.otlp")
                .start(TraefikProgram::new);
        assertThat(measured.get(8080, "/metrics").text()).contains("traefik_");
        assertThat(json(measured.get(8080, "/api/overview"))
                        .at("/features/metrics")
                        .asText())
                .isEqualTo("Prometheus");
        assertThat(measured.wrote("Option tracing.otlp: dropped: without effect in this lab"))
                .isTrue();
    }

    @Test
    void pagesItsLists() {
        Container traefik = traefikOfCatalog();
        Request first = Request.get("/api/http/routers").withQuery("per_page", "1");
        assertThat(json(traefik.ask(8080, first))).hasSize(1);
        assertThat(traefik.ask(8080, first).header("x-next-page")).isEqualTo("2");
        assertThat(traefik.ask(8080, first.withQuery("page", "2")).header("x-next-page"))
                .isEqualTo("1");
        Response past = traefik.ask(8080, first.withQuery("page", "9"));
        assertThat(past.status()).isEqualTo(400);
        assertThat(past.text()).isEqualTo("{\"message\":\"invalid request: page: 9, per_page: 1\"}");
    }

    @Test
    void saysThatItIsThereUntilItStops() {
        Container traefik = traefikOfCatalog();
        assertThat(traefik.get(8080, "/ping").text()).isEqualTo("OK");
        traefik.signal("SIGTERM");
        assertThat(traefik.get(8080, "/ping").status()).isEqualTo(503);
        lab.run(Duration.ofMillis(99));
        assertThat(traefik.exitStatus()).as("requests under way may end").isNull();
        lab.run(Duration.ofMillis(1));
        assertThat(traefik.exitStatus()).isZero();
    }

    @Test
    void doesNotStartWithAnOptionThatDoesNotExist() {
        Container traefik = traefik("--entrypoints.web.adress=:80");
        assertThat(traefik.exitStatus()).isEqualTo(1);
        assertThat(traefik.output.getLast()).contains("ERR Command error error=");
    }

    @Test
    void printsItsVersion() {
        Container traefik = traefik("version");
        assertThat(traefik.output.getFirst()).isEqualTo("Version:      " + TraefikProgram.VERSION);
        assertThat(traefik.exitStatus()).isZero();
    }

    /** What one request may not do: hold up or end what serves all the others. */
    @Test
    @Timeout(60)
    void hostileRulesAndTagsHoldUpNobody() {
        startConsul();
        register();
        Container traefik = traefik(
                "--entrypoints.web.address=:80",
                "--providers.consulcatalog.endpoint.address=consul:8500",
                "--providers.consulcatalog.refreshinterval=5s",
                "--providers.consul.endpoints=consul:8500");
        put("/v1/kv/traefik/http/services/s/loadBalancer/servers/0/url", "http://web:80");
        put("/v1/kv/traefik/http/routers/slow/service", "s");
        put("/v1/kv/traefik/http/routers/slow/rule", "PathRegexp(`(.*a){25}$`)");
        put("/v1/kv/traefik/http/routers/deep/service", "s");
        put("/v1/kv/traefik/http/routers/deep/rule", "(".repeat(20_000));
        put("/v1/kv/traefik/" + "a/".repeat(2_000) + "b", "x");
        put(
                "/v1/agent/service/register",
                "{\"Name\":\"bad\",\"Address\":\"web\",\"Port\":80,\"Tags\":[\"traefik.http.routers.x.rule="
                        + "!".repeat(20_000) + "\"]}");
        lab.run(Duration.ofSeconds(20));
        assertThat(traefik.ask(80, Request.get("/" + "a".repeat(60) + "!")).status())
                .isEqualTo(404);
        assertThat(askForWeb(traefik).text()).isEqualTo("web");
        assertThat(consul.ask(8500, Request.of("DELETE", "/v1/kv/traefik").withQuery("recurse", ""))
                        .status())
                .isEqualTo(200);
        put("/v1/kv/traefik/http/services/s/loadBalancer/servers/0/url", "http://web:80");
        put("/v1/kv/traefik/http/routers/good/service", "s");
        put("/v1/kv/traefik/http/routers/good/rule", "Path(`/good`)");
        lab.run(Duration.ofSeconds(20));
        assertThat(traefik.ask(80, Request.get("/good")).text()).isEqualTo("web");
    }
}
