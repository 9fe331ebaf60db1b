package dev.clusterlab.traefik;

import dev.clusterlab.traefik.StaticConfiguration.Api;
import dev.clusterlab.traefik.StaticConfiguration.ConsulCatalog;
import dev.clusterlab.traefik.StaticConfiguration.ConsulKv;
import dev.clusterlab.traefik.StaticConfiguration.EntryPoint;
import dev.clusterlab.traefik.StaticConfiguration.Legacy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the static configuration as Traefik does at its start, from flags, environment and file, in the form of the
 * third major version or of the first (2017), which is mapped with notes of what became of each option.
 */
public final class ConfigurationReader {
    /** Providers of the first version that this lab does not have. */
    private static final List<String> LEGACY_PROVIDERS = List.of(
            "docker",
            "etcd",
            "zookeeper",
            "boltdb",
            "marathon",
            "mesos",
            "kubernetes",
            "eureka",
            "ecs",
            "rancher",
            "file",
            "dynamodb");

    /** Other top-level names that only the first version had. */
    private static final Set<String> LEGACY_NAMES = Set.of(
            "web",
            "consulcatalog",
            "consul",
            "retry",
            "defaultentrypoints",
            "loglevel",
            "debug",
            "acme",
            "traefiklogsfile",
            "accesslogsfile",
            "checknewversion",
            "sendanonymoususage",
            "constraints",
            "maxidleconnsperhost",
            "insecureskipverify",
            "rootcas",
            "gracetimeout",
            "idletimeout",
            "forwardingtimeouts",
            "healthcheck",
            "cluster",
            "providersthrottleduration",
            "respondingtimeouts",
            "lifecycle");

    /** Top-level names of today that the first version did not have. */
    private static final Set<String> NEW_NAMES =
            Set.of("providers", "log", "serverstransport", "certificatesresolvers", "experimental", "global", "hub");

    private static final Pattern LEGACY_ENTRY_POINT = Pattern.compile("(\\w+):([^ ]*)");

    private ConfigurationReader() {}

    /**
     * A configuration, how it was written, and what is to be said about it.
     *
     * @param notes what was mapped and what was dropped
     */
    public record Read(StaticConfiguration configuration, boolean legacy, List<Note> notes) {
        public Read {
            notes = List.copyOf(notes);
        }
    }

    /** What became of an option. {@code instead} is empty if it was dropped. */
    public record Note(String option, String instead, String why) {
        @Override
        public String toString() {
            return instead.isEmpty() ? option + ": dropped: " + why : option + " -> " + instead + " (" + why + ")";
        }
    }

    /**
     * Reads a command line, without the program's name.
     *
     * @param environment of which {@code TRAEFIK_…} is read
     * @param files text of a file by its path, or null if there is none
     * @throws ConfigurationException with the text that Traefik would end with, as far as it has one
     */
    public static Read read(
            List<String> arguments, Map<String, String> environment, Function<String, @Nullable String> files) {
        Options flags = flags(arguments);
        Options all = Options.empty();
        String file = flags.text("configfile");
        file = file == null ? flags.text("c") : file;
        if (file != null) {
            @Nullable String text = files.apply(file);
            if (text == null) {
                throw new ConfigurationException("open " + file + ": no such file or directory");
            }
            all.merge(Options.ofToml(file, text));
        } else {
            for (String usual : List.of("/etc/traefik/traefik.toml", "/traefik.toml")) {
                @Nullable String text = files.apply(usual);
                if (text != null) {
                    all.merge(Options.ofToml(usual, text));
                    break;
                }
            }
        }
        environment.forEach((name, value) -> {
            if (name.startsWith("TRAEFIK_")) {
                all.set(
                        name.substring("TRAEFIK_".length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.'),
                        value);
            }
        });
        all.merge(flags);
        all.text("configfile");
        all.text("c");
        return read(all);
    }

    /** Reads a TOML file. {@code file} is its name for messages. */
    public static Read readToml(String file, String text) {
        return read(Options.ofToml(file, text));
    }

    /** Reads options of either version. */
    public static Read read(Options options) {
        return isLegacy(options) ? readLegacy(options) : readCurrent(options);
    }

    /** Flags as options: {@code --a.b=c}, {@code --a.b c}, {@code --a.b}, and {@code -a…} alike. */
    static Options flags(List<String> arguments) {
        Options options = Options.empty();
        List<String> entryPoints = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (i == 0 && argument.equals("traefik")) {
                continue;
            }
            if (!argument.startsWith("-") || argument.equals("-") || argument.equals("--")) {
                throw new ConfigurationException("command not found: " + argument);
            }
            String flag = argument.replaceFirst("^--?", "");
            int equals = flag.indexOf('=');
            String name = equals < 0 ? flag : flag.substring(0, equals);
            String value = equals < 0 ? "true" : flag.substring(equals + 1);
            if (equals < 0 && i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("-")) {
                i++;
                value = arguments.get(i);
            }
            if (name.equalsIgnoreCase("entrypoints")) {
                entryPoints.add(value);
            } else {
                options.set(name, unquoted(value));
            }
        }
        for (String text : entryPoints) {
            legacyEntryPoint(options, unquoted(text));
        }
        return options;
    }

