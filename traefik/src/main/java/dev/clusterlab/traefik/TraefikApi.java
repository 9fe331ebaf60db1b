package dev.clusterlab.traefik;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Traefik's API answers, as far as the lab reads it. Lists are never null. */
public final class TraefikApi {
    private TraefikApi() {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Router(
            String name,
            String provider,
            String status,
            String rule,
            String service,
            long priority,
            List<String> entryPoints,
            List<String> using,
            List<String> middlewares,
            List<String> error) {
        public Router {
            entryPoints = orEmpty(entryPoints);
            using = orEmpty(using);
            middlewares = orEmpty(middlewares);
            error = orEmpty(error);
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Server(String url) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record LoadBalancer(
            List<Server> servers, @Nullable String strategy, boolean passHostHeader) {
        public LoadBalancer {
            servers = orEmpty(servers);
        }
    }

    /** {@code serverStatus}: {@code UP} or {@code DOWN} by address. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Service(
            String name,
            String provider,
            String status,
            @Nullable String type,
            @Nullable LoadBalancer loadBalancer,
            Map<String, String> serverStatus,
            List<String> usedBy) {
        public Service {
            serverStatus = serverStatus == null
                    ? Map.of()
                    : java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(serverStatus));
            usedBy = orEmpty(usedBy);
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Version(
            @JsonProperty("Version") String version,
            @JsonProperty("Codename") String codename,
            @JsonProperty("startDate") String startDate) {}

    @SuppressWarnings("NullAway") // Jackson passes null for what is absent
    private static <T> List<T> orEmpty(List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }
}
