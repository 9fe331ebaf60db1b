package dev.clusterlab.simulator.programs;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model of the hello service, for where a real one is too slow: it runs inside the simulation, without a thread or a socket. It has
 * the real one's settings, identifier, registration, answers, misbehaviour and times, so that a cluster goes the same way with the
 * one as with the other; in its log and its JSON it says that it is a model.
 */
public final class HelloModelProgram implements Program {
    /** As the engine gives a real server for each answer. */
    private static final Duration ANSWER_TIME = Duration.ofNanos(100_000);

    private static final int TERMINATED = 143;
    /**
     * From the start of the process to its first request to Consul, of the real service as of its model. Of fifteen real instances that
     * were started alone (bench/engines, four runs on two cores), each of which is known to within one to three seconds, this fits
     * fourteen. Where two to six start at once on two cores, each takes 1 to 5 s; here each machine has processors of its own.
     */
    public static final Duration STARTING = Duration.ofMillis(1_500);

    /**
     * From the end of serving to the end of the process, of the real service as of its model. Measured six times on the service as a
     * process of its own (Java 25): within 7 ms nobody listens, and after 0.32 to 0.33 s it is over.
     */
    public static final Duration ENDING = Duration.ofMillis(325);

    private static final List<Part> ALL = List.of(Part.ALIVE, Part.SERVING);

    private final ProgramContext context;
    private final String instanceId;
    private Instant started;
    private @Nullable Serving serving;
    private boolean stopping;
    /** Nobody listens any more; the process is not over yet. */
    private boolean deaf;

    /** What health is made of. */
    private enum Part {
        ALIVE("alive"),
        SERVING("serving");

        private final String code;

        Part(String code) {
            this.code = code;
        }
    }

    public HelloModelProgram(ProgramContext context) {
        this.context = context;
        this.instanceId = "instance_" + context.random().hex(32);
        this.started = context.now();
    }

    /** The identifier of its registration in Consul; without an instance's part where its settings were refused. */
    public String id() {
        Serving now = serving;
        return now == null ? instanceId : now.id;
    }

    @Override
    public void start() {
        context.scope().schedule(STARTING, this::begin);
    }

    private void begin() {
        if (stopping) {
            return;
        }
        started = context.now();
        HelloModelSettings settings;
        try {
            settings = HelloModelSettings.of(context.environment());
        } catch (IllegalArgumentException e) {
            context.stderr("failed to start: " + e.getMessage());
            context.exit(1);
            return;
        }
        var begun = new Serving(settings);
        serving = begun;
        log("INFO Model of the hello service (not the real one): " + begun.id + " serves port " + settings.port());
        context.listen(settings.port(), begun::serve);
        context.listenOnLoopback(HelloModelFaults.PORT, begun::tell);
        if (settings.register()) {
            begun.registration.begin();
        }
        context.changed();
    }

    @Override
    public void signal(String signal) {
        if (stopping || !(signal.equals("SIGTERM") || signal.equals("SIGINT"))) {
            return;
        }
        stopping = true;
        Serving now = serving;
        if (now == null) {
            context.exit(TERMINATED);
            return;
        }
        log("INFO Stopping");
        now.registration.end(() -> {
            deaf = true;
            context.scope().schedule(ENDING, () -> context.exit(TERMINATED));
        });
    }

    private void log(String line) {
        context.stdout(context.now() + " " + line);
    }

    /** One that has begun. */
    private final class Serving {
        private final HelloModelSettings settings;
        private final String id;
        private final HelloModelRegistration registration;
        private long requests;
        private final HelloModelFaults faults = new HelloModelFaults(context, HelloModelProgram.this::log);

        Serving(HelloModelSettings settings) {
            this.settings = settings;
            this.id = settings.name() + ":" + instanceId;
            this.registration = new HelloModelRegistration(context, settings, id, HelloModelProgram.this::log);
        }

        /** What it answers is settled when it is asked, and told when it is due. */
        void serve(HttpExchange exchange) {
            if (deaf) {
                exchange.fail(HttpExchange.Failure.REFUSED);
                return;
            }
            Answer answer = answer(exchange.request());
            context.scope().schedule(ANSWER_TIME, () -> {
                if (answer.delay().isZero()) {
                    exchange.respond(answer.response());
                } else {
                    context.scope().schedule(answer.delay(), () -> exchange.respond(answer.response()));
                }
            });
        }

        void tell(HttpExchange exchange) {
            if (deaf) {
                exchange.fail(HttpExchange.Failure.REFUSED);
                return;
            }
            context.scope().schedule(ANSWER_TIME, () -> exchange.respond(faults.told(exchange.request())));
        }

        private Answer answer(Request request) {
            String path = request.path();
            if (request.reads()) {
                switch (path) {
                    case "/", "/info" -> {
                        return greet(request);
                    }
                    case "/health" -> {
                        return new Answer(health(ALL));
                    }
                    case "/health/live" -> {
                        return new Answer(health(List.of(Part.ALIVE)));
                    }
                    case "/health/ready" -> {
                        return new Answer(health(List.of(Part.SERVING)));
                    }
                    default -> {}
                }
            }
            if (settings.chaos() && request.method().equals("POST") && path.startsWith("/chaos/")) {
                return new Answer(faults.misbehave(request, path.substring("/chaos/".length())));
            }
            return new Answer(Response.text(404, "Endpoint not found"));
        }

        private Response health(List<Part> parts) {
            List<Map<String, Object>> checks = new ArrayList<>();
            boolean up = true;
            for (Part part : parts) {
                boolean well = !faults.unhealthy() && (part == Part.ALIVE || !stopping);
                up &= well;
                Map<String, Object> check = new LinkedHashMap<>();
                check.put("name", part.code);
                check.put("status", well ? "UP" : "DOWN");
                checks.add(check);
            }
            Map<String, Object> health = new LinkedHashMap<>();
            health.put("status", up ? "UP" : "DOWN");
            health.put("checks", checks);
            return Response.json(up ? 200 : 503, health);
        }

        private Answer greet(Request request) {
            requests++;
            Duration slowness = faults.delay();
            if (faults.nextFails()) {
                return new Answer(Response.text(500, "Failing on purpose on " + id), slowness);
            }
            @Nullable String accept = request.header("accept");
            boolean json = request.path().equals("/info") || (accept != null && accept.contains("application/json"));
            String greeting = "Hello Docker World on " + id;
            return new Answer(json ? Response.json(200, info(greeting)) : Response.text(200, greeting), slowness);
        }

        private Map<String, Object> info(String greeting) {
            Duration uptime = Duration.between(started, context.now()).truncatedTo(ChronoUnit.SECONDS);
            Map<String, Object> info = new LinkedHashMap<>();
            info.put("message", greeting);
            info.put("service", settings.name());
            info.put("instance", instanceId);
            info.put("host", context.hostname());
            info.put("address", registration.address().orElse(""));
            info.put("port", settings.port());
            info.put("uptime", uptime.toString());
            info.put("uptimeSeconds", uptime.toSeconds());
            info.put("requests", requests);
            info.put("registered", registration.registered());
            info.put("model", true);
            return info;
        }
    }

    /** @param delay how late it is on purpose */
    private record Answer(Response response, Duration delay) {
        Answer(Response response) {
            this(response, Duration.ZERO);
        }
    }
}
