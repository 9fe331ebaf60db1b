package dev.clusterlab.provisioning;

import dev.clusterlab.hello.HelloEnvironment;
import dev.clusterlab.hello.HelloScheduler;
import dev.clusterlab.hello.HelloService;
import dev.clusterlab.hello.HelloSettings;
import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.endpoints.Answer;
import dev.clusterlab.simulator.endpoints.HostPolicy;
import dev.clusterlab.simulator.endpoints.HttpEdge;
import dev.clusterlab.simulator.endpoints.Outcalls;
import dev.clusterlab.simulator.endpoints.SimulationDriver;
import dev.clusterlab.simulator.programs.Program;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import dev.clusterlab.simulator.programs.ProgramContext;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The real hello service in a simulated container: started in this process on a loopback port, asked over HTTP, and with
 * a way back into the simulation for its calls to Consul.
 *
 * <p>What it does takes no virtual time. Whatever it says while it runs (log lines, plans for later) is let into the
 * simulation when its outcall ends, in the order of the outcalls, so that histories do not depend on threads.
 */
@SimulatorBound
final class HelloProgram implements Program {
    static final String REPOSITORY = "clusterlab/hello";
    private static final int CONTAINER_PORT_DEFAULT = 8080;
    /** Virtual time for one call to Consul: longer than the 7 s for which an agent looks for a leader. */
    private static final Duration CONSUL_LIMIT = Duration.ofSeconds(10);
    /** Exit status of a Java process that ended because of SIGTERM. */
    private static final int TERMINATED = 143;
    /** Headers of one connection only (RFC 9110, 7.6.1), and what each side writes anew. */
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer", "content-length");

    private final SimulationDriver driver;
    private final LoopbackHttp http;
    private final ProgramContext context;
    private final Outcalls.Lane lane;
    private final Set<HttpExchange> asking = new LinkedHashSet<>();
    /** Written by outcalls, read when they end; guarded by itself. */
    private final List<Runnable> said = new ArrayList<>();
    /** Guarded by itself. */
    private final Map<String, HttpEdge> gateways = new LinkedHashMap<>();

    private volatile List<HelloEnvironment.HostAddress> addresses = List.of();
    private volatile @Nullable HelloService service;
    private volatile boolean over;

    private HelloProgram(SimulationDriver driver, LoopbackHttp http, ProgramContext context) {
        this.driver = driver;
        this.http = http;
        this.context = context;
        this.lane = driver.outcalls().lane();
    }

    /** The image of the service, for a catalog. */
    static ProgramCatalog.Image image(SimulationDriver driver, LoopbackHttp http) {
        return new ProgramCatalog.Image(
                REPOSITORY,
                List.of("java", "-jar", "helidon-hello.jar"),
                Set.of(CONTAINER_PORT_DEFAULT),
                212_000_000,
                context -> new HelloProgram(driver, http, context));
    }

    @Override
    public void start() {
        HelloSettings settings;
        try {
            settings = HelloSettings.load(context.environment());
        } catch (IllegalArgumentException e) {
            context.stderr("ERROR " + e.getMessage());
            context.exit(1);
            return;
        }
        String instanceId = context.random().hex(32);
        HelloSettings inside = settings.listeningOn("127.0.0.1", 0);
        var environment = new HelloEnvironment(
                context.hostname(),
                () -> addresses,
                driver::now,
                () -> instanceId,
                this::gateway,
                Duration.ZERO,
                HelloEnvironment.Slowness.ANNOUNCE,
                line -> say(() -> context.stdout(line)));
        outcall(
                () -> {
                    HelloService started = HelloService.start(inside, environment, this::plan);
                    service = started;
                    if (over) {
                        started.kill();
                    }
                    return started;
                },
                started -> context.listen(settings.port(), this::serve),
                () -> context.exit(1));
    }

    @Override
    public void signal(String signal) {
        HelloService running = service;
        if (running == null) {
            context.exit(TERMINATED);
            return;
        }
        lane.clear();
        outcall(
                () -> {
                    running.stop();
                    return running;
                },
                stopped -> context.exit(TERMINATED),
                () -> context.exit(TERMINATED));
    }

    @Override
    public void killed() {
        over = true;
        lane.clear();
        for (HttpExchange exchange : List.copyOf(asking)) {
            exchange.fail(HttpExchange.Failure.RESET);
        }
        asking.clear();
        HelloService running = service;
        // Closing real sockets may block; nothing inside waits for it.
        Thread.ofVirtual().name("hello-end").start(() -> {
            if (running != null) {
                running.kill();
            }
            synchronized (gateways) {
                gateways.values().forEach(HttpEdge::close);
                gateways.clear();
            }
        });
    }

    private <T> void outcall(java.util.concurrent.Callable<T> work, Consumer<T> done, Runnable failed) {
        addresses = context.interfaces().stream()
                .map(i -> new HelloEnvironment.HostAddress(i.name(), i.address()))
                .toList();
        lane.begin(work, result -> context.scope().execute(() -> {
            hear();
            switch (result) {
                case Outcalls.Result.Done<T>(T value) -> done.accept(value);
                case Outcalls.Result.Failed<T>(Throwable cause) -> {
                    context.stderr("ERROR " + cause.getClass().getSimpleName() + ": " + cause.getMessage());
                    failed.run();
                }
            }
        }));
    }