    private static boolean isLegacy(Options options) {
        boolean older = false;
        for (String name : options.names()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (NEW_NAMES.contains(lower)) {
                return false;
            }
            older |= LEGACY_NAMES.contains(lower) || LEGACY_PROVIDERS.contains(lower);
        }
        return older;
    }

    private static Read readCurrent(Options options) {
        List<Note> notes = new ArrayList<>();
        Map<String, EntryPoint> entryPoints = new LinkedHashMap<>();
        for (String name : options.at("entryPoints").names()) {
            Options point = options.at("entryPoints").at(name);
            @Nullable String address = point.text("address");
            if (address == null) {
                throw new ConfigurationException("entry point " + name + ": no address");
            }
            entryPoints.put(name, new EntryPoint(address, point.flag("asDefault", false)));
            for (String absent : List.of("http.tls", "http.redirections", "http.middlewares", "http3", "udp")) {
                if (point.has(absent)) {
                    throw new ConfigurationException("entryPoints." + name + "." + absent
                            + " does not exist in this lab: its entry points answer by plain HTTP, as they were asked");
                }
            }
            for (String known : List.of(
                    "transport",
                    "forwardedHeaders",
                    "proxyProtocol",
                    "http",
                    "http2",
                    "reuseport",
                    "allowacmebypass",
                    "observability")) {
                drop(point, known, notes);
            }
        }
        @Nullable Api api = null;
        if (options.has("api") && options.flag("api", true)) {
            api = new Api(options.flag("api.insecure", false), options.flag("api.dashboard", true));
            drop(options, "api", notes);
        }
        boolean ping = options.has("ping") && options.flag("ping", true);
        drop(options, "ping", notes);
        boolean prometheus = prometheus(options);
        drop(options, "metrics", notes);
        if (options.at("entryPoints").names().isEmpty()) {
            entryPoints.put("http", new EntryPoint(":80", false));
        }
        if ((ping || prometheus || (api != null && api.insecure()))
                && !entryPoints.containsKey(StaticConfiguration.INTERNAL_ENTRY_POINT)) {
            entryPoints.put(StaticConfiguration.INTERNAL_ENTRY_POINT, new EntryPoint(":8080", false));
        }
        @Nullable ConsulCatalog catalog = null;
        if (options.has("providers.consulCatalog") && options.flag("providers.consulCatalog", true)) {
            catalog = currentCatalog(options.at("providers.consulCatalog"), notes);
        }
        @Nullable ConsulKv kv = null;
        if (options.has("providers.consul") && options.flag("providers.consul", true)) {
            Options provider = options.at("providers.consul");
            kv = new ConsulKv(
                    provider.list("endpoints", List.of("127.0.0.1:8500")), provider.text("rootKey", "traefik"));
            if (provider.has("tls")) {
                throw noTls("providers.consul");
            }
            for (String known : List.of("token", "namespaces")) {
                drop(provider, known, notes);
            }
        }
        for (String other : List.of("docker", "swarm", "file", "rest", "etcd", "redis", "http", "nomad", "ecs")) {
            if (options.has("providers." + other)) {
                throw new ConfigurationException(
                        "provider " + other + " does not exist in this lab; there are" + " consulCatalog and consul");
            }
        }
        var configuration = new StaticConfiguration(
                entryPoints,
                api,
                ping,
                catalog,
                kv,
                options.duration("providers.providersThrottleDuration", StaticConfiguration.DEFAULT_THROTTLE),
                dialTimeout(options.at("serversTransport")),
                options.text("log.level", "ERROR").toUpperCase(Locale.ROOT),
                options.has("accessLog") && options.flag("accessLog", true)
                        ? AccessLog.read(options.at("accessLog"))
                        : null,
                prometheus,
                null);
        // Whether Traefik asks home for newer versions makes no difference to anybody here.
        options.ignore("global");
        for (String known : List.of("log", "tracing", "serversTransport", "core")) {
            drop(options, known, notes);
        }
        refuseUnread(options);
        return new Read(configuration, false, notes);
    }

