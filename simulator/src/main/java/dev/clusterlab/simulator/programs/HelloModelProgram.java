package dev.clusterlab.simulator.programs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A model of the hello service, for simulations with more instances than real servers are wanted. It answers and
 * registers as the real one does, and says in its log and its JSON that it is a model.
 */
public final class HelloModelProgram implements Program {
    private static final Duration CONSUL_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
    private static final Duration VERIFY_INTERVAL = Duration.ofSeconds(15);
    /**
     * Each poll of Consul brings the list of all instances; with many of them each polls less often, so that all
     * together ask for a list at most about three times a second.
     */
    private static final Duration VERIFY_PER_INSTANCE = Duration.ofMillis(300);

    private static final int TERMINATED = 143;

    private final ProgramContext context;
    private final String name;
    private final int port;
    private final String consulHost;
    private final int consulPort;
    private final String instanceId;
    private final boolean chaos;
    private final Instant started;
    private Duration retry = FIRST_RETRY;
    private boolean registered;
    private boolean stopping;
    private long requests;
    private boolean unhealthy;
    private Duration slowness = Duration.ZERO;
    private double errorRate;
    private double errorDebt;

    public HelloModelProgram(ProgramContext context) {
        this.context = context;
        this.name = variable("SERVICE_NAME", "democonsul");
        this.port = number("PORT", 8080);
        this.consulHost = variable("CONSUL_HOST", "localhost");
        this.consulPort = number("CONSUL_PORT", 8500);
        this.chaos = variable("CHAOS", "false").equals("true");
        this.instanceId = "instance_" + context.random().split("instance").hex(32);
        this.started = context.simulation().now();
    }

    private String variable(String key, String otherwise) {
        String value = context.environment().getOrDefault(key, "").strip();
        return value.isEmpty() ? otherwise : value;
    }

    private int number(String key, int otherwise) {
        String value = variable(key, "");
        return value.matches("[0-9]{1,5}") ? Integer.parseInt(value) : otherwise;
    }

    /** The identifier of its registration in Consul. */
    public String id() {
        return name + ":" + instanceId;
    }

    @Override
    public void start() {
        log("INFO Model of the hello service (not the real one): " + id() + " serves port " + port);
        context.listen(port, this::handle);
        if (variable("CONSUL_REGISTER", "true").equals("true")
                && !variable("PROFILE", "").equals("test")) {
            tick();
        }
    }

    @Override
    public void signal(String signal) {
        if (stopping || !(signal.equals("SIGTERM") || signal.equals("SIGINT"))) {
            return;
        }
        stopping = true;
        log("INFO Stopping");
        if (!registered) {
            context.exit(TERMINATED);
            return;
        }
        owners(listing -> {
            List<String> agents =
                    listing == null || listing.agents().isEmpty() ? List.of(consulHost) : listing.agents();
            deregisterAt(agents.iterator(), () -> context.exit(TERMINATED));
        });
    }

    /** One after another, whatever they answer. */
    private void deregisterAt(Iterator<String> agents, Runnable done) {
        if (!agents.hasNext()) {
            done.run();
            return;
        }
        Request request = Request.of("PUT", "/v1/agent/service/deregister/" + id());
        context.http(agents.next(), consulPort, request, CONSUL_TIMEOUT, result -> deregisterAt(agents, done));
    }

    @Override
    public void exec(List<String> command, Consumer<ExecResult> done) {
        ContainerCommands.exec(context, command, done);
    }

    @Override
    public Runnable exec(List<String> command, ContainerCommands.Output output, IntConsumer ended) {
        return ContainerCommands.exec(context, command, output, ended);
    }

    // ---- registration

    private void tick() {
        if (stopping) {
            return;
        }
        @Nullable String address = address();
        if (address == null) {
            log("WARN No address on network \"" + variable("NETWORK", "") + "\" yet");
            again();
        } else if (!registered) {
            register(address);
        } else {
            owners(listing -> {
                if (listing == null) {
                    again();
                } else if (listing.agents().isEmpty()) {
                    log("WARN Consul no longer knows " + id());
                    register(address);
                } else {
                    // A failed agent that came back brings an old registration along.
                    List<String> extra =
                            listing.agents().subList(1, listing.agents().size());
                    deregisterAt(extra.iterator(), () -> verifyLater(listing.instances()));
                }
            });
        }
    }

