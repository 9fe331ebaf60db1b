package dev.clusterlab.hello;

import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * By which the service is told to misbehave, and for how long: {@code PUT /faults/NAME?unhealthy}, {@code ?slow=MILLISECONDS},
 * {@code ?errors=SHARE} (0 to 1) or {@code ?crash=MILLISECONDS} (after which it ends with status 1), with {@code &for=SECONDS} if it is to end by itself; {@code DELETE /faults/NAME}; {@code GET
 * /faults}. A container's own is on its loopback at {@link HelloService#FAULT_PORT}, and never on a port that others reach.
 */
final class FaultPort {
    private static final String PATH = "/faults";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Duration SLOW_MAX = Duration.ofMinutes(10);
    private static final Duration CRASH_MAX = Duration.ofMinutes(10);
    private static final Duration LASTS_MAX = Duration.ofDays(1);
    private static final int FAULTS_MAX = 100;
    /** A page of the web that is opened beside it has another name. */
    private static final Set<String> HOSTS = Set.of(
            "127.0.0.1", "localhost", "127.0.0.1:" + HelloService.FAULT_PORT, "localhost:" + HelloService.FAULT_PORT);

    private FaultPort() {}

    /**
     * Opens the port of the service's container.
     *
     * @throws RuntimeException if it cannot be bound
     */
    static WebServer open(HelloService service) {
        return WebServer.builder()
                .host("127.0.0.1")
                .port(HelloService.FAULT_PORT)
                .shutdownHook(false)
                .connectionOptions(options -> options.tcpNoDelay(true))
                .featuresDiscoverServices(false)
                .routing(routing -> {
                    routing.addFilter((chain, request, response) -> {
                        if (HOSTS.contains(request.authority())) {
                            chain.proceed();
                        } else {
                            answer(response, Status.FORBIDDEN_403, "this port is for this container alone");
                        }
                    });
                    route(routing, request -> Optional.of(service));
                })
                .build()
                .start();
    }

    /** @param told the service that a request is for; for one that is for none these paths do not exist */
    static void route(HttpRouting.Builder routing, Function<ServerRequest, Optional<HelloService>> told) {
        routing.get(
                        PATH,
                        (request, response) ->
                                told.apply(request).ifPresentOrElse(service -> list(service, response), response::next))
                .put(
                        PATH + "/{name}",
                        (request, response) -> told.apply(request)
                                .ifPresentOrElse(service -> begin(service, request, response), response::next))
                .delete(
                        PATH + "/{name}",
                        (request, response) -> told.apply(request)
                                .ifPresentOrElse(service -> end(service, request, response), response::next));
    }

    private static void list(HelloService service, ServerResponse response) {
        var text = new StringBuilder();
        for (Chaos.Shown shown : service.chaos().faults()) {
            text.append(shown.name()).append(": ").append(shown.fault());
            shown.left()
                    .ifPresent(
                            left -> text.append(", ").append(left.toSeconds()).append(" s left"));
            text.append('\n');
        }
        response.send(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void begin(HelloService service, ServerRequest request, ServerResponse response) {
        String name = name(request);
        Chaos.Fault fault;
        Optional<Duration> lasts;
        try {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "a name has at most 64 letters, digits, dots, dashes and underscores");
            }
            fault = fault(request);
            lasts = request.query()
                    .first("for")
                    .map(text -> seconds(text, LASTS_MAX))
                    .map(Optional::of)
                    .orElse(Optional.empty());
            if (service.chaos().faults().size() >= FAULTS_MAX) {
                throw new IllegalArgumentException("there are " + FAULTS_MAX + " faults already");
            }
        } catch (IllegalArgumentException e) {
            answer(response, Status.BAD_REQUEST_400, String.valueOf(e.getMessage()));
            return;
        }
        service.misbehave(name, fault, lasts);
        answer(response, Status.OK_200, fault.toString());
    }

    private static String name(ServerRequest request) {
        return request.path().path().substring(PATH.length() + 1);
    }

    private static Chaos.Fault fault(ServerRequest request) {
        boolean unhealthy = request.query().contains("unhealthy");
        Optional<String> slow = request.query().first("slow").map(Optional::of).orElse(Optional.empty());
        Optional<String> errors =
                request.query().first("errors").map(Optional::of).orElse(Optional.empty());
        Optional<String> crash =
                request.query().first("crash").map(Optional::of).orElse(Optional.empty());
        if ((unhealthy ? 1 : 0)
                        + (slow.isPresent() ? 1 : 0)
                        + (errors.isPresent() ? 1 : 0)
                        + (crash.isPresent() ? 1 : 0)
                != 1) {
            throw new IllegalArgumentException(
                    "a fault is one of unhealthy, slow=MILLISECONDS, errors=SHARE and crash=MILLISECONDS");
        }
        if (crash.isPresent()) {
            return new Chaos.Fault.Crash(Duration.ofMillis((long) number("crash", crash.get(), CRASH_MAX.toMillis())));
        }
        if (slow.isPresent()) {
            return new Chaos.Fault.Slow(Duration.ofMillis((long) number("slow", slow.get(), SLOW_MAX.toMillis())));
        }
        return errors.isPresent()
                ? new Chaos.Fault.Errors(number("errors", errors.get(), 1))
                : new Chaos.Fault.Unhealthy();
    }

    private static Duration seconds(String text, Duration most) {
        return Duration.ofMillis((long) (1_000 * number("for", text, most.toSeconds())));
    }

    private static double number(String name, String text, double most) {
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            value = Double.NaN;
        }
        if (!(value >= 0 && value <= most)) {
            throw new IllegalArgumentException(name + " must be a number between 0 and " + (long) most);
        }
        return value;
    }

    private static void end(HelloService service, ServerRequest request, ServerResponse response) {
        String name = name(request);
        if (service.behave(name)) {
            answer(response, Status.OK_200, "over");
        } else {
            answer(response, Status.NOT_FOUND_404, "there is no fault " + name);
        }
    }

    private static void answer(ServerResponse response, Status status, String text) {
        response.status(status);
        response.send((text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