    /** What is not modelled and changes no answer is said, and left out. */
    private static void drop(Options options, String known, List<Note> notes) {
        for (String dropped : options.ignore(known)) {
            notes.add(new Note(dropped, "", "without effect in this lab"));
        }
    }

    private static ConfigurationException noTls(String option) {
        return new ConfigurationException(option + ": no TLS in this lab; its Consul answers by plain HTTP");
    }

    private static boolean prometheus(Options options) {
        return options.has("metrics.prometheus") && options.flag("metrics.prometheus", true);
    }

    /** Of the servers' transport for all services. */
    private static Duration dialTimeout(Options transport) {
        Duration limit = transport.duration("forwardingTimeouts.dialTimeout", StaticConfiguration.DEFAULT_DIAL_TIMEOUT);
        if (!limit.isPositive()) {
            throw new ConfigurationException(
                    "serversTransport.forwardingTimeouts.dialTimeout: a limit above 0 is needed in this lab");
        }
        for (String absent : List.of("responseHeaderTimeout", "readIdleTimeout", "pingTimeout")) {
            if (transport.has("forwardingTimeouts." + absent)) {
                throw new ConfigurationException("serversTransport.forwardingTimeouts." + absent
                        + " does not exist in this lab; dialTimeout does");
            }
        }
        return limit;
    }

    private static ConsulCatalog currentCatalog(Options provider, List<Note> notes) {
        if (!provider.text("endpoint.scheme", "http").equals("http") || provider.has("endpoint.tls")) {
            throw noTls("providers.consulCatalog.endpoint");
        }
        String address = provider.text("endpoint.address", "127.0.0.1:8500");
        var catalog = new ConsulCatalog(
                address,
                provider.text("prefix", "traefik"),
                provider.duration("refreshInterval", Duration.ofSeconds(15)),
                provider.flag("exposedByDefault", true),
                provider.text("defaultRule", ConsulCatalog.DEFAULT_RULE),
                provider.list("strictChecks", List.of("passing", "warning")),
                provider.flag("watch", false),
                provider.flag("stale", false));
        for (String known : List.of(
                "endpoint.datacenter",
                "endpoint.token",
                "endpoint.endpointWaitTime",
                "endpoint.httpAuth",
                "requireConsistent",
                "cache",
                "serviceName",
                "namespaces")) {
            drop(provider, known, notes);
        }
        if (provider.flag("connectAware", false) || provider.has("constraints")) {
            throw new ConfigurationException(
                    "providers.consulCatalog: connectAware and constraints do not exist in this lab");
        }
        new RuleTemplate(catalog.defaultRule());
        return catalog;
    }