    private void register(String address) {
        Map<String, Object> check = new LinkedHashMap<>();
        check.put("HTTP", "http://" + address + ":" + port + "/health");
        check.put("Interval", "15s");
        check.put("Timeout", "10s");
        Map<String, Object> registration = new LinkedHashMap<>();
        registration.put("ID", id());
        registration.put("Name", name);
        registration.put("Tags", tags(variable("SERVICE_TAGS", "foo=bar,baz")));
        registration.put("Address", address);
        registration.put("Port", port);
        registration.put("Check", check);
        Request request = Request.of("PUT", "/v1/agent/service/register")
                .withHeader("content-type", "application/json")
                .withBody(Json.MAPPER.valueToTree(registration).toString());
        context.http(consulHost, consulPort, request, CONSUL_TIMEOUT, result -> {
            if (result instanceof HttpResult.Answered answered
                    && answered.response().status() == 200) {
                registered = true;
                retry = FIRST_RETRY;
                log("INFO Registered in Consul as " + id() + " at " + address + ":" + port);
                verifyLater(1);
            } else {
                log("WARN Consul at " + consulHost + ":" + consulPort + " does not answer (" + reason(result)
                        + "); trying again in " + retry.toSeconds() + " s");
                again();
            }
        });
    }

    private void verifyLater(int instances) {
        Duration shared = VERIFY_PER_INSTANCE.multipliedBy(instances);
        Duration interval = shared.compareTo(VERIFY_INTERVAL) > 0 ? shared : VERIFY_INTERVAL;
        context.scope().schedule(interval, this::tick);
    }

    private void again() {
        context.scope().schedule(retry, this::tick);
        Duration doubled = retry.multipliedBy(2);
        retry = doubled.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : doubled;
    }

    /** @param agents addresses of the living agents that hold our registration */
    private record Listing(List<String> agents, int instances) {}

    private void owners(Consumer<@Nullable Listing> done) {
        context.http(consulHost, consulPort, Request.get("/v1/health/service/" + name), CONSUL_TIMEOUT, result -> {
            if (!(result instanceof HttpResult.Answered answered)
                    || answered.response().status() != 200) {
                done.accept(null);
                return;
            }
            try {
                done.accept(listing(Json.MAPPER.readTree(answered.response().body())));
            } catch (IOException e) {
                done.accept(null);
            }
        });
    }

    private Listing listing(JsonNode entries) {
        List<String> agents = new ArrayList<>();
        for (JsonNode entry : entries) {
            if (!entry.path("Service").path("ID").asText().equals(id())) {
                continue;
            }
            boolean alive = true;
            for (JsonNode check : entry.path("Checks")) {
                alive &= !(check.path("ServiceID").asText().isEmpty()
                        && check.path("Status").asText().equals("critical"));
            }
            if (alive) {
                agents.add(entry.path("Node").path("Address").asText());
            }
        }
        return new Listing(agents, entries.size());
    }

    private @Nullable String address() {
        String network = variable("NETWORK", "");
        for (ProgramContext.Interface each : context.interfaces()) {
            String prefix = network.replaceFirst("(\\.0)*/[0-9]+$", "").replaceFirst("\\.$", "");
            boolean wanted = network.isEmpty()
                    || each.name().equals(network)
                    || each.address().equals(network)
                    || each.address().startsWith(prefix + ".");
            if (wanted) {
                return each.address();
            }
        }
        return null;
    }

