package dev.clusterlab.hello;

import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.observe.ObserveFeature;
import io.helidon.webserver.observe.health.HealthObserver;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A Helidon server on a port of its own, and the service for which it answers. Thread-safe. */
final class HelloServer {
    private static final int NOBODY = 503;

    private final WebServer server;
    private volatile @Nullable HelloService service;
    private volatile int port;

    private HelloServer(String host, int port) {
        this.server = WebServer.builder()
                .host(host)
                .port(port)
                .shutdownHook(false)
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
        var opened = new HelloServer(host, port);
        opened.server.start();
        opened.port = opened.server.port();
        return opened;
    }

    /** Where it listens; after {@link #close}, where it did. */
    int port() {
        return port;
    }

    /** From now on answers for this service; for none, with status 503. */
    void serve(@Nullable HelloService served) {
        service = served;
    }

    void close() {
        service = null;
        server.stop();
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
        HelloService served = service;
        return HealthCheckResponse.builder()
                .status(served != null && up.test(served))
                .build();
    }

    private void route(HttpRouting.Builder routing) {
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
            HelloService served = service;
            if (served == null) {
                response.status(NOBODY);
                response.send("no service here now\n".getBytes(StandardCharsets.UTF_8));
            } else {
                action.answer(served, request, response);
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
