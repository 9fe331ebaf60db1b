package dev.clusterlab.simulator.consul;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.shell.text.GoDuration;
import dev.clusterlab.simulator.core.Json;
import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.programs.ProgramContext.Interface;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How one agent is configured: command line over {@code CONSUL_LOCAL_CONFIG} over defaults.
 *
 * @param legacy whether it looks like Consul 0.5 to 0.7 (image {@code progrium/consul})
 * @param nodeId empty to make or find one
 * @param retryMax 0 for no limit
 * @param definitions services and checks that the configuration registers, as in the API's JSON
 * @param ignored options that are understood and have no effect in the simulation
 */
record AgentSettings(
        boolean legacy,
        boolean server,
        boolean bootstrap,
        int bootstrapExpect,
        boolean dev,
        boolean ui,
        String nodeName,
        String nodeId,
        String datacenter,
        String dataDirectory,
        String domain,
        String logLevel,
        String clientAddress,
        String advertiseAddress,
        int httpPort,
        List<String> startJoin,
        List<String> retryJoin,
        Duration retryInterval,
        int retryMax,
        boolean leaveOnTerminate,
        boolean skipLeaveOnInterrupt,
        int raftMultiplier,
        boolean cleanupDeadServers,
        Map<String, String> nodeMeta,
        List<JsonNode> definitions,
        List<String> ignored) {

    /** Networks that a container is on without its service being meant to be reached there. */
    private static final List<String> PLUMBING = List.of("ingress", "docker_gwbridge", "bridge", "host");

    AgentSettings {
        startJoin = List.copyOf(startJoin);
        retryJoin = List.copyOf(retryJoin);
        nodeMeta = Collections.unmodifiableMap(new TreeMap<>(nodeMeta));
        definitions = List.copyOf(definitions);
        ignored = List.copyOf(ignored);
    }

    /** Whether the HTTP API can be reached from outside the container. */
    boolean clientReachable() {
        for (String address : clientAddress.split("\\s+")) {
            if (!address.startsWith("127.") && !address.equals("localhost") && httpPort > 0) {
                return true;
            }
        }
        return false;
    }

    String version() {
        return legacy ? "0.7.5" : "1.15.4";
    }

    /** As the {@code build} tag has it. */
    String build() {
        return legacy ? "0.7.5:21f2d5a" : "1.15.4:5badf6c3";
    }

    /** What the command line and files set, before defaults. */
    private static final class Options {
        private final Map<String, List<String>> values = new LinkedHashMap<>();
        private final List<JsonNode> definitions = new ArrayList<>();
        private final Map<String, String> meta = new TreeMap<>();
        private final List<String> ignored = new ArrayList<>();

        void set(String name, String value) {
            values.put(name, List.of(value));
        }

        void add(String name, String value) {
            var all = new ArrayList<>(values.getOrDefault(name, List.of()));
            all.add(value);
            values.put(name, all);
        }

        @Nullable
        String last(String name) {
            List<String> all = values.get(name);
            return all == null || all.isEmpty() ? null : all.getLast();
        }

        String text(String name, String otherwise) {
            String value = last(name);
            return value == null ? otherwise : value;
        }

        boolean flag(String name, boolean otherwise) {
            String value = last(name);
            return value == null ? otherwise : List.of("1", "t", "true").contains(value.toLowerCase(Locale.ROOT));
        }

        int number(String name, int otherwise) throws StartException {
            String value = last(name);
            if (value == null) {
                return otherwise;
            }
            try {
                return Integer.parseInt(value);
            } catch (NumberFormatException e) {
                throw new StartException("invalid value \"" + value + "\" for flag -" + name + ": parse error");
            }
        }

        Duration duration(String name, Duration otherwise) throws StartException {
            String value = last(name);
            if (value == null) {
                return otherwise;
            }
            Duration parsed = GoDuration.parseOrNull(value);
            if (parsed == null) {
                throw new StartException("invalid value \"" + value + "\" for flag -" + name
                        + ": time: invalid duration \"" + value + "\"");
            }
            return parsed;
        }
    }

    /** Flags with a value, by the name that they have in {@link Options}. Some have an old spelling. */
    private static final Map<String, String> VALUED = Ordered.entries(
            Map.entry("bootstrap-expect", "bootstrap-expect"),
            Map.entry("bind", "bind"),
            Map.entry("advertise", "advertise"),
            Map.entry("client", "client"),
            Map.entry("node", "node"),
            Map.entry("node-id", "node-id"),
            Map.entry("datacenter", "datacenter"),
            Map.entry("dc", "datacenter"),
            Map.entry("data-dir", "data-dir"),
            Map.entry("http-port", "http-port"),
            Map.entry("domain", "domain"),
            Map.entry("log-level", "log-level"),
            Map.entry("retry-interval", "retry-interval"),
            Map.entry("retry-max", "retry-max"));

    private static final List<String> LISTS = List.of("join", "retry-join");
    private static final List<String> SWITCHES = List.of("server", "bootstrap", "ui", "dev");
    private static final List<String> VALUED_WITHOUT_EFFECT = List.of(
            "config-dir",
            "config-file",
            "config-format",
            "advertise-wan",
            "serf-lan-bind",
            "serf-wan-bind",
            "serf-lan-port",
            "serf-wan-port",
            "serf-lan-allowed-cidrs",
            "server-port",
            "https-port",
            "grpc-port",
            "grpc-tls-port",
            "dns-port",
            "recursor",
            "encrypt",
            "join-wan",
            "retry-join-wan",
            "retry-interval-wan",
            "retry-max-wan",
            "protocol",
            "raft-protocol",
            "segment",
            "pid-file",
            "log-file",
            "log-rotate-bytes",
            "ui-content-path",
            "atlas",
            "atlas-token",
            "http-bind",
            "hcl",
            "default-query-time",
            "max-query-time",
            "check_output_max_size",
            "auto-reload-config");
    private static final List<String> SWITCHES_WITHOUT_EFFECT = List.of(
            "rejoin",
            "syslog",
            "log-json",
            "disable-host-node-id",
            "disable-keyring-file",
            "enable-script-checks",
            "enable-local-script-checks",
            "allow-write-http-from",
            "non-voting-server",
            "read-replica",
            "atlas-join");

    /**
     * Settings of {@code consul agent} with these flags.
     *
     * @param flags what stands behind {@code agent}
     * @param localConfiguration JSON of {@code CONSUL_LOCAL_CONFIG}, or null
     * @param dataDirectory the image's data directory, or empty if the entry point did not set one
     * @throws StartException if the agent would refuse to start, with its message
     */
    static AgentSettings parse(
            List<String> flags,
            @Nullable String localConfiguration,
            boolean legacy,
            String dataDirectory,
            String hostname,
            List<Interface> interfaces)
            throws StartException {
        var options = new Options();
        if (localConfiguration != null && !localConfiguration.isBlank()) {
            readFile(localConfiguration, options);
        }
        readFlags(flags, options);
        return settle(options, legacy, dataDirectory, hostname, interfaces);
    }

    private static void readFlags(List<String> flags, Options options) throws StartException {
        for (int i = 0; i < flags.size(); i++) {
            String flag = flags.get(i);
            if (!flag.startsWith("-") || flag.equals("-") || flag.equals("--")) {
                throw new StartException("Unexpected extra arguments: "
                        + flags.subList(i, flags.size()).toString().replace(",", ""));
            }
            String name = flag.startsWith("--") ? flag.substring(2) : flag.substring(1);
            int equals = name.indexOf('=');
            String value = equals < 0 ? null : name.substring(equals + 1);
            name = equals < 0 ? name : name.substring(0, equals);
            if (SWITCHES.contains(name) || SWITCHES_WITHOUT_EFFECT.contains(name)) {
                if (SWITCHES.contains(name)) {
                    options.set(name, value == null ? "true" : value);
                } else {
                    options.ignored.add(name);
                }
                continue;
            }
            boolean known = VALUED.containsKey(name)
                    || LISTS.contains(name)
                    || VALUED_WITHOUT_EFFECT.contains(name)
                    || List.of("ui-dir", "node-meta", "retry-join").contains(name);
            if (!known) {
                throw new StartException("flag provided but not defined: -" + name);
            }
            if (value == null) {
                if (++i >= flags.size()) {
                    throw new StartException("flag needs an argument: -" + name);
                }
                value = flags.get(i);
            }
            String canonical = VALUED.get(name);
            if (canonical != null) {
                options.set(canonical, value);
            } else if (LISTS.contains(name)) {
                options.add(name, value);
            } else if (name.equals("ui-dir")) {
                options.set("ui", "true");
            } else if (name.equals("node-meta")) {
                int colon = value.indexOf(':');
                options.meta.put(
                        colon < 0 ? value : value.substring(0, colon), colon < 0 ? "" : value.substring(colon + 1));
            } else {
                options.ignored.add(name);
            }
        }
    }

    /** Keys of the configuration file that mean the same as a flag. */
    private static final Map<String, String> KEYS = Ordered.entries(
            Map.entry("server", "server"),
            Map.entry("bootstrap", "bootstrap"),
            Map.entry("bootstrap_expect", "bootstrap-expect"),
            Map.entry("ui", "ui"),
            Map.entry("bind_addr", "bind"),
            Map.entry("advertise_addr", "advertise"),
            Map.entry("client_addr", "client"),
            Map.entry("node_name", "node"),
            Map.entry("node_id", "node-id"),
            Map.entry("datacenter", "datacenter"),
            Map.entry("data_dir", "data-dir"),
            Map.entry("domain", "domain"),
            Map.entry("log_level", "log-level"),
            Map.entry("retry_interval", "retry-interval"),
            Map.entry("retry_max", "retry-max"),
            Map.entry("leave_on_terminate", "leave-on-terminate"),
            Map.entry("skip_leave_on_interrupt", "skip-leave-on-interrupt"));

    private static void readFile(String text, Options options) throws StartException {
        JsonNode root;
        try {
            root = Json.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new StartException("failed to parse /consul/config/local.json: " + Json.problem(e));
        }
        if (!root.isObject()) {
            throw new StartException("failed to parse /consul/config/local.json: an object was expected");
        }
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            String key = entry.getKey();
            JsonNode value = entry.getValue();
            String canonical = KEYS.get(key);
            if (canonical != null) {
                options.set(canonical, value.asText());
                continue;
            }
            switch (key) {
                case "start_join", "retry_join" ->
                    value.forEach(
                            address -> options.add(key.equals("start_join") ? "join" : "retry-join", address.asText()));
                case "ui_config" -> options.set("ui", value.path("enabled").asText("false"));
                case "ui_dir" -> options.set("ui", "true");
                case "ports" -> {
                    if (value.has("http")) {
                        options.set("http-port", value.path("http").asText());
                    }
                }
                case "performance" -> {
                    if (value.has("raft_multiplier")) {
                        options.set(
                                "raft-multiplier", value.path("raft_multiplier").asText());
                    }
                }
                case "autopilot" -> {
                    if (value.has("cleanup_dead_servers")) {
                        options.set(
                                "cleanup-dead-servers",
                                value.path("cleanup_dead_servers").asText());
                    }
                }
                case "node_meta" ->
                    value.properties()
                            .forEach(meta -> options.meta.put(
                                    meta.getKey(), meta.getValue().asText()));
                case "service" -> options.definitions.add(value);
                case "services" -> value.forEach(options.definitions::add);
                default -> options.ignored.add(key);
            }
        }
    }

    private static AgentSettings settle(
            Options options, boolean legacy, String imageDataDirectory, String hostname, List<Interface> interfaces)
            throws StartException {
        boolean dev = options.flag("dev", false);
        boolean server = dev || options.flag("server", false);
        boolean bootstrap = options.flag("bootstrap", false);
        int expect = options.number("bootstrap-expect", 0);
        if (bootstrap && !server) {
            throw new StartException("'bootstrap = true' requires 'server = true'");
        }
        if (expect > 0 && !server) {
            throw new StartException("'bootstrap_expect > 0' requires 'server = true'");
        }
        if (expect > 0 && bootstrap) {
            throw new StartException("'bootstrap_expect > 0' and 'bootstrap = true' are mutually exclusive");
        }
        if (expect > 0 && dev) {
            throw new StartException("'bootstrap_expect > 0' not allowed in dev mode");
        }
        if (expect < 0) {
            throw new StartException(
                    "bootstrap_expect cannot be " + expect + ". Must be greater than or equal to zero");
        }
        String dataDirectory = options.text("data-dir", imageDataDirectory);
        if (dataDirectory.isEmpty() && !dev) {
            throw new StartException("data_dir cannot be empty");
        }
        int multiplier = options.number("raft-multiplier", dev ? 1 : 5);
        if (multiplier < 1 || multiplier > 10) {
            throw new StartException(
                    "performance.raft_multiplier cannot be " + multiplier + ". Must be between 1 and 10");
        }
        String client = AddressTemplate.expand(
                "client_addr", options.text("client", legacy ? "0.0.0.0" : "127.0.0.1"), interfaces);
        return new AgentSettings(
                legacy,
                server,
                bootstrap || dev || expect == 1,
                expect,
                dev,
                dev || options.flag("ui", false),
                options.text("node", hostname),
                options.text("node-id", ""),
                options.text("datacenter", "dc1").toLowerCase(Locale.ROOT),
                dataDirectory,
                options.text("domain", "consul."),
                options.text("log-level", dev ? "DEBUG" : "INFO"),
                client,
                advertised(options, dev, legacy, interfaces),
                options.number("http-port", 8500),
                expanded("start_join", options.values.getOrDefault("join", List.of()), interfaces),
                expanded("retry_join", options.values.getOrDefault("retry-join", List.of()), interfaces),
                options.duration("retry-interval", Duration.ofSeconds(30)),
                options.number("retry-max", 0),
                options.flag("leave-on-terminate", !server && !legacy),
                options.flag("skip-leave-on-interrupt", server),
                multiplier,
                options.flag("cleanup-dead-servers", true),
                options.meta,
                options.definitions,
                options.ignored);
    }

    private static List<String> expanded(String option, List<String> addresses, List<Interface> interfaces)
            throws StartException {
        var result = new ArrayList<String>();
        for (String address : addresses) {
            for (String one :
                    AddressTemplate.expand(option, address, interfaces).split("\\s+")) {
                if (!one.isEmpty()) {
                    result.add(one);
                }
            }
        }
        return List.copyOf(result);
    }

    /**
     * The address that is advertised to others. As in Consul, the only private address if none is given, and a refusal if
     * there are several.
     *
     * <p>The old image is lenient, as what the tutorials of 2017 did with it worked: it takes the first address on a
     * network that is neither the ingress network nor a machine's own bridge, else the first.
     */
    private static String advertised(Options options, boolean dev, boolean legacy, List<Interface> interfaces)
            throws StartException {
        String bind = one("bind_addr", options.text("bind", dev ? "127.0.0.1" : "0.0.0.0"), interfaces);
        String advertise = options.last("advertise");
        if (advertise != null) {
            return one("advertise_addr", advertise, interfaces);
        }
        if (!bind.equals("0.0.0.0")) {
            if (!bind.startsWith("127.")
                    && interfaces.stream().noneMatch(i -> i.address().equals(bind))) {
                throw new StartException("Failed to start Consul server: Failed to start LAN Serf: Failed to create"
                        + " memberlist: Could not set up network transport: failed to obtain an address: Failed to"
                        + " start TCP listener on \"" + bind + "\" port 8301: listen tcp " + bind
                        + ":8301: bind: cannot assign requested address");
            }
            return bind;
        }
        List<Interface> candidates = AddressTemplate.privateOnes(interfaces);
        if (candidates.isEmpty()) {
            throw new StartException("No private IPv4 address found");
        }
        if (legacy) {
            return candidates.stream()
                    .filter(i -> !PLUMBING.contains(i.network()))
                    .findFirst()
                    .orElse(candidates.get(0))
                    .address();
        }
        if (candidates.size() > 1) {
            throw new StartException(
                    "Multiple private IPv4 addresses found. Please configure one with 'bind' and/or 'advertise'.");
        }
        return candidates.get(0).address();
    }

    private static String one(String option, String template, List<Interface> interfaces) throws StartException {
        String expanded = AddressTemplate.expand(option, template, interfaces);
        if (expanded.isEmpty()) {
            throw new StartException(option + " cannot be empty");
        }
        if (expanded.indexOf(' ') >= 0) {
            throw new StartException(option + " cannot contain multiple addresses: \"" + expanded + "\"");
        }
        if (!AddressTemplate.isAddress(expanded)) {
            throw new StartException(option + " \"" + expanded + "\" is not an ip address");
        }
        return expanded;
    }
}
