package dev.clusterlab.simulator.traefik;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.programs.ContainerCommands;
import dev.clusterlab.simulator.programs.ImageTags;
import dev.clusterlab.simulator.programs.Program;
import dev.clusterlab.simulator.programs.ProgramCatalog.Image;
import dev.clusterlab.simulator.programs.ProgramCatalog.Start;
import dev.clusterlab.simulator.programs.ProgramContext;
import dev.clusterlab.traefik.ConfigurationException;
import dev.clusterlab.traefik.ConfigurationReader;
import dev.clusterlab.traefik.ConfigurationReader.Note;
import dev.clusterlab.traefik.ConfigurationReader.Read;
import dev.clusterlab.traefik.DynamicConfiguration;
import dev.clusterlab.traefik.StaticConfiguration;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Traefik in a container: understands the flags and TOML of the third version and of the first, reads Consul's catalog
 * and key-value store over the simulated network, and forwards requests from its entry points.
 */
public final class TraefikProgram implements Program {
    static final String VERSION = "3.7.9";
    static final String CODENAME = "langres";

    /** How long requests under way may take to end after a stop. */
    private static final Duration GRACE = Duration.ofMillis(100);

    /** Below these paths of its own entry point, Traefik answers itself. */
    private static final List<String> OWN_PAGES = List.of("/api", "/dashboard", "/ping", "/metrics", "/health");

    private final ProgramContext context;
    private final Map<String, DynamicConfiguration> providers = new TreeMap<>();
    private @Nullable StaticConfiguration settings;
    private @Nullable RuntimeConfiguration runtime;
    private @Nullable Statistics statistics;
    private boolean stopping;

    public TraefikProgram(ProgramContext context) {
        this.context = context;
    }

    /** The image {@code traefik}. */
    public static Image image() {
        return new Image(
                "traefik",
                List.of("/entrypoint.sh"),
                List.of("traefik"),
                "traefik",
                Start.SCRIPT,
                Set.of(80),
                232_000_000,
                ImageTags.traefik(),
                TraefikProgram::new);
    }

    @Override
    public void start() {
        List<String> given = context.arguments();
        boolean named = !given.isEmpty()
                && (given.getFirst().equals("traefik") || given.getFirst().endsWith("/traefik"));
        List<String> arguments = named ? given.subList(1, given.size()) : given;
        if (!named && !given.isEmpty() && !given.getFirst().matches("-.*|version|healthcheck")) {
            context.stderr("/entrypoint.sh: exec: " + given.getFirst() + ": not found");
            context.exit(127);
            return;
        }
        if (arguments.size() == 1
                && (arguments.get(0).equals("version") || arguments.get(0).equals("--version"))) {
            context.stdout("Version:      " + VERSION);
            context.stdout("Codename:     " + CODENAME);
            context.exit(0);
            return;
        }
        Read read;
        try {
            read = ConfigurationReader.read(arguments, new TreeMap<>(context.environment()), this::file);
        } catch (ConfigurationException e) {
            context.stderr(context.now().truncatedTo(ChronoUnit.SECONDS) + " ERR Command error error=\""
                    + e.getMessage() + "\"");
            context.exit(1);
            return;
        }
        StaticConfiguration configuration = read.configuration();
        settings = configuration;
        statistics = new Statistics(context);
        var log = new TraefikLog(context, configuration.logLevel(), read.legacy());
        log.info("Traefik version " + VERSION + " built on 2026-08-01T00:00:00Z");
        for (Note note : read.notes()) {
            log.always((read.legacy() ? "Option of the first version: " : "Option ") + note);
        }
        apply(log);
        serve(configuration);
        provide(configuration, read.legacy(), log);
    }

    private void serve(StaticConfiguration configuration) {
        Statistics counted = Objects.requireNonNull(statistics);
        var api = new ApiService(
                configuration,
                this::runtime,
                counted,
                context.now().truncatedTo(ChronoUnit.MILLIS).toString());
        Map<String, HttpService> internal = new LinkedHashMap<>();
        internal.put("api@internal", exchange -> {
            String path = exchange.request().path();
            if (path.startsWith("/api")) {
                api.handle(exchange);
            } else {
                dashboard(exchange);
            }
        });
        internal.put("dashboard@internal", this::dashboard);
        internal.put("ping@internal", this::ping);
        internal.put("noop@internal", exchange -> exchange.respond(Response.text(418, "I'm a teapot\n")));
        var forwarder = new Forwarder(context, configuration, this::runtime, internal, counted);
        configuration
                .entryPoints()
                .forEach((name, point) -> listen(name, point.port(), exchange -> {
                    String path = exchange.request().path();
                    boolean inner = name.equals(StaticConfiguration.INTERNAL_ENTRY_POINT);
                    if (inner && configuration.ping() && path.equals("/ping")) {
                        ping(exchange);
                    } else if (inner && configuration.prometheus() && path.equals("/metrics")) {
                        exchange.respond(api.metrics());
                    } else if (inner && configuration.legacy() != null && path.equals("/health")) {
                        exchange.respond(Response.json(200, counted.legacyHealth()));
                    } else {
                        forwarder.handle(name, exchange);
                    }
                }));
    }

