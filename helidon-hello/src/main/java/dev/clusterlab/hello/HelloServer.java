package dev.clusterlab.hello;

import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.observe.ObserveFeature;
import io.helidon.webserver.observe.health.HealthObserver;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * A Helidon server on a port of its own, and those for which it answers: one service, or several that share it. Each request to a
 * shared server says by a header whose it is. Thread-safe.
 */
final class HelloServer {
    /** The service that a request to a shared server is for. */
    static final String MARK = "clusterlab-service";

    /** After the mark of the service that a request tells to misbehave. */
    private static final String FAULTS = "/faults";

    /** Under which the only service of a server is kept. */
    private static final String ALONE = "";

    private static final int NOBODY = 503;
    private static final HeaderName MARK_HEADER = HeaderNames.create(MARK);
    /** Whose request the present thread answers. */
    private static final ScopedValue<Optional<HelloService>> ASKED = ScopedValue.newInstance();

    private final WebServer server;
    private final boolean shared;
    private final Map<String, HelloService> services = new ConcurrentHashMap<>();
    private volatile int port;

    private HelloServer(String host, int port, boolean shared) {
        this.shared = shared;
        this.server = WebServer.builder()
                .host(host)
                .port(port)
                .shutdownHook(false)
                // The answer of a health check leaves in two writes: the second would wait for the first one's
                // acknowledgement,
                // which a peer with nothing to say delays by 40 ms.
                .connectionOptions(options -> options.tcpNoDelay(true))
                .featuresDiscoverServices(false)
                .addFeature(ObserveFeature.builder()
                        .observersDiscoverServices(false)
                        .addObserver(health())
                        .build())
                .routing(this::route)
                .build();
    }

    /**
     * Opens the port; blocks until it listens.
     *
     * @throws RuntimeException if the port cannot be bound
     */
    static HelloServer open(String host, int port) {
        return open(host, port, false);
    }

    /** As {@link #open}, on any free port, for several services. */
    static HelloServer shared(String host) {
        return open(host, 0, true);
    }

    private static HelloServer open(String host, int port, boolean shared) {
        var opened = new HelloServer(host, port, shared);
        opened.server.start();
        opened.port = opened.server.port();
        return opened;
    }

    /** Where it listens; after {@link #close}, where it did. */
    int port() {
        return port;
    }

    /** From now on answers for this service, on a shared server to requests with this mark. */
    void serve(String mark, HelloService served) {
        services.put(shared ? mark : ALONE, served);
    }

    /** From now on answers to such requests with status 503. */
    void leave(String mark) {
        services.remove(shared ? mark : ALONE);
    }

    void close() {
        services.clear();
        server.stop();
    }

    /** Of the requests that tell a service to misbehave, which is no mark of a service. */
    static String faultMark(String mark) {
        return mark + FAULTS;
    }

    private String mark(ServerRequest request) {
        return shared ? request.headers().first(MARK_HEADER).orElse(ALONE) : ALONE;
    }

    private Optional<HelloService> asked(ServerRequest request) {
        return Optional.ofNullable(services.get(mark(request)));
    }

    /** Whom the request tells to misbehave. */
    private Optional<HelloService> told(ServerRequest request) {
        String mark = mark(request);
        return mark.endsWith(FAULTS)
                ? Optional.ofNullable(services.get(mark.substring(0, mark.length() - FAULTS.length())))
                : Optional.empty();
    }

    private HealthObserver health() {
        return HealthObserver.builder()
                .endpoint("/health")
                .details(true)
                .useSystemServices(false)
                .addCheck(() -> response(HelloService::alive), HealthCheckType.LIVENESS, "alive")
                .addCheck(() -> response(HelloService::ready), HealthCheckType.READINESS, "serving")
                .build();
    }

    private HealthCheckResponse response(Predicate<HelloService> up) {
        return HealthCheckResponse.builder()
                .status(ASKED.get().filter(up).isPresent())
                .build();
    }

    private void route(HttpRouting.Builder routing) {
        // Around the checks of health too, which are not notified of the request.
        routing.addFilter((chain, request, response) ->
                ScopedValue.where(ASKED, asked(request)).run(chain::proceed));
        FaultPort.route(routing, this::told);
        routing.get("/", served(HelloService::greet))
                .get("/info", served(HelloService::inform))
                .post("/chaos/unhealthy", chaos(HelloService::makeUnhealthy))
                .post("/chaos/slow", chaos(HelloService::makeSlow))
                .post("/chaos/errors", chaos(HelloService::makeFail))
                .post("/chaos/reset", chaos(HelloService::behave));
    }

    private interface Action {
        void answer(HelloService service, ServerRequest request, ServerResponse response) throws InterruptedException;
    }

    private Handler served(Action action) {
        return (request, response) -> {
            Optional<HelloService> served = ASKED.get();
            if (served.isEmpty()) {
                response.status(NOBODY);
                response.send("no service here now\n".getBytes(StandardCharsets.UTF_8));
            } else {
                action.answer(served.get(), request, response);
            }
        };
    }

    /** Where misbehaving is switched off, these paths do not exist. */
    private Handler chaos(Action action) {
        return served((served, request, response) -> {
            if (served.chaosAllowed()) {
                action.answer(served, request, response);
            } else {
                response.next();
            }
        });
    }
}