    private static Read readLegacy(Options options) {
        List<Note> notes = new ArrayList<>();
        List<String> defaults = options.list("defaultEntryPoints", List.of("http"));
        Map<String, EntryPoint> entryPoints = new LinkedHashMap<>();
        for (String name : options.at("entryPoints").names()) {
            Options point = options.at("entryPoints").at(name);
            entryPoints.put(name, new EntryPoint(point.text("address", ":80"), defaults.contains(name)));
            for (String dropped : point.ignoreAll()) {
                notes.add(new Note(dropped, "", "no TLS, redirects or authentication in this lab"));
            }
        }
        if (entryPoints.isEmpty()) {
            entryPoints.put("http", new EntryPoint(":80", true));
        }
        if (options.has("defaultEntryPoints")) {
            notes.add(new Note("defaultEntryPoints", "entryPoints.NAME.asDefault=true", String.join(", ", defaults)));
        }
        @Nullable Api api = legacyApi(options, entryPoints, notes);
        @Nullable ConsulCatalog catalog = null;
        String domain = "localhost";
        if (options.has("consulCatalog") && options.flag("consulCatalog", true)) {
            Options provider = options.at("consulCatalog");
            @Nullable String given = provider.text("domain");
            if (given == null) {
                notes.add(new Note("consulCatalog.domain", "localhost", "not given; taken for it here"));
            } else {
                domain = given;
            }
            catalog = legacyCatalog(provider, domain, notes);
        }
        @Nullable ConsulKv kv = null;
        if (options.has("consul") && options.flag("consul", true)) {
            Options provider = options.at("consul");
            String endpoint = provider.text("endpoint", "127.0.0.1:8500");
            kv = new ConsulKv(List.of(endpoint.split(",")), provider.text("prefix", "traefik"));
            provider.flag("watch", true);
            notes.add(new Note("consul.endpoint", "providers.consul.endpoints", endpoint));
        }
        @Nullable Integer retry = null;
        if (options.has("retry") && options.flag("retry", true)) {
            retry = options.number("retry.attempts", 0);
            notes.add(new Note(
                    "retry.attempts",
                    "http.middlewares.NAME.retry.attempts",
                    retry == 0 ? "for every request, once per other server" : "for every request"));
        }
        String logLevel = options.text("logLevel", "ERROR").toUpperCase(Locale.ROOT);
        if (options.has("logLevel")) {
            notes.add(new Note("logLevel", "log.level", logLevel));
        }
        if (options.flag("debug", false)) {
            logLevel = "DEBUG";
            notes.add(new Note("debug", "log.level=DEBUG", "debug"));
        }
        @Nullable
        AccessLog accessLog = options.has("accessLog") && options.flag("accessLog", true) ? AccessLog.all() : null;
        Duration throttle = options.duration("providersThrottleDuration", StaticConfiguration.DEFAULT_THROTTLE);
        for (String dead : LEGACY_PROVIDERS) {
            if (options.has(dead) && options.flag(dead, true)) {
                options.at(dead).ignoreAll();
                notes.add(new Note(dead, "", "this provider does not exist in this lab"));
            }
        }
        for (String known : List.of(
                "checkNewVersion",
                "sendAnonymousUsage",
                "traefikLogsFile",
                "accessLogsFile",
                "accessLog",
                "maxIdleConnsPerHost",
                "insecureSkipVerify",
                "rootCAs",
                "graceTimeOut",
                "idleTimeout",
                "forwardingTimeouts",
                "healthcheck",
                "cluster",
                "acme",
                "constraints",
                "respondingTimeouts",
                "lifeCycle",
                "ping",
                "tracing",
                "traefikLog")) {
            drop(options, known, notes);
        }
        boolean prometheus = prometheus(options);
        drop(options, "metrics", notes);
        refuseUnread(options);
        return new Read(
                new StaticConfiguration(
                        entryPoints,
                        api,
                        true,
                        catalog,
                        kv,
                        throttle,
                        StaticConfiguration.DEFAULT_DIAL_TIMEOUT,
                        logLevel,
                        accessLog,
                        prometheus,
                        new Legacy(retry, domain)),
                true,
                notes);
    }