    /** A comma before which a back quote is open belongs to a rule. */
    private static List<String> tags(String text) {
        List<String> tags = new ArrayList<>();
        boolean quoted = text.chars().filter(c -> c == '`').count() % 2 == 1;
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || (text.charAt(i) == ',' && !quoted)) {
                String tag = text.substring(from, i);
                if (!tag.isBlank()) {
                    tags.add(tag.strip());
                }
                from = i + 1;
            } else if (text.charAt(i) == '`') {
                quoted = !quoted;
            }
        }
        return tags;
    }

    private static String reason(HttpResult result) {
        return switch (result) {
            case HttpResult.Answered answered ->
                answered.response().status() + " " + answered.response().text().strip();
            case HttpResult.Failed failed ->
                switch (failed.failure()) {
                    case REFUSED -> "connection refused";
                    case RESET -> "connection reset";
                    case TIMEOUT -> "no answer in time";
                    case UNREACHABLE -> "no route to host";
                    case UNKNOWN_HOST -> "unknown host";
                };
        };
    }

    // ---- requests

    private void handle(HttpExchange exchange) {
        Request request = exchange.request();
        String path = request.path();
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        if (reads && (path.equals("/") || path.equals("/info"))) {
            if (slowness.isZero()) {
                answer(exchange);
            } else {
                context.scope().schedule(slowness, () -> answer(exchange));
            }
        } else if (reads && (path.equals("/health") || path.equals("/health/live") || path.equals("/health/ready"))) {
            exchange.respond(Response.json(unhealthy ? 503 : 200, Map.of("status", unhealthy ? "DOWN" : "UP")));
        } else if (chaos && request.method().equals("POST") && path.startsWith("/chaos/")) {
            misbehave(exchange, path.substring("/chaos/".length()));
        } else {
            exchange.respond(Response.text(404, "Endpoint not found"));
        }
    }

    private void answer(HttpExchange exchange) {
        if (exchange.abandoned()) {
            return;
        }
        requests++;
        errorDebt += errorRate;
        if (errorDebt >= 1 - 1e-9) {
            errorDebt -= 1;
            exchange.respond(Response.text(500, "Failing on purpose on " + id()));
            return;
        }
        @Nullable String accept = exchange.request().header("accept");
        boolean json =
                exchange.request().path().equals("/info") || (accept != null && accept.contains("application/json"));
        String greeting = "Hello Docker World on " + id();
        if (!json) {
            exchange.respond(Response.text(200, greeting));
            return;
        }
        Duration uptime = Duration.between(started, context.simulation().now()).truncatedTo(ChronoUnit.SECONDS);
        @Nullable String address = address();
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("message", greeting);
        info.put("service", name);
        info.put("instance", instanceId);
        info.put("host", context.hostname());
        info.put("address", address == null ? "" : address);
        info.put("port", port);
        info.put("uptime", uptime.toString());
        info.put("uptimeSeconds", uptime.toSeconds());
        info.put("requests", requests);
        info.put("registered", registered);
        info.put("model", true);
        exchange.respond(Response.json(200, info));
    }

    private void misbehave(HttpExchange exchange, String what) {
        Request request = exchange.request();
        switch (what) {
            case "unhealthy" -> unhealthy = !"false".equals(request.parameter("on"));
            case "slow" -> {
                @Nullable Double millis = number(request.parameter("ms"));
                if (millis == null || millis < 0 || millis > 600_000) {
                    exchange.respond(Response.text(400, "ms must be a number between 0 and 600000\n"));
                    return;
                }
                slowness = Duration.ofMillis(millis.longValue());
            }
            case "errors" -> {
                @Nullable Double rate = number(request.parameter("rate"));
                if (rate == null || rate < 0 || rate > 1) {
                    exchange.respond(Response.text(400, "rate must be a number between 0 and 1\n"));
                    return;
                }
                errorRate = rate;
                errorDebt = 0;
            }
            case "reset" -> {
                unhealthy = false;
                slowness = Duration.ZERO;
                errorRate = 0;
            }
            default -> {
                exchange.respond(Response.text(404, "Endpoint not found"));
                return;
            }
        }
        log("INFO Told to misbehave: " + what);
        exchange.respond(Response.text(200, what + "\n"));
    }

    private static @Nullable Double number(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?") ? Double.valueOf(text) : null;
    }

    private void log(String line) {
        context.stdout(context.simulation().now() + " " + line);
    }
}
