package dev.clusterlab.simulator.traefik;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.programs.ProgramContext;
import dev.clusterlab.traefik.ConfigurationException;
import dev.clusterlab.traefik.DynamicConfiguration;
import dev.clusterlab.traefik.DynamicConfiguration.Middleware;
import dev.clusterlab.traefik.Rule;
import dev.clusterlab.traefik.StaticConfiguration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the providers' configurations amount to together: routers by priority, balancers, and what is wrong. */
final class RuntimeConfiguration {
    static final String INTERNAL = "internal";
    private static final long DASHBOARD_PRIORITY = Long.MAX_VALUE - 2;

    private final Scope scope;
    final Map<String, Router> routers = new TreeMap<>();
    final Map<String, Balancer> services = new TreeMap<>();
    final Map<String, Middleware> middlewares = new TreeMap<>();
    private final List<Router> byPriority = new ArrayList<>();

    RuntimeConfiguration(
            ProgramContext context,
            TraefikLog log,
            StaticConfiguration settings,
            Map<String, DynamicConfiguration> providers) {
        this.scope = context.scope().child("configuration");
        providers.forEach((provider, configuration) -> {
            configuration
                    .services()
                    .forEach((name, service) ->
                            services.put(qualified(name, provider), new Balancer(context, log, service, scope)));
            configuration
                    .middlewares()
                    .forEach((name, middleware) -> middlewares.put(qualified(name, provider), middleware));
        });
        providers.forEach((provider, configuration) -> configuration
                .routers()
                .forEach((name, router) -> add(qualified(name, provider), provider, router, settings)));
        addInternal(settings);
        byPriority.addAll(routers.values());
        byPriority.removeIf(router -> router.rule() == null);
        byPriority.sort(Comparator.comparingLong(Router::priority).reversed().thenComparing(Router::name));
    }

    /** A router; without a {@code rule} it is disabled and {@code errors} says why. */
    record Router(
            String name,
            String provider,
            String ruleText,
            @Nullable Rule rule,
            String service,
            long priority,
            List<String> entryPoints,
            List<String> middlewares,
            List<String> errors) {}

    /** The router that takes a request that came in at an entry point. */
    @Nullable
    Router route(String entryPoint, Rule.Request request) {
        for (Router router : byPriority) {
            Rule rule = router.rule();
            if (rule != null && router.entryPoints().contains(entryPoint) && rule.matches(request)) {
                return router;
            }
        }
        return null;
    }

    /** Routers that send to a service. */
    List<String> usersOf(String service) {
        return routers.values().stream()
                .filter(router -> router.service().equals(service))
                .map(Router::name)
                .toList();
    }

    /** Virtual time in nanoseconds at which the next server comes back by itself; {@link Long#MAX_VALUE} if none does. */
    long holdsUntilNanos() {
        return services.values().stream()
                .mapToLong(Balancer::holdsUntilNanos)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Ends the health checks. */
    void close() {
        scope.close();
    }

    private void add(String name, String provider, DynamicConfiguration.Router router, StaticConfiguration settings) {
        List<String> errors = new ArrayList<>();
        @Nullable Rule rule = null;
        try {
            rule = Rule.parse(router.rule());
        } catch (ConfigurationException e) {
            errors.add(String.valueOf(e.getMessage()));
        }
        List<String> entryPoints = new ArrayList<>();
        for (String each : router.entryPoints().isEmpty() ? settings.defaultEntryPoints() : router.entryPoints()) {
            if (settings.entryPoints().containsKey(each)) {
                entryPoints.add(each);
            } else {
                errors.add("EntryPoint doesn't exist: " + each);
            }
        }
        String service = qualified(router.service(), provider);
        if (!services.containsKey(service) && !service.endsWith("@" + INTERNAL)) {
            errors.add("the service \"" + service + "\" does not exist");
        }
        List<String> used = new ArrayList<>();
        for (String each : router.middlewares()) {
            String qualified = qualified(each, provider);
            used.add(qualified);
            if (!middlewares.containsKey(qualified)) {
                errors.add("middleware \"" + qualified + "\" does not exist");
            }
        }
        boolean usable = errors.isEmpty();
        routers.put(
                name,
                new Router(
                        name,
                        provider,
                        router.rule(),
                        usable ? rule : null,
                        service,
                        router.effectivePriority(),
                        List.copyOf(entryPoints),
                        List.copyOf(used),
                        List.copyOf(errors)));
    }

    private void addInternal(StaticConfiguration settings) {
        var api = settings.api();
        if (api == null || !api.insecure()) {
            return;
        }
        internal("api@internal", "PathPrefix(`/api`)", DASHBOARD_PRIORITY + 1);
        if (api.dashboard()) {
            internal("dashboard@internal", "PathPrefix(`/`)", DASHBOARD_PRIORITY);
        }
    }

    private void internal(String name, String rule, long priority) {
        routers.put(
                name,
                new Router(
                        name,
                        INTERNAL,
                        rule,
                        Rule.parse(rule),
                        name,
                        priority,
                        List.of(StaticConfiguration.INTERNAL_ENTRY_POINT),
                        List.of(),
                        List.of()));
    }

    private static String qualified(String name, String provider) {
        return name.contains("@") ? name : name + "@" + provider;
    }
}
