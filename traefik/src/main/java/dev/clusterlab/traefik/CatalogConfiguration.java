package dev.clusterlab.traefik;

import dev.clusterlab.traefik.DynamicConfiguration.Middleware;
import dev.clusterlab.traefik.DynamicConfiguration.Router;
import dev.clusterlab.traefik.DynamicConfiguration.Server;
import dev.clusterlab.traefik.DynamicConfiguration.Service;
import dev.clusterlab.traefik.StaticConfiguration.ConsulCatalog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a dynamic configuration of what stands in Consul's catalog: one router and service a name, one server an instance. */
public final class CatalogConfiguration {
    private final ConsulCatalog provider;
    private final boolean legacy;
    private final RuleTemplate defaultRule;
    private final List<String> errors = new ArrayList<>();
    private final Map<String, Router> routers = new LinkedHashMap<>();
    private final Map<String, Service> services = new LinkedHashMap<>();
    private final Map<String, Middleware> middlewares = new LinkedHashMap<>();
    private final Set<String> badRouters = new LinkedHashSet<>();
    private final Set<String> badServices = new LinkedHashSet<>();
    private final Set<String> badMiddlewares = new LinkedHashSet<>();

    private CatalogConfiguration(ConsulCatalog provider, boolean legacy) {
        this.provider = provider;
        this.legacy = legacy;
        this.defaultRule = new RuleTemplate(provider.defaultRule());
    }

    /**
     * An instance in the catalog.
     *
     * @param status worst of the checks of its node and its own
     */
    public record Instance(
            String node, String id, String name, String address, int port, List<String> tags, String status) {
        public Instance {
            tags = List.copyOf(tags);
        }
    }

    /** What the catalog amounts to, and what is wrong in it. */
    public record Built(DynamicConfiguration configuration, List<String> errors) {
        public Built {
            errors = List.copyOf(errors);
        }
    }

    /**
     * @param legacy whether tags of the first version count too
     */
    public static Built build(ConsulCatalog provider, boolean legacy, List<Instance> instances) {
        return new CatalogConfiguration(provider, legacy).build(instances);
    }

    /** Whether an instance may be routed to at all: exposed and in a state that counts. */
    public static boolean kept(ConsulCatalog provider, Instance instance) {
        return exposed(provider, instance.tags())
                && (provider.strictChecks().contains("any")
                        || provider.strictChecks().contains(instance.status()));
    }

    /** Whether the tags (or the default) expose a service. */
    public static boolean exposed(ConsulCatalog provider, List<String> tags) {
        String key = provider.prefix() + ".enable=";
        for (String tag : tags) {
            if (tag.startsWith(key)) {
                return tag.substring(key.length()).strip().equalsIgnoreCase("true");
            }
        }
        return provider.exposedByDefault();
    }

    private Built build(List<Instance> instances) {
        for (Instance instance : instances) {
            if (!kept(provider, instance)) {
                continue;
            }
            try {
                add(instance);
            } catch (ConfigurationException e) {
                errors.add(instance.name() + " (" + instance.id() + "): " + e.getMessage());
            }
        }
        badRouters.forEach(name -> {
            routers.remove(name);
            errors.add("Router defined multiple times with different configurations: " + name);
        });
        badServices.forEach(name -> {
            services.remove(name);
            errors.add("Service defined multiple times with different configurations: " + name);
        });
        badMiddlewares.forEach(name -> {
            middlewares.remove(name);
            errors.add("Middleware defined multiple times with different configurations: " + name);
        });
        return new Built(new DynamicConfiguration(routers, services, middlewares), errors);
    }

    private void add(Instance instance) {
        Map<String, String> labels = labels(instance.tags());
        DynamicConfiguration own = legacy && labels.keySet().stream().noneMatch(key -> key.startsWith("http."))
                ? ofLegacyLabels(instance, labels)
                : ofLabels(instance, labels);
        own.middlewares().forEach((name, middleware) -> {
            Middleware before = middlewares.putIfAbsent(name, middleware);
            if (before != null && !before.equals(middleware)) {
                badMiddlewares.add(name);
            }
        });
        own.services().forEach((name, service) -> {
            Service before = services.get(name);
            if (before == null) {
                services.put(name, service);
            } else if (!before.withServers(List.of()).equals(service.withServers(List.of()))) {
                badServices.add(name);
            } else {
                Set<Server> merged = new LinkedHashSet<>(before.servers());
                merged.addAll(service.servers());
                services.put(name, before.withServers(List.copyOf(merged)));
            }
        });
        own.routers().forEach((name, router) -> {
            Router before = routers.putIfAbsent(name, router);
            if (before != null && !before.equals(router)) {
                badRouters.add(name);
            }
        });
    }

