package dev.clusterlab.simulator.traefik;

import dev.clusterlab.shell.text.GoDuration;
import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.traefik.RuntimeConfiguration.Router;
import dev.clusterlab.traefik.DynamicConfiguration;
import dev.clusterlab.traefik.DynamicConfiguration.HealthCheck;
import dev.clusterlab.traefik.DynamicConfiguration.Middleware;
import dev.clusterlab.traefik.DynamicConfiguration.PassiveHealthCheck;
import dev.clusterlab.traefik.StaticConfiguration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The API: what runs now, as JSON. Serves the few paths of the first version besides. */
final class ApiService implements HttpService {
    private static final int PER_PAGE = 100;
    private static final List<String> INTERNAL_SERVICES =
            List.of("api@internal", "dashboard@internal", "noop@internal");

    private final StaticConfiguration settings;
    private final Supplier<RuntimeConfiguration> configuration;
    private final Statistics statistics;
    private final String startDate;
    private final List<Listed> named = List.of(
            new Listed("/api/http/routers/", "router", this::routers),
            new Listed("/api/http/services/", "service", this::services),
            new Listed("/api/http/middlewares/", "middleware", this::middlewares),
            new Listed("/api/entrypoints/", "entry point", this::entryPoints));

    ApiService(
            StaticConfiguration settings,
            Supplier<RuntimeConfiguration> configuration,
            Statistics statistics,
            String startDate) {
        this.settings = settings;
        this.configuration = configuration;
        this.statistics = statistics;
        this.startDate = startDate;
    }

