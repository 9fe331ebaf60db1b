package dev.clusterlab.hello;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    /** The port of a container's loopback by which the service is told to misbehave. */
    public static final int FAULT_PORT = 9797;

    /** How long who tells it to crash at once has to hear that it will. */
    private static final Duration ANSWERED = Duration.ofMillis(100);

    private static final Duration SLOW_MAX = Duration.ofMinutes(10);
    /** Names of what the endpoints of {@code CHAOS} do. */
    private static final String UNHEALTHY = "chaos-unhealthy";

    private static final String SLOW = "chaos-slow";
    private static final String ERRORS = "chaos-errors";

    private final HelloSettings settings;
    private final HelloEnvironment environment;
    private final String instanceId;
    private final Instant started;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Chaos chaos;
    private final Registration registration;
    private final Consumer<String> log;
    private final HelloServer server;
    /** What requests to the server say that are for this service; empty where it has a server of its own. */
    private final String mark;
    /** What happens to the server at the end. */
    private final Consumer<HelloServer> leave;

    private final HelloScheduler scheduler;

    private HelloService(
            HelloSettings settings,
            HelloEnvironment environment,
            HelloScheduler scheduler,
            HelloServer server,
            String mark,
            Consumer<HelloServer> leave) {
        this.settings = settings;
        this.environment = environment;
        this.server = server;
        this.mark = mark;
        this.leave = leave;
        this.scheduler = scheduler;
        this.instanceId = "instance_" + environment.instanceIds().get();
        this.started = environment.clock().instant();
        this.chaos = new Chaos(environment.nanoTime());
        this.log = line -> environment.log().accept(environment.clock().instant() + " " + line);
        this.registration = new Registration(settings, environment, scheduler, registrationId(), log);
    }

    /**
     * Starts a server and, if the settings say so, the registration: its first round is given to the scheduler at
     * once. Blocks until the server listens.
     *
     * @throws RuntimeException if the port cannot be bound
     */
    public static HelloService start(HelloSettings settings, HelloEnvironment environment, HelloScheduler scheduler) {
        HelloServer opened = HelloServer.open(settings.listenHost(), settings.listenPort());
        return begin(settings, environment, scheduler, opened, "", HelloServer::close);
    }

    /**
     * As {@link #start(HelloSettings, HelloEnvironment, HelloScheduler)}, by the server that all services of {@code servers}
     * share: it answers to requests that have the headers {@link #marks}.
     *
     * @throws IllegalArgumentException if the settings want a certain port
     */
    public static HelloService start(
            HelloSettings settings, HelloEnvironment environment, HelloScheduler scheduler, HelloServers servers) {
        if (settings.listenPort() != 0) {
            throw new IllegalArgumentException(
                    "a shared server has the port that it has, not " + settings.listenPort());
        }
        String mark = servers.mark();
        return begin(
                settings,
                environment,
                scheduler,
                servers.at(settings.listenHost()),
                mark,
                server -> server.leave(mark));
    }

    private static HelloService begin(
            HelloSettings settings,
            HelloEnvironment environment,
            HelloScheduler scheduler,
            HelloServer server,
            String mark,
            Consumer<HelloServer> leave) {
        HelloService service;
        try {
            service = new HelloService(settings, environment, scheduler, server, mark, leave);
            server.serve(mark, service);
            service.log.accept("INFO " + service.registrationId() + " serves port " + settings.port());
        } catch (RuntimeException e) {
            leave.accept(server);
            throw e;
        }
        if (settings.register()) {
            service.registration.begin();
        }
        return service;
    }

    /** The port that the server really listens on; after the end, the one that it had. */
    public int port() {
        return server.port();
    }

    /** Headers that a request to its server must have to be for this service; none where it has a server of its own. */
    public Map<String, String> marks() {
        return mark.isEmpty() ? Map.of() : Map.of(HelloServer.MARK, mark);
    }

    /**
     * As {@link #marks}, for requests that tell it to misbehave: {@code /faults} of a shared server is there for these alone.
     * None where it has a server of its own.
     */
    public Map<String, String> faultMarks() {
        return mark.isEmpty() ? Map.of() : Map.of(HelloServer.MARK, HelloServer.faultMark(mark));
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
            leave.accept(server);
        }
    }

    /** Ends as a crash does: nobody is told. */
    public void kill() {
        if (ended.compareAndSet(false, true)) {
            registration.end(false);
            leave.accept(server);
        }
    }

    // ---- what the server asks

    boolean alive() {
        return !chaos.unhealthy();
    }

    boolean ready() {
        return !chaos.unhealthy() && !ended.get();
    }

    boolean chaosAllowed() {
        return settings.chaos();
    }

    void greet(ServerRequest request, ServerResponse response) throws InterruptedException {
        answer(request, response, wantsJson(request));
    }

    void inform(ServerRequest request, ServerResponse response) throws InterruptedException {
        answer(request, response, true);
    }

    Chaos chaos() {
        return chaos;
    }

    /** Begins a fault, or goes on with it. */
    void misbehave(String name, Chaos.Fault fault, Optional<Duration> lasts) {
        if (!chaos.begin(name, fault, lasts)) {
            return;
        }
        log.accept("INFO Told to misbehave: " + fault);
        if (fault instanceof Chaos.Fault.Crash(Duration after)) {
            scheduler.schedule(after.compareTo(ANSWERED) < 0 ? ANSWERED : after, () -> {
                if (chaos.holds(name, fault) && !ended.get()) {
                    log.accept("ERROR Crashing on purpose");
                    kill();
                    environment.crash().run();
                }
            });
        }
    }

    /** Whether there was such a fault. */
    boolean behave(String name) {
        boolean over = chaos.end(name);
        if (over) {
            log.accept("INFO Told to end " + name);
        }
        return over;
    }

    void behave(ServerRequest request, ServerResponse response) {
        List.of(UNHEALTHY, SLOW, ERRORS).forEach(chaos::end);
        done(response, "behaving again");
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

    void makeUnhealthy(ServerRequest request, ServerResponse response) {
        boolean on = !"false".equals(parameter(request, "on"));
        if (on) {
            chaos.begin(UNHEALTHY, new Chaos.Fault.Unhealthy(), Optional.empty());
        } else {
            chaos.end(UNHEALTHY);
        }
        done(response, on ? "unhealthy" : "healthy");
    }

    void makeSlow(ServerRequest request, ServerResponse response) {
        @Nullable Double millis = number(parameter(request, "ms"));
        if (millis == null || millis < 0 || millis > SLOW_MAX.toMillis()) {
            refuse(response, "ms must be a number between 0 and " + SLOW_MAX.toMillis());
            return;
        }
        chaos.begin(SLOW, new Chaos.Fault.Slow(Duration.ofMillis(millis.longValue())), Optional.empty());
        done(response, "slow by " + millis.longValue() + " ms");
    }

    void makeFail(ServerRequest request, ServerResponse response) {
        @Nullable Double rate = number(parameter(request, "rate"));
        if (rate == null || rate < 0 || rate > 1) {
            refuse(response, "rate must be a number between 0 and 1");
            return;
        }
        chaos.end(ERRORS);
        chaos.begin(ERRORS, new Chaos.Fault.Errors(rate), Optional.empty());
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
}
