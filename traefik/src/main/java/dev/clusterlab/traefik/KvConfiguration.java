package dev.clusterlab.traefik;

import dev.clusterlab.traefik.DynamicConfiguration.Middleware;
import dev.clusterlab.traefik.DynamicConfiguration.Router;
import dev.clusterlab.traefik.DynamicConfiguration.Server;
import dev.clusterlab.traefik.DynamicConfiguration.Service;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes a dynamic configuration of keys such as {@code traefik/http/routers/R/rule}. */
public final class KvConfiguration {
    private KvConfiguration() {}

    /**
     * @param keys values by full key
     * @param legacy whether {@code frontends} and {@code backends} of the first version count too
     * @throws ConfigurationException if a key or value cannot be understood
     */
    public static DynamicConfiguration build(String rootKey, Map<String, String> keys, boolean legacy) {
        Options options = Options.empty();
        String prefix = rootKey.replaceAll("/+$", "") + "/";
        keys.forEach((key, value) -> {
            if (key.startsWith(prefix) && !key.endsWith("/")) {
                options.set(List.of(key.substring(prefix.length()).split("/")), value);
            }
        });
        DynamicConfiguration current = DynamicConfiguration.read(options.at("http"));
        if (!legacy) {
            return current;
        }
        Map<String, Router> routers = new LinkedHashMap<>(current.routers());
        Map<String, Service> services = new LinkedHashMap<>(current.services());
        Map<String, Middleware> middlewares = new LinkedHashMap<>(current.middlewares());
        Options backends = options.at("backends");
        for (String name : backends.names()) {
            List<Server> servers = new ArrayList<>();
            Options all = backends.at(name).at("servers");
            for (String server : all.names()) {
                servers.add(new Server(
                        all.at(server).text("url", ""), all.at(server).number("weight", 1)));
            }
            services.put(name, Service.of(servers));
        }
        Options frontends = options.at("frontends");
        for (String name : frontends.names()) {
            Options frontend = frontends.at(name);
            List<String> rules = new ArrayList<>();
            List<String> used = new ArrayList<>();
            for (String route : frontend.at("routes").names()) {
                LegacyRule.Translation translation =
                        LegacyRule.translate(frontend.at("routes").at(route).text("rule", ""));
                rules.add(translation.rule());
                for (Middleware each : translation.middlewares()) {
                    middlewares.put(name + "-" + each.type(), each);
                    used.add(name + "-" + each.type());
                }
            }
            routers.put(
                    name,
                    new Router(
                            frontend.list("entryPoints", List.of()),
                            used,
                            String.join(" && ", rules),
                            frontend.text("backend", ""),
                            frontend.number("priority", 0)));
        }
        return new DynamicConfiguration(routers, services, middlewares);
    }
}
