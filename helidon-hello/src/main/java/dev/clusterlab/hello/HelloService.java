package dev.clusterlab.hello;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.observe.ObserveFeature;
import io.helidon.webserver.observe.health.HealthObserver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A running instance of the service. Any number may run in one process.
 *
 * <p>After {@link #stop()} or {@link #kill()} it never runs again; calling either once more does nothing.
 */
public final class HelloService {
    private static final Duration SLOW_MAX = Duration.ofMinutes(10);

    private final HelloSettings settings;
    private final HelloEnvironment environment;
    private final String instanceId;
    private final Instant started;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Chaos chaos = new Chaos();
    private final Registration registration;
    private final Consumer<String> log;
    private final WebServer server;
    private volatile int port;

    private HelloService(HelloSettings settings, HelloEnvironment environment, HelloScheduler scheduler) {
        this.settings = settings;
        this.environment = environment;
        this.instanceId = "instance_" + environment.instanceIds().get();
        this.started = environment.clock().instant();
        this.log = line -> environment.log().accept(environment.clock().instant() + " " + line);
        this.registration = new Registration(settings, environment, scheduler, registrationId(), log);
        this.server = WebServer.builder()
                .host(settings.listenHost())
                .port(settings.listenPort())
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
     * Starts the server and, if the settings say so, the registration: its first round is given to the scheduler at
     * once. Blocks until the server listens.
     *
     * @throws RuntimeException if the port cannot be bound
     */
    public static HelloService start(HelloSettings settings, HelloEnvironment environment, HelloScheduler scheduler) {
        var service = new HelloService(settings, environment, scheduler);
        try {
            service.server.start();
            service.port = service.server.port();
        } catch (RuntimeException e) {
            service.registration.end(false);
            throw e;
        }
        service.log.accept("INFO " + service.registrationId() + " serves port " + settings.port());
        if (settings.register()) {
            service.registration.begin();
        }
        return service;
    }

    /** The port that the server really listens on; after the end, the one that it had. */
    public int port() {
        return port;
    }

    /** The identifier in Consul, such as {@code democonsul:instance_…}. */
    public String registrationId() {
        return settings.serviceName() + ":" + instanceId;
    }

    /** Whether the last call to Consul left it registered. */
    public boolean registered() {
        return registration.registered();
    }

    /** Ends gracefully: deregisters from Consul (one attempt; a failure is only logged), then stops serving. */
    public void stop() {
        if (ended.compareAndSet(false, true)) {
            log.accept("INFO Stopping");
            registration.end(true);
            server.stop();
        }
    }

    /** Ends as a crash does: nobody is told. */
    public void kill() {
        if (ended.compareAndSet(false, true)) {
            registration.end(false);
            server.stop();
        }
    }

    private HealthObserver health() {
        return HealthObserver.builder()
                .endpoint("/health")
                .details(true)
                .useSystemServices(false)
                .addCheck(() -> response(!chaos.unhealthy()), HealthCheckType.LIVENESS, "alive")
                .addCheck(() -> response(!chaos.unhealthy() && !ended.get()), HealthCheckType.READINESS, "serving")
                .build();
    }

    private void route(HttpRouting.Builder routing) {
        routing.get("/", (request, response) -> answer(request, response, wantsJson(request)))
                .get("/info", (request, response) -> answer(request, response, true));
        if (settings.chaos()) {
            routing.post("/chaos/unhealthy", this::makeUnhealthy)
                    .post("/chaos/slow", this::makeSlow)
                    .post("/chaos/errors", this::makeFail)
                    .post("/chaos/reset", (request, response) -> {
                        chaos.reset();
                        done(response, "behaving again");
                    });
        }
    }

    private void answer(ServerRequest request, ServerResponse response, boolean json) throws InterruptedException {
        long number = requests.incrementAndGet();
        Duration delay = chaos.delay();
        if (!delay.isZero()) {
            switch (environment.slowness()) {
                case WAIT -> Thread.sleep(delay);
                case ANNOUNCE -> response.header(HelloEnvironment.Slowness.HEADER, Long.toString(delay.toMillis()));
            }
        }
        if (chaos.nextFails()) {
            response.status(500);
            send(response, "text/plain; charset=UTF-8", "Failing on purpose on " + registrationId());
            return;
        }
        if (json) {
            send(response, "application/json", info(number));
        } else {
            send(response, "text/plain; charset=UTF-8", greeting());
        }
    }

    private String greeting() {
        return "Hello Docker World on " + registrationId();
    }

    private String info(long number) {
        Duration uptime = Duration.between(started, environment.clock().instant());
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("message", greeting());
        json.put("service", settings.serviceName());
        json.put("instance", instanceId);
        json.put("host", environment.hostname());
        json.put("address", registration.address().orElse(""));
        json.put("port", settings.port());
        json.put(
                "uptime",
                uptime.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString());
        json.put("uptimeSeconds", uptime.toSeconds());
        json.put("requests", number);
        json.put("registered", registered());
        return json.toString();
    }

    private void makeUnhealthy(ServerRequest request, ServerResponse response) {
        boolean on = !"false".equals(parameter(request, "on"));
        chaos.unhealthy(on);
        done(response, on ? "unhealthy" : "healthy");
    }

    private void makeSlow(ServerRequest request, ServerResponse response) {
        @Nullable Double millis = number(parameter(request, "ms"));
        if (millis == null || millis < 0 || millis > SLOW_MAX.toMillis()) {
            refuse(response, "ms must be a number between 0 and " + SLOW_MAX.toMillis());
            return;
        }
        chaos.slow(Duration.ofMillis(millis.longValue()));
        done(response, "slow by " + millis.longValue() + " ms");
    }

    private void makeFail(ServerRequest request, ServerResponse response) {
        @Nullable Double rate = number(parameter(request, "rate"));
        if (rate == null || rate < 0 || rate > 1) {
            refuse(response, "rate must be a number between 0 and 1");
            return;
        }
        chaos.errors(rate);
        done(response, "failing at a rate of " + rate);
    }

    private void done(ServerResponse response, String what) {
        log.accept("INFO Told to misbehave: " + what);
        send(response, "text/plain; charset=UTF-8", what + "\n");
    }

    private static void refuse(ServerResponse response, String why) {
        response.status(400);
        send(response, "text/plain; charset=UTF-8", why + "\n");
    }

    private static void send(ServerResponse response, String type, String text) {
        response.header(HeaderNames.CONTENT_TYPE, type);
        response.send(text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean wantsJson(ServerRequest request) {
        return request.headers()
                .first(HeaderNames.ACCEPT)
                .map(accept -> accept.contains("application/json"))
                .orElse(false);
    }

    private static @Nullable String parameter(ServerRequest request, String name) {
        return request.query().first(name).orElse(null);
    }

    private static @Nullable Double number(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            double value = Double.parseDouble(text);
            return Double.isFinite(value) ? value : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static HealthCheckResponse response(boolean up) {
        return HealthCheckResponse.builder().status(up).build();
    }
}
