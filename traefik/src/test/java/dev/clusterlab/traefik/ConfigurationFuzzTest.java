package dev.clusterlab.traefik;

import dev.clusterlab.fuzz.Fuzz;
import dev.clusterlab.fuzz.Mutations;
import dev.clusterlab.traefik.CatalogConfiguration.Instance;
import dev.clusterlab.traefik.StaticConfiguration.ConsulCatalog;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever stands in rules, tags, keys, flags and files, it is read or refused with the reader's own error. */
@Timeout(600)
class ConfigurationFuzzTest {
    private static final List<String> RULES = List.of(
            "Host(`a.localhost`) && (PathPrefix(`/x`) || !Path(`/y`))",
            "HostRegexp(`^[a-z]+\\.localhost$`) || PathRegexp(`(.*a){20}$`)",
            "HeaderRegexp(`X`, `(a|aa)+$`) && Query(`a`, `b`) && Method(`GET`) && Header(\"A\", \"b\\\"\")");
    private static final List<String> LEGACY =
            List.of("Host:a,b;PathPrefixStrip:/x", "HostRegexp:{sub:[a-z]+}.localhost", "Headers:A,b;AddPrefix:/v");
    private static final List<String> FILES = List.of("""
            [entryPoints]
              [entryPoints.web]
              address = ":80"
            [providers.consulCatalog]
            prefix = "traefik"
            refreshInterval = "5s"
            [api]
            insecure = true
            """, """
            logLevel = "DEBUG"
            defaultEntryPoints = ["http"]
            [entryPoints.http]
            address = ":80"
            [consulCatalog]
            endpoint = "consul:8500"
            domain = "localhost"
            """);
    private static final List<String> KEYS = List.of(
            "traefik/http/routers/r/rule",
            "traefik/http/routers/r/service",
            "traefik/http/routers/r/priority",
            "traefik/http/services/s/loadBalancer/servers/0/url",
            "traefik/http/services/s/loadBalancer/healthCheck/interval",
            "traefik/http/middlewares/m/retry/attempts",
            "traefik/backends/b/servers/x/url",
            "traefik/frontends/f/routes/r/rule");
    private static final List<String> VALUES = List.of(
            "Host(`a`)", "s", "-1", "99999999999", "5s", "1ns", "", "http://a:80", "Host:a", "true", "{{ .Name }}");

    @Test
    void everyConfigurationIsReadOrRefused() {
        Fuzz.run(ConfigurationFuzzTest.class, random -> {
            attempt(() -> Rule.parse(Mutations.changed(random, Mutations.pick(random, RULES)))
                    .matches(new Rule.Request(
                            "GET",
                            "a".repeat(200) + ":80",
                            "/" + "a".repeat(500) + "!",
                            Map.of("x", "a".repeat(500) + "!"),
                            Map.of("a", List.of("b")))));
            attempt(() -> LegacyRule.translate(Mutations.changed(random, Mutations.pick(random, LEGACY))));
            attempt(() -> new RuleTemplate(
                            Mutations.changed(random, "Host(`{{ normalize .Name }}.{{ index .Labels \"k\" }}`)"))
                    .render("web app", Map.of("k", "v")));
            attempt(() -> ConfigurationReader.readToml(
                    "traefik.toml", Mutations.changed(random, Mutations.pick(random, FILES))));
            attempt(() -> ConfigurationReader.read(
                    List.of(Mutations.changed(
                                    random,
                                    "--entrypoints.web.address=:80 --providers.consulcatalog.refreshinterval=5s --ping=true -c x")
                            .split(" ")),
                    Map.of("TRAEFIK_LOG_LEVEL", Mutations.changed(random, "DEBUG")),
                    file -> null));
            attempt(() -> KvConfiguration.build("traefik", keys(random), random.nextBoolean()));
            attempt(() -> CatalogConfiguration.build(catalog(random), random.nextBoolean(), List.of(instance(random))));
        });
    }

    private static void attempt(Runnable reading) {
        try {
            reading.run();
        } catch (ConfigurationException expected) {
            // its own kind
        }
    }

    private static Map<String, String> keys(RandomGenerator random) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            String key = Mutations.pick(random, KEYS);
            keys.put(
                    random.nextInt(4) == 0 ? Mutations.changed(random, key) : key,
                    random.nextInt(4) == 0
                            ? Mutations.changed(random, Mutations.pick(random, RULES))
                            : Mutations.pick(random, VALUES));
        }
        return keys;
    }

    private static ConsulCatalog catalog(RandomGenerator random) {
        return new ConsulCatalog(
                "consul:8500",
                "traefik",
                Duration.ofSeconds(15),
                random.nextBoolean(),
                "Host(`{{ .Name }}`)",
                List.of("passing"),
                true,
                false);
    }

    private static Instance instance(RandomGenerator random) {
        return new Instance(
                "node",
                "id",
                Mutations.changed(random, "web"),
                "10.0.0.1",
                random.nextInt(-1, 65_536),
                List.of(
                        Mutations.changed(random, "traefik.enable=true"),
                        Mutations.changed(random, "traefik.http.routers.r.rule=Host(`a`)"),
                        Mutations.changed(random, "traefik.http.services.s.loadbalancer.server.port=80"),
                        Mutations.changed(random, "traefik.frontend.rule=Host:a")),
                "passing");
    }
}
