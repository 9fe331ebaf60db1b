package dev.clusterlab.simulator.traefik;

import dev.clusterlab.simulator.traefik.RuntimeConfiguration.Router;
import dev.clusterlab.traefik.DynamicConfiguration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The JSON of {@code /api/providers} in the first version: front ends and back ends by provider. */
final class LegacyProviders {
    private LegacyProviders() {}

    static Map<String, Object> of(RuntimeConfiguration configuration) {
        Map<String, Map<String, Object>> backends = new TreeMap<>();
        Map<String, Map<String, Object>> frontends = new TreeMap<>();
        configuration.services.forEach((name, balancer) -> {
            Map<String, Object> servers = new LinkedHashMap<>();
            int number = 0;
            for (DynamicConfiguration.Server server : balancer.service().servers()) {
                Map<String, Object> each = new LinkedHashMap<>();
                each.put("url", server.url());
                each.put("weight", server.weight());
                servers.put("server-" + number, each);
                number++;
            }
            Map<String, Object> backend = new LinkedHashMap<>();
            backend.put("servers", servers);
            backend.put("loadBalancer", Map.of("method", "wrr"));
            backends.computeIfAbsent(provider(name), key -> new LinkedHashMap<>())
                    .put("backend-" + plain(name), backend);
        });
        for (Router router : configuration.routers.values()) {
            if (router.provider().equals(RuntimeConfiguration.INTERNAL)) {
                continue;
            }
            Map<String, Object> frontend = new LinkedHashMap<>();
            frontend.put("entryPoints", router.entryPoints());
            frontend.put("backend", "backend-" + plain(router.service()));
            frontend.put("routes", Map.of("route-" + plain(router.name()), Map.of("rule", oldForm(router.ruleText()))));
            frontend.put("passHostHeader", true);
            frontend.put("priority", 0);
            frontends
                    .computeIfAbsent(provider(router.name()), key -> new LinkedHashMap<>())
                    .put("frontend-backend-" + plain(router.name()), frontend);
        }
        Map<String, Object> providers = new LinkedHashMap<>();
        for (String name : new java.util.TreeSet<>(backends.keySet())) {
            Map<String, Object> provider = new LinkedHashMap<>();
            provider.put("backends", backends.get(name));
            provider.put("frontends", frontends.getOrDefault(name, Map.of()));
            providers.put(name, provider);
        }
        return providers;
    }

    /** {@code Host(`x`)} as it was written then; what has no old form stays. */
    private static String oldForm(String rule) {
        return rule.matches("Host\\(`[^`]*`\\)") ? "Host:" + rule.substring(6, rule.length() - 2) : rule;
    }

    private static String provider(String qualified) {
        String name = qualified.substring(qualified.indexOf('@') + 1);
        return name.equals(CatalogProvider.NAME) ? "consul_catalog" : name;
    }

    private static String plain(String qualified) {
        return qualified.substring(0, qualified.indexOf('@'));
    }
}
