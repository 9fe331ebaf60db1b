package dev.clusterlab.traefik;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.shell.text.GoDuration;
import dev.clusterlab.traefik.DynamicConfiguration.HealthCheck;
import dev.clusterlab.traefik.DynamicConfiguration.Middleware;
import dev.clusterlab.traefik.DynamicConfiguration.PassiveHealthCheck;
import dev.clusterlab.traefik.DynamicConfiguration.Server;
import dev.clusterlab.traefik.DynamicConfiguration.Service;
import java.time.Duration;
import java.util.List;

/** Writes configurations as those of the third major version, so that what is read can be held against what was written. */
final class WrittenConfiguration {
    private WrittenConfiguration() {}

    static String toml(StaticConfiguration written) {
        return TomlText.of(tree(written));
    }

    /** As command-line flags. */
    static List<String> flags(StaticConfiguration written) {
        return TomlText.flags(tree(written));
    }

    private static ObjectNode tree(StaticConfiguration written) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode points = root.putObject("entryPoints");
        written.entryPoints().forEach((name, point) -> {
            ObjectNode node = points.putObject(name).put("address", point.address());
            if (point.asDefault()) {
                node.put("asDefault", true);
            }
        });
        StaticConfiguration.Api api = written.api();
        if (api != null) {
            root.putObject("api").put("insecure", api.insecure()).put("dashboard", api.dashboard());
        }
        if (written.ping()) {
            root.putObject("ping").put("entryPoint", StaticConfiguration.INTERNAL_ENTRY_POINT);
        }
        root.putObject("log").put("level", written.logLevel());
        if (written.accessLog() != null) {
            root.putObject("accessLog").put("format", "common");
        }
        ObjectNode providers = root.putObject("providers");
        if (!written.throttle().equals(StaticConfiguration.DEFAULT_THROTTLE)) {
            providers.put("providersThrottleDuration", GoDuration.format(written.throttle()));
        }
        StaticConfiguration.ConsulCatalog consulCatalog = written.consulCatalog();
        if (consulCatalog != null) {
            ObjectNode node = providers.putObject("consulCatalog");
            node.put("prefix", consulCatalog.prefix())
                    .put("refreshInterval", GoDuration.format(consulCatalog.refreshInterval()))
                    .put("exposedByDefault", consulCatalog.exposedByDefault())
                    .put("defaultRule", consulCatalog.defaultRule());
            if (consulCatalog.watch()) {
                node.put("watch", true);
            }
            if (consulCatalog.stale()) {
                node.put("stale", true);
            }
            var strict = node.putArray("strictChecks");
            consulCatalog.strictChecks().forEach(strict::add);
            node.putObject("endpoint").put("address", consulCatalog.endpointAddress());
        }
        StaticConfiguration.ConsulKv consulKv = written.consulKv();
        if (consulKv != null) {
            ObjectNode node = providers.putObject("consul").put("rootKey", consulKv.rootKey());
            var endpoints = node.putArray("endpoints");
            consulKv.endpoints().forEach(endpoints::add);
        }
        return root;
    }

    static String toml(DynamicConfiguration written) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode http = root.putObject("http");
        ObjectNode routerNodes = http.putObject("routers");
        written.routers().forEach((name, router) -> {
            ObjectNode node = routerNodes.putObject(name);
            node.put("rule", router.rule()).put("service", router.service());
            if (!router.entryPoints().isEmpty()) {
                router.entryPoints().forEach(node.putArray("entryPoints")::add);
            }
            if (!router.middlewares().isEmpty()) {
                router.middlewares().forEach(node.putArray("middlewares")::add);
            }
            if (router.priority() != 0) {
                node.put("priority", router.priority());
            }
        });
        ObjectNode serviceNodes = http.putObject("services");
        written.services()
                .forEach((name, service) ->
                        write(service, serviceNodes.putObject(name).putObject("loadBalancer")));
        if (!written.middlewares().isEmpty()) {
            ObjectNode middlewareNodes = http.putObject("middlewares");
            written.middlewares().forEach((name, middleware) -> write(middleware, middlewareNodes.putObject(name)));
        }
        return TomlText.of(root);
    }

    private static void write(Service service, ObjectNode node) {
        node.put("strategy", service.strategy()).put("passHostHeader", service.passHostHeader());
        HealthCheck active = service.healthCheck();
        if (active != null) {
            ObjectNode check = node.putObject("healthCheck")
                    .put("path", active.path())
                    .put("interval", GoDuration.format(active.interval()))
                    .put("timeout", GoDuration.format(active.timeout()));
            Duration unhealthy = active.unhealthyInterval();
            if (unhealthy != null) {
                check.put("unhealthyInterval", GoDuration.format(unhealthy));
            }
            if (!active.method().equals("GET")) {
                check.put("method", active.method());
            }
            if (active.status() != 0) {
                check.put("status", active.status());
            }
            if (active.port() != 0) {
                check.put("port", active.port());
            }
        }
        PassiveHealthCheck passive = service.passiveHealthCheck();
        if (passive != null) {
            node.putObject("passiveHealthCheck")
                    .put("failureWindow", GoDuration.format(passive.failureWindow()))
                    .put("maxFailedAttempts", passive.maxFailedAttempts());
        }
        var servers = node.putArray("servers");
        for (Server server : service.servers()) {
            ObjectNode each = servers.addObject().put("url", server.url());
            if (server.weight() != 1) {
                each.put("weight", server.weight());
            }
        }
    }

    private static void write(Middleware middleware, ObjectNode node) {
        switch (middleware) {
            case Middleware.Retry retry -> {
                ObjectNode options = node.putObject("retry").put("attempts", retry.attempts());
                if (!retry.initialInterval().isZero()) {
                    options.put("initialInterval", GoDuration.format(retry.initialInterval()));
                }
            }
            case Middleware.StripPrefix strip ->
                strip.prefixes().forEach(node.putObject("stripPrefix").putArray("prefixes")::add);
            case Middleware.AddPrefix add -> node.putObject("addPrefix").put("prefix", add.prefix());
            case Middleware.Headers headers -> {
                ObjectNode options = node.putObject("headers");
                headers.customRequestHeaders().forEach(options.putObject("customRequestHeaders")::put);
                headers.customResponseHeaders().forEach(options.putObject("customResponseHeaders")::put);
            }
        }
    }
}
