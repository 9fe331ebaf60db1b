package dev.clusterlab.simulator.programs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an instance of the model registered, question by question as the real service does: registers, looks from time to time
 * whether Consul still knows it, registers again if not, and goes on trying while Consul is away.
 */
final class HelloModelRegistration {
    /** As the engine gives a real service for one request. */
    private static final Duration CONSUL_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
    private static final Duration VERIFY_INTERVAL = Duration.ofSeconds(15);
    /**
     * Each look brings the list of all instances; with more than fifty of them each looks less often than the real service does, so
     * that all together ask for a list at most about three times a second.
     */
    private static final Duration VERIFY_PER_INSTANCE = Duration.ofMillis(300);

    private final ProgramContext context;
    private final HelloModelSettings settings;
    private final String id;
    private final Consumer<String> log;
    private Duration retry = FIRST_RETRY;
    private boolean registered;
    /** A round is under way; who wants to stop waits for its end. */
    private boolean busy;

    private boolean ended;
    private @Nullable Runnable stop;

    /** @param id of the instance in Consul */
    HelloModelRegistration(ProgramContext context, HelloModelSettings settings, String id, Consumer<String> log) {
        this.context = context;
        this.settings = settings;
        this.id = id;
        this.log = log;
    }

    void begin() {
        plan(Duration.ZERO);
    }

    boolean registered() {
        return registered;
    }

    Optional<String> address() {
        return settings.address(context.interfaces());
    }

    /** Takes the registration back, whatever Consul says to that; then {@code done}. */
    void end(Runnable done) {
        ended = true;
        if (busy) {
            stop = () -> end(done);
        } else if (registered) {
            registered = false;
            deregister(done);
        } else {
            done.run();
        }
    }

    private void plan(Duration delay) {
        context.scope().schedule(delay, this::round);
    }

    private void round() {
        if (ended) {
            return;
        }
        Optional<String> address = address();
        if (address.isEmpty()) {
            log.accept("WARN No address on network \"" + settings.network() + "\" yet; trying again in "
                    + retry.toSeconds() + " s");
            plan(backOff());
            context.changed();
            return;
        }
        busy = true;
        if (registered) {
            verify(address.get());
        } else {
            register(address.get());
        }
    }

    /** The round is over. */
    private void over(Duration pause) {
        busy = false;
        Runnable stopping = stop;
        if (stopping != null) {
            stopping.run();
        } else {
            plan(pause);
            context.changed();
        }
    }

    private void good(int instances) {
        retry = FIRST_RETRY;
        Duration shared = VERIFY_PER_INSTANCE.multipliedBy(instances);
        over(shared.compareTo(VERIFY_INTERVAL) > 0 ? shared : VERIFY_INTERVAL);
    }

    private void silent(String reason) {
        log.accept("WARN Consul at " + settings.consulHost() + ":" + settings.consulPort() + " does not answer ("
                + reason + "); trying again in " + retry.toSeconds() + " s");
        over(backOff());
    }

    private Duration backOff() {
        Duration now = retry;
        Duration doubled = retry.multipliedBy(2);
        retry = doubled.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : doubled;
        return now;
    }

    private void register(String address) {
        Map<String, Object> check = new LinkedHashMap<>();
        check.put("HTTP", "http://" + address + ":" + settings.port() + "/health");
        check.put("Interval", settings.checkInterval().toSeconds() + "s");
        check.put("Timeout", settings.checkTimeout().toSeconds() + "s");
        Map<String, Object> registration = new LinkedHashMap<>();
        registration.put("ID", id);
        registration.put("Name", settings.name());
        registration.put("Tags", settings.tags());
        registration.put("Address", address);
        registration.put("Port", settings.port());
        registration.put("Check", check);
        Request request = Request.of("PUT", "/v1/agent/service/register")
                .withHeader("content-type", "application/json")
                .withBody(Json.MAPPER.valueToTree(registration).toString());
        ask(settings.consulHost(), request, result -> {
            Optional<String> trouble = trouble(result);
            if (trouble.isPresent()) {
                silent(trouble.get());
                return;
            }
            registered = true;
            log.accept("INFO Registered in Consul as " + id + " at " + address + ":" + settings.port());
            good(1);
        });
    }

    private void verify(String address) {
        listings(found -> {
            List<Listing> alive = found.own().stream().filter(Listing::alive).toList();
            // A failed agent that came back brings an old registration along.
            List<Listing> extra = alive.isEmpty() ? List.of() : alive.subList(1, alive.size());
            takeBack(extra.iterator(), () -> {
                if (alive.isEmpty()) {
                    log.accept("WARN Consul no longer knows " + id);
                    register(address);
                } else if (alive.getFirst().address().equals(address)) {
                    good(found.all());
                } else {
                    register(address);
                }
            });
        });
    }

