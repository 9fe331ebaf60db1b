package dev.clusterlab.traefik;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.traefik.CatalogConfiguration.Built;
import dev.clusterlab.traefik.CatalogConfiguration.Instance;
import dev.clusterlab.traefik.DynamicConfiguration.Middleware;
import dev.clusterlab.traefik.DynamicConfiguration.Server;
import dev.clusterlab.traefik.StaticConfiguration.ConsulCatalog;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CatalogConfigurationTest {
    private static final ConsulCatalog PROVIDER =
            ConsulCatalog.at("consul:8500").withDefaultRule("Host(`{{ .Name }}.localhost`)");

    @Test
    void routesToEachServiceByItsName() {
        Built built = CatalogConfiguration.build(
                PROVIDER,
                false,
                List.of(instance("1", "passing"), instance("2", "passing"), instance("3", "critical")));
        assertThat(built.errors()).isEmpty();
        assertThat(router(built, "democonsul").rule()).isEqualTo("Host(`democonsul.localhost`)");
        assertThat(service(built, "democonsul").servers())
                .containsExactly(Server.of("http://10.1.9.1:8080"), Server.of("http://10.1.9.2:8080"));
    }

    @Test
    void dropsARouterWithoutInstances() {
        assertThat(CatalogConfiguration.build(PROVIDER, false, List.of(instance("1", "critical")))
                        .configuration())
                .isEqualTo(DynamicConfiguration.empty());
    }

    @Test
    void followsTags() {
        Built built = CatalogConfiguration.build(
                PROVIDER,
                false,
                List.of(instance(
                        "1",
                        "passing",
                        "foo=bar",
                        "traefik.http.routers.web.rule=Host(`x`)",
                        "traefik.http.routers.web.entrypoints=web",
                        "traefik.http.routers.web.middlewares=again",
                        "traefik.http.services.hello.loadbalancer.server.port=9000",
                        "traefik.http.services.hello.loadbalancer.healthcheck.path=/health",
                        "traefik.http.services.hello.loadbalancer.healthcheck.interval=5s",
                        "traefik.http.middlewares.again.retry.attempts=3")));
        assertThat(built.errors()).isEmpty();
        assertThat(router(built, "web").service()).isEqualTo("hello");
        assertThat(router(built, "web").middlewares()).containsExactly("again");
        assertThat(service(built, "hello").servers()).containsExactly(Server.of("http://10.1.9.1:9000"));
        assertThat(Objects.requireNonNull(service(built, "hello").healthCheck()).interval())
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(built.configuration().middlewares()).containsEntry("again", new Middleware.Retry(3, Duration.ZERO));
    }

    @Test
    void skipsWhatContradictsItself() {
        Built built = CatalogConfiguration.build(
                PROVIDER,
                false,
                List.of(
                        instance("1", "passing", "traefik.http.routers.r.rule=Host(`x`)"),
                        instance("2", "passing", "traefik.http.routers.r.rule=Host(`y`)")));
        assertThat(built.configuration().routers()).isEmpty();
        assertThat(built.errors()).containsExactly("Router defined multiple times with different configurations: r");
        assertThat(built.configuration().services()).containsKey("democonsul");
    }

    @Test
    void saysWhichTagIsWrong() {
        Built built = CatalogConfiguration.build(
                PROVIDER, false, List.of(instance("1", "passing", "traefik.http.routers.r.rool=Host(`x`)")));
        assertThat(built.errors()).singleElement().asString().contains("field not found, node: rool");
    }

    @Test
    void exposesOnlyWhatItIsToldTo() {
        assertThat(CatalogConfiguration.exposed(PROVIDER, List.of("traefik.enable=false")))
                .isFalse();
        assertThat(CatalogConfiguration.exposed(PROVIDER, List.of("a"))).isTrue();
    }

    @Test
    void understandsTagsOf2017() {
        Instance instance =
                instance("1", "passing", "traefik.frontend.rule=Host:old.localhost", "traefik.backend.weight=3");
        Built built = CatalogConfiguration.build(PROVIDER, true, List.of(instance));
        assertThat(router(built, "democonsul").rule()).isEqualTo("Host(`old.localhost`)");
        assertThat(service(built, "democonsul").servers()).containsExactly(new Server("http://10.1.9.1:8080", 3));
        // Today's Traefik does not look at them.
        assertThat(router(CatalogConfiguration.build(PROVIDER, false, List.of(instance)), "democonsul")
                        .rule())
                .isEqualTo("Host(`democonsul.localhost`)");
    }

    @Test
    void readsTheKeyValueStore() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("traefik/http/routers/r/rule", "Host(`kv`)");
        keys.put("traefik/http/routers/r/entryPoints/0", "web");
        keys.put("traefik/http/routers/r/service", "s");
        keys.put("traefik/http/services/s/loadbalancer/servers/0/url", "http://10.0.0.1:80");
        keys.put("traefik/http/services/s/loadbalancer/servers/1/url", "http://10.0.0.2:80");
        DynamicConfiguration read = KvConfiguration.build("traefik", keys, false);
        assertThat(Objects.requireNonNull(read.routers().get("r")).entryPoints())
                .containsExactly("web");
        assertThat(Objects.requireNonNull(read.services().get("s")).servers()).hasSize(2);
        Map<String, String> old = new LinkedHashMap<>();
        old.put("traefik/backends/b/servers/s1/url", "http://10.0.0.1:80");
        old.put("traefik/frontends/f/backend", "b");
        old.put("traefik/frontends/f/routes/one/rule", "Host:x");
        assertThat(Objects.requireNonNull(KvConfiguration.build("traefik", old, true)
                                .routers()
                                .get("f"))
                        .rule())
                .isEqualTo("Host(`x`)");
        keys.put("traefik/http/routers/r/roole", "x");
        assertThatThrownBy(() -> KvConfiguration.build("traefik", keys, false))
                .hasMessageContaining("field not found, node: roole");
    }

    @Test
    void writesWhatItReads() {
        Built built = CatalogConfiguration.build(
                PROVIDER,
                false,
                List.of(instance(
                        "1",
                        "passing",
                        "traefik.http.services.s.loadbalancer.healthcheck.path=/health",
                        "traefik.http.middlewares.m.retry.attempts=2")));
        DynamicConfiguration configuration = built.configuration();
        assertThat(DynamicConfiguration.read(Options.ofToml("d.toml", WrittenConfiguration.toml(configuration))
                        .at("http")))
                .isEqualTo(configuration);
    }

    private static DynamicConfiguration.Router router(Built built, String name) {
        return Objects.requireNonNull(built.configuration().routers().get(name));
    }

    private static DynamicConfiguration.Service service(Built built, String name) {
        return Objects.requireNonNull(built.configuration().services().get(name));
    }

    private static Instance instance(String number, String status, String... tags) {
        return new Instance(
                "node" + number, "id" + number, "democonsul", "10.1.9." + number, 8080, List.of(tags), status);
    }
}
