package dev.clusterlab.hello;

import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import io.helidon.config.ConfigSources;
import io.helidon.config.spi.ConfigSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Configuration of the service.
 *
 * @param serviceName name in Consul and in the greeting
 * @param tags tags in Consul
 * @param port the port that is registered in Consul
 * @param network which of the host's addresses is registered: a prefix such as {@code 10.1.9}, a subnet such as
 *     {@code 10.1.9.0/24}, or an interface name such as {@code eth1}; empty takes the first address that is not loopback
 * @param listenHost the address that the server binds
 * @param listenPort the port that the server binds; 0 takes a free one
 * @param register whether the service registers itself at all
 * @param consulHost host of a Consul agent
 * @param consulPort HTTP port of that agent, and of the agents that it knows
 * @param checkInterval how often Consul asks for {@code /health}
 * @param checkTimeout after which Consul takes an unanswered check for a failed one
 * @param chaos whether the endpoints that make the service misbehave exist
 */
public record HelloSettings(
        String serviceName,
        List<String> tags,
        int port,
        String network,
        String listenHost,
        int listenPort,
        boolean register,
        String consulHost,
        int consulPort,
        Duration checkInterval,
        Duration checkTimeout,
        boolean chaos) {
    /** Environment variables and the configuration keys that they set. */
    private static final Map<String, String> VARIABLES = variables();

    public HelloSettings {
        tags = List.copyOf(tags);
        if (serviceName.isBlank()) {
            throw new IllegalArgumentException("SERVICE_NAME must not be empty");
        }
        requirePort("PORT", port, 0);
        requirePort("CONSUL_PORT", consulPort, 1);
        requirePort("listening port", listenPort, 0);
    }

    /** Reads the built-in application file, its profile named by {@code PROFILE}, and the environment over them. */
    public static HelloSettings load(Map<String, String> environment) {
        return load(environment, List.of());
    }

    /**
     * As {@link #load(Map)}, with application files that stand between the environment and the built-in file, the first
     * one strongest; a file that does not exist is skipped.
     *
     * @throws IllegalArgumentException if a value is not what its key wants; the message names the key
     */
    public static HelloSettings load(Map<String, String> environment, List<Path> files) {
        List<Supplier<? extends ConfigSource>> sources = new ArrayList<>();
        Map<String, String> given = new LinkedHashMap<>();
        VARIABLES.forEach((variable, key) -> {
            String value = environment.get(variable);
            if (value != null && !value.isBlank()) {
                given.put(key, value.strip());
            }
        });
        sources.add(ConfigSources.create(given));
        for (Path file : files) {
            sources.add(ConfigSources.file(file).optional());
        }
        String profile = environment.getOrDefault("PROFILE", "").strip();
        if (!profile.isEmpty()) {
            String resource = "application-" + profile + ".yaml";
            if (HelloSettings.class.getResource("/" + resource) == null) {
                throw new IllegalArgumentException("PROFILE: there is no profile \"" + profile + "\" (known: test)");
            }
            sources.add(ConfigSources.classpath(resource));
        }
        sources.add(ConfigSources.classpath("application.yaml"));
        Config config = Config.builder()
                .sources(sources)
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .disableValueResolving()
                .build();
        int port = number(config, "service.port");
        return new HelloSettings(
                text(config, "service.name"),
                tags(text(config, "service.tags")),
                port,
                config.get("service.network").asString().orElse(""),
                text(config, "server.host"),
                port,
                flag(config, "consul.register"),
                text(config, "consul.host"),
                number(config, "consul.port"),
                duration(config, "consul.check-interval"),
                duration(config, "consul.check-timeout"),
                flag(config, "chaos"));
    }

    /** The same, bound elsewhere than what is registered: for a service embedded in another process. */
    public HelloSettings listeningOn(String host, int newListenPort) {
        return new HelloSettings(
                serviceName,
                tags,
                port,
                network,
                host,
                newListenPort,
                register,
                consulHost,
                consulPort,
                checkInterval,
                checkTimeout,
                chaos);
    }

    /** Splits at commas outside of back quotes and parentheses, so that a tag may hold a routing rule. */
    static List<String> tags(String text) {
        List<String> tags = new ArrayList<>();
        var tag = new StringBuilder();
        boolean quoted = false;
        int open = 0;
        for (char c : (text + ",").toCharArray()) {
            if (c == ',' && !quoted && open == 0) {
                if (!tag.toString().isBlank()) {
                    tags.add(tag.toString().strip());
                }
                tag.setLength(0);
            } else {
                quoted ^= c == '`';
                if (!quoted) {
                    open += c == '(' ? 1 : c == ')' ? -1 : 0;
                }
                tag.append(c);
            }
        }
        if (quoted || open != 0) {
            throw new IllegalArgumentException("SERVICE_TAGS: unbalanced back quotes or parentheses in " + text);
        }
        return tags;
    }

    private static Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("SERVICE_NAME", "service.name");
        variables.put("SERVICE_TAGS", "service.tags");
        variables.put("PORT", "service.port");
        variables.put("NETWORK", "service.network");
        variables.put("LISTEN_HOST", "server.host");
        variables.put("CONSUL_REGISTER", "consul.register");
        variables.put("CONSUL_HOST", "consul.host");
        variables.put("CONSUL_PORT", "consul.port");
        variables.put("CHECK_INTERVAL", "consul.check-interval");
        variables.put("CHECK_TIMEOUT", "consul.check-timeout");
        variables.put("CHAOS", "chaos");
        return variables;
    }

    private static String text(Config config, String key) {
        return config.get(key).asString().orElseThrow(() -> new IllegalArgumentException(named(key) + " is not set"));
    }

    private static int number(Config config, String key) {
        String text = text(config, key);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(named(key) + ": not a number: " + text, e);
        }
    }

    private static boolean flag(Config config, String key) {
        String text = text(config, key);
        return switch (text) {
            case "true", "1", "yes" -> true;
            case "false", "0", "no" -> false;
            default -> throw new IllegalArgumentException(named(key) + ": neither true nor false: " + text);
        };
    }

    private static Duration duration(Config config, String key) {
        try {
            return config.get(key).as(Duration.class).orElseThrow();
        } catch (ConfigException e) {
            throw new IllegalArgumentException(named(key) + ": not a duration such as PT15S: " + text(config, key), e);
        }
    }

    private static String named(String key) {
        for (Map.Entry<String, String> entry : VARIABLES.entrySet()) {
            if (entry.getValue().equals(key)) {
                return entry.getKey() + " (" + key + ")";
            }
        }
        return key;
    }

    private static void requirePort(String name, int port, int minimum) {
        if (port < minimum || port > 65_535) {
            throw new IllegalArgumentException(name + " must be between " + minimum + " and 65535: " + port);
        }
    }
}