    private void say(Runnable what) {
        synchronized (said) {
            said.add(what);
        }
    }

    private void hear() {
        List<Runnable> heard;
        synchronized (said) {
            heard = List.copyOf(said);
            said.clear();
        }
        heard.forEach(Runnable::run);
    }

    /** The service plans its next round of registration; called while an outcall runs. */
    private HelloScheduler.Handle plan(Duration delay, Runnable task) {
        var planned = new Planned();
        say(() -> context.scope().schedule(delay, () -> {
            if (!planned.cancelled && !over) {
                outcall(
                        () -> {
                            task.run();
                            return Boolean.TRUE;
                        },
                        done -> {},
                        () -> {});
            }
        }));
        return () -> planned.cancelled = true;
    }

    private static final class Planned {
        private volatile boolean cancelled;
    }

    // --- requests to the service

    private void serve(HttpExchange exchange) {
        HelloService running = service;
        if (running == null || over) {
            exchange.fail(HttpExchange.Failure.REFUSED);
            return;
        }
        HttpMessage.Request request = exchange.request();
        driver.outcalls()
                .begin(
                        () -> http.exchange(
                                "127.0.0.1:" + running.port(),
                                request.method(),
                                target(request),
                                endToEnd(request.headers()),
                                request.body(),
                                null),
                        result -> context.scope().execute(() -> {
                            switch (result) {
                                case Outcalls.Result.Done<LoopbackHttp.Answer>(LoopbackHttp.Answer answer) ->
                                    answer(exchange, answer);
                                case Outcalls.Result.Failed<LoopbackHttp.Answer> failure ->
                                    exchange.fail(HttpExchange.Failure.RESET);
                            }
                        }));
    }

    private void answer(HttpExchange exchange, LoopbackHttp.Answer answer) {
        var headers = new TreeMap<String, String>();
        answer.headers().forEach((name, values) -> headers.put(name, String.join(", ", values)));
        headers.keySet().removeAll(HOP_BY_HOP);
        headers.remove("date");
        String delay = headers.remove(HelloEnvironment.Slowness.HEADER.toLowerCase(java.util.Locale.ROOT));
        var response = new HttpMessage.Response(answer.status(), headers, answer.body());
        if (delay == null) {
            exchange.respond(response);
        } else {
            context.scope().schedule(Duration.ofMillis(Long.parseLong(delay)), () -> exchange.respond(response));
        }
    }

    private static String target(HttpMessage.Request request) {
        var text = new StringBuilder(encode(request.path(), true));
        char separator = '?';
        for (Map.Entry<String, List<String>> parameter : request.query().entrySet()) {
            for (String value : parameter.getValue()) {
                text.append(separator).append(encode(parameter.getKey(), false));
                if (!value.isEmpty()) {
                    text.append('=').append(encode(value, false));
                }
                separator = '&';
            }
        }
        return text.toString();
    }

    private static String encode(String text, boolean path) {
        String encoded = java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8)
                .replace("+", "%20");
        return path ? encoded.replace("%2F", "/") : encoded;
    }

    private static Map<String, String> endToEnd(Map<String, String> headers) {
        var kept = new TreeMap<>(headers);
        kept.keySet().removeAll(HOP_BY_HOP);
        return kept;
    }

    // --- requests of the service

    /** A loopback port behind which the Consul that the service means answers; called while an outcall runs. */
    private URI gateway(String host, int port) {
        HttpEdge edge;
        synchronized (gateways) {
            edge = gateways.computeIfAbsent(host + ":" + port, key -> HttpEdge.open(
                    0, HostPolicy.api(name -> false), (request, answer) -> enter(host, port, request, answer)));
            if (over) {
                edge.close();
            }
        }
        return URI.create("http://127.0.0.1:" + edge.port());
    }

    private dev.clusterlab.simulator.endpoints.OutsideRequest enter(
            String host, int port, HttpMessage.Request request, Answer answer) {
        return lane.request(request, exchange -> ask(host, port, exchange), answer);
    }

    private void ask(String host, int port, HttpExchange exchange) {
        // The service works in the background: nobody outside waits for this, so it must not make time move.
        exchange.longPoll();
        if (over) {
            exchange.fail(HttpExchange.Failure.RESET);
            return;
        }
        asking.add(exchange);
        HttpMessage.Request request = exchange.request();
        var forwarded = new HttpMessage.Request(
                request.method(),
                request.path(),
                request.query(),
                new LinkedHashMap<>(endToEnd(request.headers())),
                request.body());
        context.http(
                host, port, forwarded.withHeader("host", host + ":" + port), CONSUL_LIMIT, result -> {
                    asking.remove(exchange);
                    switch (result) {
                        case HttpResult.Answered(HttpMessage.Response response) -> exchange.respond(response);
                        case HttpResult.Failed(HttpExchange.Failure failure) -> exchange.fail(failure);
                    }
                });
    }
}
