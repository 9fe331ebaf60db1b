package dev.clusterlab.simulator.traefik;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.programs.ProgramLab;
import dev.clusterlab.simulator.programs.ProgramLab.Container;
import dev.clusterlab.simulator.traefik.RuntimeConfiguration.Router;
import dev.clusterlab.traefik.DynamicConfiguration;
import dev.clusterlab.traefik.DynamicConfiguration.Middleware;
import dev.clusterlab.traefik.DynamicConfiguration.Server;
import dev.clusterlab.traefik.DynamicConfiguration.Service;
import dev.clusterlab.traefik.Rule;
import dev.clusterlab.traefik.StaticConfiguration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the configurations of several providers amount to. */
class RuntimeConfigurationTest {
    private static final StaticConfiguration SETTINGS = StaticConfiguration.ofCatalog("consul:8500", "Host(`x`)");

    private final Container traefik = new ProgramLab(1).container("traefik");
    private final Map<String, Map<String, DynamicConfiguration.Router>> routers = new TreeMap<>();
    private final Map<String, Map<String, Service>> services = new TreeMap<>();
    private final Map<String, Map<String, Middleware>> middlewares = new TreeMap<>();

    private static DynamicConfiguration.Router router(
            String rule, String service, long priority, String... middlewares) {
        return new DynamicConfiguration.Router(List.of(), List.of(middlewares), rule, service, priority);
    }

    private RuntimeConfigurationTest with(String provider, String name, DynamicConfiguration.Router router) {
        routers.computeIfAbsent(provider, p -> new LinkedHashMap<>()).put(name, router);
        services.computeIfAbsent(provider, p -> new LinkedHashMap<>());
        return this;
    }

    private RuntimeConfigurationTest withService(String provider, String name) {
        services.computeIfAbsent(provider, p -> new LinkedHashMap<>())
                .put(name, Service.of(List.of(Server.of("http://a:80"))));
        return this;
    }

    private RuntimeConfiguration built() {
        var providers = new TreeMap<String, DynamicConfiguration>();
        services.forEach((provider, own) -> providers.put(
                provider,
                new DynamicConfiguration(
                        routers.getOrDefault(provider, Map.of()), own, middlewares.getOrDefault(provider, Map.of()))));
        return new RuntimeConfiguration(traefik, new TraefikLog(traefik, "INFO", false), SETTINGS, providers);
    }

    private static @Nullable String routed(
            RuntimeConfiguration configuration, String entryPoint, String host, String path) {
        Router router = configuration.route(entryPoint, new Rule.Request("GET", host, path, Map.of(), Map.of()));
        return router == null ? null : router.name();
    }

    private static Router named(RuntimeConfiguration configuration, String name) {
        Router found = configuration.routers.get(name);
        assertThat(found).as("router " + name).isNotNull();
        return found;
    }

    @Test
    void theLongerRuleComesFirst() {
        RuntimeConfiguration configuration = withService("consul", "s")
                .with("consul", "short", router("PathPrefix(`/`)", "s", 0))
                .with("consul", "long", router("PathPrefix(`/api`)", "s", 0))
                .built();
        assertThat(routed(configuration, "web", "h", "/api/x")).isEqualTo("long@consul");
        assertThat(routed(configuration, "web", "h", "/x")).isEqualTo("short@consul");
    }

    @Test
    void aPriorityThatIsGivenBeatsTheLengthOfTheRule() {
        RuntimeConfiguration configuration = withService("consul", "s")
                .with("consul", "short", router("PathPrefix(`/`)", "s", 1000))
                .with("consul", "long", router("PathPrefix(`/api`)", "s", 0))
                .built();
        assertThat(routed(configuration, "web", "h", "/api/x")).isEqualTo("short@consul");
        assertThat(named(configuration, "long@consul").priority()).isEqualTo("PathPrefix(`/api`)".length());
    }

    @Test
    void ofEqualPrioritiesTheNameDecides() {
        RuntimeConfiguration configuration = withService("consul", "s")
                .with("consul", "b", router("PathPrefix(`/x`)", "s", 0))
                .with("consul", "a", router("PathPrefix(`/x`)", "s", 0))
                .built();
        assertThat(routed(configuration, "web", "h", "/x")).isEqualTo("a@consul");
    }

    @Test
    void nobodyTakesARequestThatNoRuleFits() {
        RuntimeConfiguration configuration = withService("consul", "s")
                .with("consul", "r", router("Host(`h`)", "s", 0))
                .built();
        assertThat(routed(configuration, "web", "h", "/")).isEqualTo("r@consul");
        assertThat(routed(configuration, "web", "other", "/")).isNull();
    }

    @Test
    void aRouterWithoutEntryPointsHasAllButTheInternalOne() {
        RuntimeConfiguration configuration = withService("consul", "s")
                .with("consul", "r", router("Host(`h`)", "s", 0))
                .built();
        assertThat(named(configuration, "r@consul").entryPoints()).containsExactly("web");
        assertThat(routed(configuration, "traefik", "h", "/")).isEqualTo("dashboard@internal");
    }

    @Test
    void aRouterThatCannotWorkIsDisabledAndSaysWhy() {
        RuntimeConfiguration configuration = with("consul", "rule", router("Hots(`h`)", "s", 0))
                .with("consul", "service", router("Host(`h`)", "missing", 0))
                .with("consul", "middleware", router("Host(`h`)", "s", 0, "missing"))
                .with(
                        "consul",
                        "entry",
                        new DynamicConfiguration.Router(List.of("web", "nowhere"), List.of(), "Host(`h`)", "s", 0))
                .withService("consul", "s")
                .built();
        assertThat(routed(configuration, "web", "h", "/")).isNull();
        assertThat(named(configuration, "rule@consul").errors()).hasSize(1);
        assertThat(named(configuration, "service@consul").errors())
                .containsExactly("the service \"missing@consul\" does not exist");
        assertThat(named(configuration, "middleware@consul").errors())
                .containsExactly("middleware \"missing@consul\" does not exist");
        assertThat(named(configuration, "entry@consul").errors()).containsExactly("EntryPoint doesn't exist: nowhere");
    }

    @Test
    void namesBelongToTheirProviderUnlessTheySayAnother() {
        RuntimeConfiguration configuration = withService("consul", "s")
                .withService("consulcatalog", "s")
                .with("consul", "own", router("Path(`/own`)", "s", 0))
                .with("consul", "other", router("Path(`/other`)", "s@consulcatalog", 0))
                .built();
        assertThat(configuration.services).containsOnlyKeys("s@consul", "s@consulcatalog");
        assertThat(named(configuration, "own@consul").service()).isEqualTo("s@consul");
        assertThat(named(configuration, "other@consul").service()).isEqualTo("s@consulcatalog");
        assertThat(configuration.usersOf("s@consulcatalog")).containsExactly("other@consul");
    }

    @Test
    void apiAndDashboardComeBeforeEverythingOnTheInternalEntryPoint() {
        RuntimeConfiguration configuration = withService("consul", "s")
                .with(
                        "consul",
                        "greedy",
                        new DynamicConfiguration.Router(
                                List.of("traefik", "web"), List.of(), "PathPrefix(`/`)", "s", 1_000_000))
                .built();
        assertThat(routed(configuration, "traefik", "h", "/api/overview")).isEqualTo("api@internal");
        assertThat(routed(configuration, "traefik", "h", "/dashboard/")).isEqualTo("dashboard@internal");
        assertThat(routed(configuration, "web", "h", "/api/overview")).isEqualTo("greedy@consul");
    }
}
