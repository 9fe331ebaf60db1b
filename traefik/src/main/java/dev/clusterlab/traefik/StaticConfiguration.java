package dev.clusterlab.traefik;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of Traefik's configuration that is given at its start.
 *
 * @param entryPoints by name, in their order
 * @param api null: neither API nor dashboard
 * @param ping whether {@code /ping} is served on the entry point {@code traefik}
 * @param consulCatalog null: this provider is off
 * @param consulKv null: this provider is off
 * @param throttle least time between two configurations taken from one provider
 * @param dialTimeout in which a connection to a server has to stand
 * @param logLevel {@code DEBUG}, {@code INFO}, {@code WARN} or {@code ERROR}
 * @param accessLog null: requests are not logged
 * @param prometheus whether {@code /metrics} is served on the entry point {@code traefik}
 * @param legacy what only the first major version knew; null for a configuration of today
 */
public record StaticConfiguration(
        Map<String, EntryPoint> entryPoints,
        @Nullable Api api,
        boolean ping,
        @Nullable ConsulCatalog consulCatalog,
        @Nullable ConsulKv consulKv,
        Duration throttle,
        Duration dialTimeout,
        String logLevel,
        @Nullable AccessLog accessLog,
        boolean prometheus,
        @Nullable Legacy legacy) {
    /** Name of the entry point that API, dashboard and ping use. */
    public static final String INTERNAL_ENTRY_POINT = "traefik";

    public static final Duration DEFAULT_THROTTLE = Duration.ofSeconds(2);

    /** Of serversTransport.forwardingTimeouts.dialTimeout. */
    public static final Duration DEFAULT_DIAL_TIMEOUT = Duration.ofSeconds(30);

    public StaticConfiguration {
        entryPoints = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(entryPoints));
    }

    /**
     * A listener.
     *
     * @param address {@code [host]:port}
     * @param asDefault whether routers without entry points use it; if none is marked, all but the internal one are used
     */
    public record EntryPoint(String address, boolean asDefault) {
        public EntryPoint {
            portOf(address);
        }

        public int port() {
            return portOf(address);
        }

        private static int portOf(String address) {
            String text = address.substring(address.lastIndexOf(':') + 1);
            int slash = text.indexOf('/');
            String digits = slash < 0 ? text : text.substring(0, slash);
            if (!address.contains(":") || !digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 65_535) {
                throw new ConfigurationException(
                        "invalid entry point address \"" + address + "\": expected [HOST]:PORT");
            }
            return Integer.parseInt(digits);
        }
    }

    /** The API; {@code insecure} serves it and the dashboard on the entry point {@code traefik}. */
    public record Api(boolean insecure, boolean dashboard) {}

    /**
     * The provider that reads Consul's catalog.
     *
     * @param endpointAddress {@code host:port} of an agent
     * @param prefix of the tags
     * @param refreshInterval between polls
     * @param exposedByDefault whether a service needs no tag to be routed to
     * @param defaultRule template of the rule of services that bring none
     * @param strictChecks states of an instance that are routed to; {@code any} for all
     * @param watch blocking queries instead of polls
     * @param stale whether any server may answer
     */
    public record ConsulCatalog(
            String endpointAddress,
            String prefix,
            Duration refreshInterval,
            boolean exposedByDefault,
            String defaultRule,
            List<String> strictChecks,
            boolean watch,
            boolean stale) {
        public static final String DEFAULT_RULE = "Host(`{{ normalize .Name }}`)";

        public ConsulCatalog {
            strictChecks = List.copyOf(strictChecks);
        }

        public static ConsulCatalog at(String endpointAddress) {
            return new ConsulCatalog(
                    endpointAddress,
                    "traefik",
                    Duration.ofSeconds(15),
                    true,
                    DEFAULT_RULE,
                    List.of("passing", "warning"),
                    false,
                    false);
        }

        public ConsulCatalog withDefaultRule(String rule) {
            return new ConsulCatalog(
                    endpointAddress, prefix, refreshInterval, exposedByDefault, rule, strictChecks, watch, stale);
        }
    }

    /** The provider that reads Consul's key-value store below a root key. */
    public record ConsulKv(List<String> endpoints, String rootKey) {
        public ConsulKv {
            endpoints = List.copyOf(endpoints);
        }
    }

    /**
     * What only the first major version knew.
     *
     * @param retryAttempts attempts for every request, 0 for "as many as there are other servers", null for none
     * @param domain of the default rule {@code Host:SERVICE.DOMAIN}
     */
    public record Legacy(@Nullable Integer retryAttempts, String domain) {}

    /** The usual configuration of the lab: {@code web} on :80, API on :8080, the catalog of one agent. */
    public static StaticConfiguration ofCatalog(String consulAddress, String defaultRule) {
        Map<String, EntryPoint> entryPoints = new LinkedHashMap<>();
        entryPoints.put("web", new EntryPoint(":80", false));
        entryPoints.put(INTERNAL_ENTRY_POINT, new EntryPoint(":8080", false));
        return new StaticConfiguration(
                entryPoints,
                new Api(true, true),
                false,
                ConsulCatalog.at(consulAddress).withDefaultRule(defaultRule),
                null,
                DEFAULT_THROTTLE,
                DEFAULT_DIAL_TIMEOUT,
                "INFO",
                null,
                false,
                null);
    }

    /** Names of the entry points that a router without any uses. */
    public List<String> defaultEntryPoints() {
        List<String> marked = entryPoints.entrySet().stream()
                .filter(entry -> entry.getValue().asDefault())
                .map(Map.Entry::getKey)
                .toList();
        return marked.isEmpty()
                ? entryPoints.keySet().stream()
                        .filter(name -> !name.equals(INTERNAL_ENTRY_POINT))
                        .toList()
                : marked;
    }
}