    /** Tags as labels, without the prefix: {@code http.routers.x.rule}. */
    private Map<String, String> labels(List<String> tags) {
        Map<String, String> labels = new LinkedHashMap<>();
        String prefix = provider.prefix() + ".";
        for (String tag : tags) {
            if (tag.startsWith(prefix)) {
                int equals = tag.indexOf('=');
                String key = equals < 0 ? tag : tag.substring(0, equals);
                labels.put(
                        key.substring(prefix.length()).strip(),
                        equals < 0 ? "" : tag.substring(equals + 1).strip());
            }
        }
        return labels;
    }

    private DynamicConfiguration ofLabels(Instance instance, Map<String, String> labels) {
        Options http = Options.empty();
        labels.forEach((key, value) -> {
            if (key.regionMatches(true, 0, "http.", 0, "http.".length())) {
                http.set(key.substring("http.".length()), value);
            }
        });
        String own = RuleTemplate.normalize(instance.name());
        // The port of a server may be given by a tag; it is no option of the load balancer itself.
        Map<String, String> schemes = new LinkedHashMap<>();
        Map<String, Integer> ports = new LinkedHashMap<>();
        Map<String, Integer> weights = new LinkedHashMap<>();
        for (String name : http.at("services").names()) {
            Options server = http.at("services").at(name).at("loadBalancer.server");
            schemes.put(name, server.text("scheme", "http"));
            ports.put(name, server.number("port", instance.port()));
            weights.put(name, server.number("weight", 1));
        }
        DynamicConfiguration read = DynamicConfiguration.read(http);
        Map<String, Service> ownServices = new LinkedHashMap<>();
        if (read.services().isEmpty()) {
            ownServices.put(own, Service.of(List.of(Server.of(url("http", instance, instance.port())))));
        }
        read.services()
                .forEach((name, service) -> ownServices.put(
                        name,
                        service.withServers(List.of(new Server(
                                url(
                                        schemes.getOrDefault(name, "http"),
                                        instance,
                                        ports.getOrDefault(name, instance.port())),
                                weights.getOrDefault(name, 1))))));
        Map<String, Router> ownRouters = new LinkedHashMap<>();
        Map<String, Router> given =
                read.routers().isEmpty() ? Map.of(own, new Router(List.of(), List.of(), "", "", 0)) : read.routers();
        given.forEach((name, router) -> {
            String service = router.service();
            if (service.isEmpty()) {
                if (ownServices.size() != 1) {
                    throw new ConfigurationException("Router " + name + " cannot be linked automatically with multiple"
                            + " Services: " + ownServices.keySet());
                }
                service = ownServices.keySet().iterator().next();
            }
            String rule = router.rule().isEmpty() ? defaultRule.render(instance.name(), labels) : router.rule();
            ownRouters.put(
                    name, new Router(router.entryPoints(), router.middlewares(), rule, service, router.priority()));
        });
        return new DynamicConfiguration(ownRouters, ownServices, read.middlewares());
    }

    private DynamicConfiguration ofLegacyLabels(Instance instance, Map<String, String> labels) {
        String own = RuleTemplate.normalize(instance.name());
        @Nullable String given = labels.get("frontend.rule");
        LegacyRule.Translation translation = given == null
                ? new LegacyRule.Translation(defaultRule.render(instance.name(), labels), List.of())
                : LegacyRule.translate(given);
        Map<String, Middleware> ownMiddlewares = new LinkedHashMap<>();
        for (Middleware each : translation.middlewares()) {
            ownMiddlewares.put(own + "-" + each.type(), each);
        }
        Options options = Options.empty();
        labels.forEach(options::set);
        var server = new Server(
                url(options.text("protocol", "http"), instance, options.number("port", instance.port())),
                options.number("backend.weight", options.number("weight", 1)));
        var service = new Service(List.of(server), "wrr", options.flag("frontend.passHostHeader", true), null, null);
        var router = new Router(
                options.list("frontend.entryPoints", List.of()),
                List.copyOf(ownMiddlewares.keySet()),
                translation.rule(),
                own,
                options.number("frontend.priority", 0));
        return new DynamicConfiguration(Map.of(own, router), Map.of(own, service), ownMiddlewares);
    }

    private static String url(String scheme, Instance instance, int port) {
        if (port == 0) {
            throw new ConfigurationException("port is missing");
        }
        return scheme + "://" + instance.address() + ":" + port;
    }
}
