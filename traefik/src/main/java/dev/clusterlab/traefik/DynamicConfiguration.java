package dev.clusterlab.traefik;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of Traefik's configuration that providers deliver while it runs. Names are without their provider. */
public record DynamicConfiguration(
        Map<String, Router> routers, Map<String, Service> services, Map<String, Middleware> middlewares) {

    public DynamicConfiguration {
        routers = Collections.unmodifiableMap(new LinkedHashMap<>(routers));
        services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
        middlewares = Collections.unmodifiableMap(new LinkedHashMap<>(middlewares));
    }

    public static DynamicConfiguration empty() {
        return new DynamicConfiguration(Map.of(), Map.of(), Map.of());
    }

    /**
     * Sends matching requests to a service.
     *
     * @param entryPoints empty for the default ones
     * @param priority 0 for the length of the rule
     */
    public record Router(
            List<String> entryPoints, List<String> middlewares, String rule, String service, long priority) {
        public Router {
            entryPoints = List.copyOf(entryPoints);
            middlewares = List.copyOf(middlewares);
        }

        public long effectivePriority() {
            return priority == 0 ? rule.length() : priority;
        }
    }

    /**
     * A load balancer over servers.
     *
     * @param strategy only {@code wrr} is balanced by its own rule; others are known by name
     */
    public record Service(
            List<Server> servers,
            String strategy,
            boolean passHostHeader,
            @Nullable HealthCheck healthCheck,
            @Nullable PassiveHealthCheck passiveHealthCheck) {
        public Service {
            servers = List.copyOf(servers);
        }

        public static Service of(List<Server> servers) {
            return new Service(servers, "wrr", true, null, null);
        }

        public Service withServers(List<Server> newServers) {
            return new Service(newServers, strategy, passHostHeader, healthCheck, passiveHealthCheck);
        }
    }

    public record Server(String url, int weight) {
        public static Server of(String url) {
            return new Server(url, 1);
        }
    }

    /** Asks each server from time to time. {@code status} 0: any 2xx or 3xx will do; {@code port} 0: the server's. */
    public record HealthCheck(
            String path,
            Duration interval,
            @Nullable Duration unhealthyInterval,
            Duration timeout,
            String method,
            int status,
            int port) {
        public static final Duration INTERVAL_DEFAULT = Duration.ofSeconds(30);
    }

    /** Watches what clients get. */
    public record PassiveHealthCheck(Duration failureWindow, int maxFailedAttempts) {}

    /** Changes requests or answers on their way. */
    public sealed interface Middleware {
        /** Name of its type in the configuration and the API. */
        String type();

        /** Tries again, {@code attempts} times in all, with another server each time. */
        record Retry(int attempts, Duration initialInterval) implements Middleware {
            @Override
            public String type() {
                return "retry";
            }
        }

        /** Takes the first prefix that fits off the path. */
        record StripPrefix(List<String> prefixes) implements Middleware {
            public StripPrefix {
                prefixes = List.copyOf(prefixes);
            }

            @Override
            public String type() {
                return "stripprefix";
            }
        }

        /** Puts a prefix before the path. */
        record AddPrefix(String prefix) implements Middleware {
            @Override
            public String type() {
                return "addprefix";
            }
        }

        /** Sets headers. An empty value removes one. */
        record Headers(Map<String, String> customRequestHeaders, Map<String, String> customResponseHeaders)
                implements Middleware {
            public Headers {
                customRequestHeaders = Collections.unmodifiableMap(new LinkedHashMap<>(customRequestHeaders));
                customResponseHeaders = Collections.unmodifiableMap(new LinkedHashMap<>(customResponseHeaders));
            }

            @Override
            public String type() {
                return "headers";
            }
        }
    }

    /**
     * Reads what stands below {@code http}: {@code routers}, {@code services}, {@code middlewares}.
     *
     * @throws ConfigurationException at an option that does not exist or a value that does not fit
     */
    public static DynamicConfiguration read(Options http) {
        Map<String, Router> routers = new LinkedHashMap<>();
        for (String name : http.at("routers").names()) {
            Options router = http.at("routers").at(name);
            routers.put(
                    name,
                    new Router(
                            router.list("entryPoints", List.of()),
                            router.list("middlewares", List.of()),
                            router.text("rule", ""),
                            router.text("service", ""),
                            router.number("priority", 0)));
        }
        Map<String, Service> services = new LinkedHashMap<>();
        for (String name : http.at("services").names()) {
            services.put(name, service(http.at("services").at(name).at("loadBalancer")));
        }
        Map<String, Middleware> middlewares = new LinkedHashMap<>();
        for (String name : http.at("middlewares").names()) {
            middlewares.put(name, middleware(name, http.at("middlewares").at(name)));
        }
        List<String> unread = http.unread();
        if (!unread.isEmpty()) {
            throw new ConfigurationException("field not found, node: "
                    + unread.get(0).substring(unread.get(0).lastIndexOf('.') + 1) + " (in " + unread.get(0) + ")");
        }
        return new DynamicConfiguration(routers, services, middlewares);
    }

    private static Service service(Options balancer) {
        List<Server> servers = new ArrayList<>();
        for (String index : balancer.at("servers").names()) {
            Options server = balancer.at("servers").at(index);
            servers.add(new Server(server.text("url", ""), server.number("weight", 1)));
        }
        @Nullable HealthCheck active = null;
        if (balancer.has("healthCheck")) {
            Options check = balancer.at("healthCheck");
            active = new HealthCheck(
                    check.text("path", ""),
                    check.duration("interval", HealthCheck.INTERVAL_DEFAULT),
                    check.has("unhealthyInterval")
                            ? check.duration("unhealthyInterval", HealthCheck.INTERVAL_DEFAULT)
                            : null,
                    check.duration("timeout", Duration.ofSeconds(5)),
                    check.text("method", "GET"),
                    check.number("status", 0),
                    check.number("port", 0));
        }
        @Nullable PassiveHealthCheck passive = null;
        if (balancer.has("passiveHealthCheck")) {
            Options check = balancer.at("passiveHealthCheck");
            passive = new PassiveHealthCheck(
                    check.duration("failureWindow", Duration.ofSeconds(10)), check.number("maxFailedAttempts", 1));
        }
        return new Service(
                servers, balancer.text("strategy", "wrr"), balancer.flag("passHostHeader", true), active, passive);
    }

    private static Middleware middleware(String name, Options options) {
        if (options.has("retry")) {
            int attempts = options.number("retry.attempts", 0);
            if (attempts < 1) {
                throw new ConfigurationException(
                        "incorrect (or empty) value for attempt (" + attempts + ") in middleware " + name);
            }
            return new Middleware.Retry(attempts, options.duration("retry.initialInterval", Duration.ZERO));
        }
        if (options.has("stripPrefix")) {
            return new Middleware.StripPrefix(options.list("stripPrefix.prefixes", List.of()));
        }
        if (options.has("addPrefix")) {
            return new Middleware.AddPrefix(options.text("addPrefix.prefix", ""));
        }
        if (options.has("headers")) {
            return new Middleware.Headers(
                    options.map("headers.customRequestHeaders"), options.map("headers.customResponseHeaders"));
        }
        throw new ConfigurationException("middleware " + name + ": only retry, stripPrefix, addPrefix and headers are"
                + " known here, not " + String.join(", ", options.names()));
    }
}