    /** What Traefik shows of itself is read without a trace; what it passes on takes turns, and is not. */
    private void listen(String entryPoint, int port, HttpService service) {
        if (entryPoint.equals(StaticConfiguration.INTERNAL_ENTRY_POINT)) {
            context.listen(
                    port,
                    service,
                    request -> request.reads()
                            && OWN_PAGES.stream()
                                    .anyMatch(page -> request.path().startsWith(page)));
        } else {
            context.listen(port, service);
        }
    }

    private void provide(StaticConfiguration configuration, boolean legacy, TraefikLog log) {
        var catalog = configuration.consulCatalog();
        if (catalog != null) {
            var throttle = throttle(configuration, CatalogProvider.NAME, log);
            new CatalogProvider(context, catalog, legacy, log, throttle::offer).start();
        }
        var kv = configuration.consulKv();
        if (kv != null) {
            var throttle = throttle(configuration, KvProvider.NAME, log);
            new KvProvider(context, kv, legacy, log, throttle::offer).start();
        }
    }

    private Throttle throttle(StaticConfiguration configuration, String provider, TraefikLog log) {
        return new Throttle(context.scope(), configuration.throttle(), delivered -> {
            log.info("Configuration received from provider " + provider + ": "
                    + delivered.routers().size() + " routers, "
                    + delivered.services().size() + " services");
            providers.put(provider, delivered);
            apply(log);
        });
    }

    private void apply(TraefikLog log) {
        RuntimeConfiguration before = runtime;
        var now = new RuntimeConfiguration(context, log, Objects.requireNonNull(settings), providers);
        runtime = now;
        Objects.requireNonNull(statistics).reloaded();
        if (before != null) {
            before.close();
        }
        context.changed();
        for (RuntimeConfiguration.Router router : now.routers.values()) {
            for (String error : router.errors()) {
                log.error(error, Map.of("routerName", router.name()));
            }
        }
    }

    /** What its API would answer at this instant; empty while it has no API that answers without a password. */
    public Optional<TraefikReading> reading() {
        StaticConfiguration configuration = settings;
        RuntimeConfiguration now = runtime;
        return configuration == null
                        || now == null
                        || configuration.api() == null
                        || !configuration.api().insecure()
                ? Optional.empty()
                : Optional.of(ApiService.reading(now));
    }

    /**
     * Until when that holds if nothing happens: a server that failed too often comes back by itself. Virtual time in
     * nanoseconds; {@link Long#MAX_VALUE} if it holds for ever.
     */
    public long holdsUntilNanos() {
        RuntimeConfiguration now = runtime;
        return now == null ? Long.MAX_VALUE : now.holdsUntilNanos();
    }

    private RuntimeConfiguration runtime() {
        return Objects.requireNonNull(runtime);
    }

    /** URLs of the servers that a service such as {@code shop@consulcatalog} sends to; empty if there is none. */
    public List<String> serversOf(String service) {
        RuntimeConfiguration now = runtime;
        Balancer balancer = now == null ? null : now.services.get(service);
        return balancer == null
                ? List.of()
                : balancer.service().servers().stream()
                        .map(DynamicConfiguration.Server::url)
                        .toList();
    }

    private void ping(HttpExchange exchange) {
        exchange.respond(stopping ? Response.text(503, "Service Unavailable") : Response.text(200, "OK"));
    }

    private void dashboard(HttpExchange exchange) {
        String path = exchange.request().path();
        if (path.equals("/") || path.equals("/dashboard")) {
            exchange.respond(Response.empty(302).withHeader("location", "/dashboard/"));
        } else if (path.equals("/dashboard/")) {
            exchange.respond(Response.html(DashboardPage.of(context, runtime(), providers.keySet())));
        } else {
            exchange.respond(Response.text(404, "404 page not found\n"));
        }
    }

    /** A file of a mounted volume, if somebody has put text there. */
    private @Nullable String file(String path) {
        int slash = path.lastIndexOf('/');
        Object content =
                context.volume(slash <= 0 ? "/" : path.substring(0, slash)).get(path.substring(slash + 1));
        return content instanceof String text ? text : null;
    }

    @Override
    public void signal(String signal) {
        if (stopping || !(signal.equals("SIGTERM") || signal.equals("SIGINT"))) {
            return;
        }
        stopping = true;
        context.scope().schedule(GRACE, () -> context.exit(0));
    }

    @Override
    public ExecResult exec(List<String> command) {
        if (command.equals(List.of("traefik", "version"))) {
            return ExecResult.ok("Version:      " + VERSION + "\nCodename:     " + CODENAME + "\n");
        }
        return ExecResult.notFound(command);
    }

    @Override
    public void exec(List<String> command, Consumer<ExecResult> done) {
        if (!command.isEmpty() && command.get(0).equals("traefik")) {
            done.accept(exec(command));
        } else {
            ContainerCommands.exec(context, command, done);
        }
    }

    @Override
    public Runnable exec(List<String> command, ContainerCommands.Output output, IntConsumer ended) {
        return !command.isEmpty() && command.get(0).equals("traefik")
                ? Program.super.exec(command, output, ended)
                : ContainerCommands.exec(context, command, output, ended);
    }
}