    private static @Nullable Api legacyApi(Options options, Map<String, EntryPoint> entryPoints, List<Note> notes) {
        for (String name : List.of("web", "api")) {
            if (options.has(name) && options.flag(name, true)) {
                String address = options.text(name + ".address", ":8080");
                entryPoints.put(StaticConfiguration.INTERNAL_ENTRY_POINT, new EntryPoint(address, false));
                notes.add(new Note(
                        name, "api.insecure=true, entryPoints.traefik.address=" + address, "API and dashboard"));
                drop(options, name, notes);
                return new Api(true, true);
            }
        }
        return null;
    }

    private static ConsulCatalog legacyCatalog(Options provider, String domain, List<Note> notes) {
        String endpoint = provider.text("endpoint", "127.0.0.1:8500");
        String rule = "Host(`{{ .Name }}." + domain + "`)";
        @Nullable String givenRule = provider.text("frontEndRule");
        if (givenRule != null) {
            rule = LegacyRule.translate(
                            givenRule.replace("{{.ServiceName}}", "{{ .Name }}").replace("{{.Domain}}", domain))
                    .rule();
            notes.add(new Note("consulCatalog.frontEndRule", "providers.consulCatalog.defaultRule", rule));
        }
        boolean strict = provider.flag("strictChecks", true);
        notes.add(new Note("consulCatalog.endpoint", "providers.consulCatalog.endpoint.address", endpoint));
        notes.add(new Note("consulCatalog.domain", "providers.consulCatalog.defaultRule=" + rule, domain));
        notes.add(new Note(
                "consulCatalog", "providers.consulCatalog.watch=true", "the first version always asked by blocking"));
        if (provider.has("strictChecks")) {
            notes.add(new Note("consulCatalog.strictChecks", "providers.consulCatalog.strictChecks", "a list now"));
        }
        var catalog = new ConsulCatalog(
                endpoint.replaceFirst("^https?://", ""),
                provider.text("prefix", "traefik"),
                Duration.ofSeconds(15),
                provider.flag("exposedByDefault", true),
                rule,
                strict ? List.of("passing") : List.of("passing", "warning"),
                true,
                provider.flag("stale", false));
        provider.flag("watch", true);
        for (String dropped : provider.ignoreAll()) {
            notes.add(new Note(dropped, "", "without effect in this lab"));
        }
        return catalog;
    }

    /** {@code --entryPoints='Name:http Address::80'}. */
    private static void legacyEntryPoint(Options options, String text) {
        Map<String, String> parts = new LinkedHashMap<>();
        Matcher matcher = LEGACY_ENTRY_POINT.matcher(text);
        while (matcher.find()) {
            parts.put(matcher.group(1).toLowerCase(Locale.ROOT), matcher.group(2));
        }
        String name = parts.getOrDefault("name", "");
        if (name.isEmpty()) {
            throw new ConfigurationException("bad entry points format: " + text);
        }
        options.set(List.of("entryPoints", name, "address"), parts.getOrDefault("address", ":80"));
        if (!options.has("defaultEntryPoints") && !options.has("web")) {
            // The form alone says that the first version is meant.
            options.set("checkNewVersion", "false");
        }
    }

    private static void refuseUnread(Options options) {
        List<String> unread = options.unread();
        if (unread.isEmpty()) {
            return;
        }
        String first = unread.get(0);
        String node = first.substring(first.lastIndexOf('.') + 1);
        throw new ConfigurationException("field not found, node: " + node + " (unknown option"
                + (unread.size() == 1 ? " " : "s ") + String.join(", ", unread) + ")");
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2
                && (text.charAt(0) == '"' || text.charAt(0) == '\'')
                && text.charAt(text.length() - 1) == text.charAt(0);
        return quoted ? text.substring(1, text.length() - 1) : text;
    }
}