    private void takeBack(Iterator<Listing> extra, Runnable done) {
        if (!extra.hasNext()) {
            done.run();
            return;
        }
        Listing listing = extra.next();
        log.accept("INFO Taking back the registration at " + listing.node());
        ask(
                listing.agentAddress(),
                deregistration(),
                result -> trouble(result).ifPresentOrElse(this::silent, () -> takeBack(extra, done)));
    }

    private void deregister(Runnable done) {
        askListings(result -> {
            Optional<String> trouble = trouble(result);
            if (trouble.isPresent()) {
                farewell(trouble, done);
                return;
            }
            Listings found = read(result);
            if (found.own().isEmpty()) {
                ask(settings.consulHost(), deregistration(), answer -> farewell(trouble(answer), done));
            } else {
                deregisterAt(found.own().stream().filter(Listing::alive).iterator(), done);
            }
        });
    }

    private void deregisterAt(Iterator<Listing> alive, Runnable done) {
        if (!alive.hasNext()) {
            farewell(Optional.empty(), done);
            return;
        }
        ask(alive.next().agentAddress(), deregistration(), result -> {
            if (trouble(result).isEmpty()) {
                deregisterAt(alive, done);
                return;
            }
            ask(settings.consulHost(), deregistration(), second -> {
                Optional<String> trouble = trouble(second);
                if (trouble.isEmpty()) {
                    deregisterAt(alive, done);
                } else {
                    farewell(trouble, done);
                }
            });
        });
    }

    private void farewell(Optional<String> trouble, Runnable done) {
        log.accept(trouble.map(reason -> "WARN Could not deregister " + id + " (" + reason + ")")
                .orElse("INFO Deregistered " + id));
        done.run();
    }

    private Request deregistration() {
        return Request.of("PUT", "/v1/agent/service/deregister/" + id);
    }

    /** A registration of this instance in the catalog; {@code alive} says whether its agent is. */
    private record Listing(String node, String agentAddress, String address, boolean alive) {}

    /** @param all how many instances of the service there are */
    private record Listings(List<Listing> own, int all) {}

    private void listings(Consumer<Listings> done) {
        askListings(result -> trouble(result).ifPresentOrElse(this::silent, () -> done.accept(read(result))));
    }

    private void askListings(Consumer<HttpResult> done) {
        ask(settings.consulHost(), Request.get("/v1/health/service/" + settings.name()), done);
    }

    private Listings read(HttpResult result) {
        List<Listing> own = new ArrayList<>();
        JsonNode entries = entries(result);
        for (JsonNode entry : entries) {
            JsonNode service = entry.path("Service");
            if (service.path("ID").asText().equals(id)) {
                own.add(new Listing(
                        entry.path("Node").path("Node").asText(),
                        entry.path("Node").path("Address").asText(),
                        service.path("Address").asText(),
                        alive(entry.path("Checks"))));
            }
        }
        return new Listings(own, entries.size());
    }

    private static JsonNode entries(HttpResult result) {
        if (result instanceof HttpResult.Answered answered) {
            try {
                return Json.MAPPER.readTree(answered.response().body());
            } catch (IOException e) {
                // An agent that answers 200 answers JSON; whoever else stands there lists nothing.
                return Json.MAPPER.createArrayNode();
            }
        }
        return Json.MAPPER.createArrayNode();
    }

    private static boolean alive(JsonNode checks) {
        for (JsonNode check : checks) {
            if (check.path("ServiceID").asText().isEmpty()
                    && check.path("Status").asText().equals("critical")) {
                return false;
            }
        }
        return true;
    }

    private void ask(String host, Request request, Consumer<HttpResult> done) {
        context.http(host, settings.consulPort(), request, CONSUL_TIMEOUT, done);
    }

    /** Why there was no good answer; empty if there was. */
    private static Optional<String> trouble(HttpResult result) {
        return switch (result) {
            case HttpResult.Answered answered ->
                answered.response().status() < 300
                        ? Optional.empty()
                        : Optional.of(answered.response().status() + " "
                                + answered.response().text().strip());
            case HttpResult.Failed failed ->
                Optional.of(
                        switch (failed.failure()) {
                            case REFUSED -> "connection refused";
                            case RESET -> "connection reset";
                            case TIMEOUT -> "no answer in time";
                            case UNREACHABLE -> "no route to host";
                            case UNKNOWN_HOST -> "unknown host";
                        });
        };
    }
}