    @Override
    public void handle(HttpExchange exchange) {
        Request request = exchange.request();
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            exchange.respond(Response.text(405, "405 method not allowed\n"));
            return;
        }
        exchange.respond(answer(request));
    }

    private Response answer(Request request) {
        String path = request.path().replaceFirst("/$", "");
        switch (path) {
            case "/api/overview":
                return json(overview());
            case "/api/version":
                return json(version());
            case "/api/rawdata":
                return json(rawData());
            case "/api/entrypoints":
                return page(request, entryPoints());
            case "/api/http/routers":
                return page(request, routers());
            case "/api/http/services":
                return page(request, services());
            case "/api/http/middlewares":
                return page(request, middlewares());
            case "/api/tcp/routers",
                    "/api/tcp/services",
                    "/api/tcp/middlewares",
                    "/api/udp/routers",
                    "/api/udp/services":
                return page(request, List.of());
            default:
                break;
        }
        if (settings.legacy() != null) {
            if (path.equals("/api") || path.equals("/api/providers")) {
                return json(LegacyProviders.of(configuration.get()));
            }
            if (path.startsWith("/api/providers/")) {
                Object provider =
                        LegacyProviders.of(configuration.get()).get(path.substring("/api/providers/".length()));
                return provider == null ? Response.text(404, "404 page not found\n") : json(provider);
            }
        }
        for (Listed list : named) {
            if (path.startsWith(list.prefix())) {
                return list.find(path.substring(list.prefix().length()));
            }
        }
        return Response.text(404, "404 page not found\n");
    }

    /** What can be asked for one by one: below a path, by name. */
    private record Listed(String prefix, String kind, Supplier<List<Map<String, Object>>> all) {
        Response find(String name) {
            for (Map<String, Object> each : all.get()) {
                if (name.equals(each.get("name"))) {
                    return json(each);
                }
            }
            return Response.json(404, Map.of("message", kind + " not found: " + name));
        }
    }

    private static Response json(Object value) {
        return Response.json(200, value);
    }

    private static Response page(Request request, List<Map<String, Object>> all) {
        List<Map<String, Object>> wanted = new ArrayList<>();
        @Nullable String search = request.parameter("search");
        @Nullable String status = request.parameter("status");
        for (Map<String, Object> each : all) {
            boolean named = search == null
                    || search.isEmpty()
                    || String.valueOf(each.get("name")).contains(search)
                    || String.valueOf(each.get("rule")).contains(search);
            boolean stated =
                    status == null || status.isEmpty() || status.equalsIgnoreCase(String.valueOf(each.get("status")));
            if (named && stated) {
                wanted.add(each);
            }
        }
        int page = number(request, "page", 1);
        int size = number(request, "per_page", PER_PAGE);
        if (page < 1 || size < 1 || (page > 1 && (long) (page - 1) * size >= wanted.size())) {
            return Response.json(400, Map.of("message", "invalid request: page: " + page + ", per_page: " + size));
        }
        int from = (page - 1) * size;
        int to = Math.min(wanted.size(), from + size);
        return json(wanted.subList(from, to))
                .withHeader("x-next-page", Integer.toString(to < wanted.size() ? page + 1 : 1));
    }

    private static int number(Request request, String name, int otherwise) {
        @Nullable String text = request.parameter(name);
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
    }

    private Map<String, Object> version() {
        Map<String, Object> version = new LinkedHashMap<>();
        version.put("Version", TraefikProgram.VERSION);
        version.put("Codename", TraefikProgram.CODENAME);
        version.put("startDate", startDate);
        return version;
    }

    private Map<String, Object> overview() {
        RuntimeConfiguration now = configuration.get();
        Map<String, Object> http = new LinkedHashMap<>();
        long errors = now.routers.values().stream()
                .filter(router -> !router.errors().isEmpty())
                .count();
        http.put("routers", counts(now.routers.size(), errors));
        http.put("services", counts(services().size(), 0));
        http.put("middlewares", counts(now.middlewares.size(), 0));
        Map<String, Object> none = new LinkedHashMap<>();
        none.put("routers", counts(0, 0));
        none.put("services", counts(0, 0));
        none.put("middlewares", counts(0, 0));
        Map<String, Object> udp = new LinkedHashMap<>();
        udp.put("routers", counts(0, 0));
        udp.put("services", counts(0, 0));
        List<String> providers = new ArrayList<>();
        if (settings.consulCatalog() != null) {
            providers.add("ConsulCatalog");
        }
        if (settings.consulKv() != null) {
            providers.add("Consul");
        }
        Map<String, Object> features = new LinkedHashMap<>();
        features.put("tracing", "");
        features.put("metrics", settings.prometheus() ? "Prometheus" : "");
        features.put("accessLog", settings.accessLog() != null);
        Map<String, Object> overview = new LinkedHashMap<>();
        overview.put("http", http);
        overview.put("tcp", none);
        overview.put("udp", udp);
        overview.put("features", features);
        overview.put("providers", providers);
        return overview;
    }

    private static Map<String, Object> counts(long total, long errors) {
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("total", total);
        counts.put("warnings", 0);
        counts.put("errors", errors);
        return counts;
    }

    private Map<String, Object> rawData() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("routers", byName(routers()));
        if (!middlewares().isEmpty()) {
            all.put("middlewares", byName(middlewares()));
        }
        all.put("services", byName(services()));
        return all;
    }

    private static Map<String, Object> byName(List<Map<String, Object>> list) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (Map<String, Object> each : list) {
            Map<String, Object> copy = new LinkedHashMap<>(each);
            copy.remove("name");
            copy.remove("provider");
            map.put(String.valueOf(each.get("name")), copy);
        }
        return map;
    }

    private List<Map<String, Object>> entryPoints() {
        List<Map<String, Object>> list = new ArrayList<>();
        settings.entryPoints().forEach((name, point) -> {
            Map<String, Object> lifeCycle = new LinkedHashMap<>();
            lifeCycle.put("graceTimeOut", "10s");
            Map<String, Object> timeouts = new LinkedHashMap<>();
            timeouts.put("readTimeout", "1m0s");
            timeouts.put("idleTimeout", "3m0s");
            Map<String, Object> transport = new LinkedHashMap<>();
            transport.put("lifeCycle", lifeCycle);
            transport.put("respondingTimeouts", timeouts);
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("address", point.address());
            each.put("transport", transport);
            each.put("forwardedHeaders", Map.of());
            each.put("http", Map.of("maxHeaderBytes", 1_048_576));
            if (point.asDefault()) {
                each.put("asDefault", true);
            }
            each.put("name", name);
            list.add(each);
        });
        return list;
    }

    private List<Map<String, Object>> routers() {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Router router : configuration.get().routers.values()) {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("entryPoints", router.entryPoints());
            if (!router.middlewares().isEmpty()) {
                each.put("middlewares", router.middlewares());
            }
            each.put("service", service(router));
            each.put("rule", router.ruleText());
            each.put("priority", router.priority());
            each.put("priorityStr", Long.toString(router.priority()));
            if (!router.errors().isEmpty()) {
                each.put("error", router.errors());
            }
            each.put("status", status(router));
            each.put("using", router.entryPoints());
            each.put("name", router.name());
            each.put("provider", router.provider());
            list.add(each);
        }
        return list;
    }

    /** Of its own provider it is shown without its provider's name. */
    private static String service(Router router) {
        String suffix = "@" + router.provider();
        return router.service().endsWith(suffix) && !router.provider().equals(RuntimeConfiguration.INTERNAL)
                ? router.service().substring(0, router.service().length() - suffix.length())
                : router.service();
    }

    private static String status(Router router) {
        return router.errors().isEmpty() ? "enabled" : "disabled";
    }

    private static String provider(String service) {
        return service.substring(service.indexOf('@') + 1);
    }

    /** The same for who reads from inside. */
    static TraefikReading reading(RuntimeConfiguration now) {
        var services = new ArrayList<TraefikReading.Service>();
        now.services.forEach((name, balancer) -> {
            Map<String, String> servers = new LinkedHashMap<>();
            balancer.service().servers().forEach(server -> servers.put(server.url(), "UP"));
            servers.putAll(balancer.status());
            services.add(new TraefikReading.Service(name, provider(name), servers));
        });
        for (String name : INTERNAL_SERVICES) {
            services.add(new TraefikReading.Service(name, RuntimeConfiguration.INTERNAL, Map.of()));
        }
        return new TraefikReading(
                TraefikProgram.VERSION,
                now.routers.values().stream()
                        .map(router -> new TraefikReading.Router(
                                router.name(),
                                router.ruleText(),
                                service(router),
                                router.provider(),
                                status(router),
                                router.entryPoints()))
                        .toList(),
                services);
    }

    private List<Map<String, Object>> services() {
        RuntimeConfiguration now = configuration.get();
        List<Map<String, Object>> list = new ArrayList<>();
        now.services.forEach((name, balancer) -> {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("loadBalancer", loadBalancer(balancer.service()));
            each.put("status", "enabled");
            each.put("usedBy", now.usersOf(name));
            each.put("serverStatus", balancer.status());
            each.put("name", name);
            each.put("provider", provider(name));
            each.put("type", "loadbalancer");
            list.add(each);
        });
        for (String name : INTERNAL_SERVICES) {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("status", "enabled");
            List<String> users = now.usersOf(name);
            if (!users.isEmpty()) {
                each.put("usedBy", users);
            }
            each.put("name", name);
            each.put("provider", RuntimeConfiguration.INTERNAL);
            list.add(each);
        }
        return list;
    }

    private static Map<String, Object> loadBalancer(DynamicConfiguration.Service service) {
        List<Map<String, Object>> servers = new ArrayList<>();
        for (DynamicConfiguration.Server server : service.servers()) {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("url", server.url());
            if (server.weight() != 1) {
                each.put("weight", server.weight());
            }
            servers.add(each);
        }
        Map<String, Object> balancer = new LinkedHashMap<>();
        balancer.put("servers", servers);
        balancer.put("strategy", service.strategy());
        HealthCheck active = service.healthCheck();
        if (active != null) {
            Map<String, Object> check = new LinkedHashMap<>();
            check.put("path", active.path());
            check.put("mode", "http");
            check.put("interval", GoDuration.format(active.interval()));
            check.put("timeout", GoDuration.format(active.timeout()));
            check.put("followRedirects", true);
            balancer.put("healthCheck", check);
        }
        PassiveHealthCheck passive = service.passiveHealthCheck();
        if (passive != null) {
            Map<String, Object> check = new LinkedHashMap<>();
            check.put("failureWindow", GoDuration.format(passive.failureWindow()));
            check.put("maxFailedAttempts", passive.maxFailedAttempts());
            balancer.put("passiveHealthCheck", check);
        }
        balancer.put("passHostHeader", service.passHostHeader());
        balancer.put("responseForwarding", Map.of("flushInterval", "100ms"));
        return balancer;
    }

    private List<Map<String, Object>> middlewares() {
        RuntimeConfiguration now = configuration.get();
        List<Map<String, Object>> list = new ArrayList<>();
        now.middlewares.forEach((name, middleware) -> {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put(key(middleware), options(middleware));
            each.put("status", "enabled");
            each.put(
                    "usedBy",
                    now.routers.values().stream()
                            .filter(router -> router.middlewares().contains(name))
                            .map(Router::name)
                            .toList());
            each.put("name", name);
            each.put("type", middleware.type());
            each.put("provider", name.substring(name.indexOf('@') + 1));
            list.add(each);
        });
        return list;
    }

    private static String key(Middleware middleware) {
        return switch (middleware) {
            case Middleware.Retry retry -> "retry";
            case Middleware.StripPrefix strip -> "stripPrefix";
            case Middleware.AddPrefix add -> "addPrefix";
            case Middleware.Headers headers -> "headers";
        };
    }

    private static Map<String, Object> options(Middleware middleware) {
        Map<String, Object> options = new LinkedHashMap<>();
        switch (middleware) {
            case Middleware.Retry retry -> {
                options.put("attempts", retry.attempts());
                options.put("initialInterval", GoDuration.format(retry.initialInterval()));
            }
            case Middleware.StripPrefix strip -> options.put("prefixes", strip.prefixes());
            case Middleware.AddPrefix add -> options.put("prefix", add.prefix());
            case Middleware.Headers headers -> {
                options.put("customRequestHeaders", headers.customRequestHeaders());
                options.put("customResponseHeaders", headers.customResponseHeaders());
            }
        }
        return options;
    }

    /** Prometheus text. */
    Response metrics() {
        return Response.text(200, statistics.metrics(configuration.get()));
    }
}
