package dev.clusterlab.simulator.sweep;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.swarm.PowerState;
import dev.clusterlab.simulator.swarm.SimMachine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What clients do all the time: they ask Traefik on some manager at a steady rate, and write keys into Consul. */
final class Traffic {
    private static final Duration WRITE_INTERVAL = Duration.ofSeconds(3);

    private final WatchedHistory history;
    private final SimRandom random;
    private final Duration interval;
    private final List<SimMachine> managers;
    /** The newest answers of each manager, in the order of their requests' beginnings. */
    private final Map<String, Deque<Answer>> answers = new LinkedHashMap<>();

    private int turn;
    private int writes;
    private long sent;
    private long ok;

    /**
     * How a request ended.
     *
     * @param sentNanos virtual time of its beginning
     * @param outcome the status, or how the connection failed
     */
    record Answer(long sentNanos, String outcome) {}

    Traffic(WatchedHistory history, SimRandom random, Duration interval) {
        this.history = history;
        this.random = random;
        this.interval = interval;
        this.managers = history.world().machines().subList(0, Platform.MANAGERS);
    }

    void start() {
        history.simulation().schedule(interval, this::ask);
        history.simulation().schedule(WRITE_INTERVAL, this::write);
    }

    /** The last {@code count} outcomes at a manager of requests begun at or after an instant; fewer if there were not so many. */
    List<String> outcomes(SimMachine manager, long sinceNanos, int count) {
        var found = new ArrayList<String>();
        for (Answer answer : answers.getOrDefault(manager.name(), new ArrayDeque<>())) {
            if (answer.sentNanos() >= sinceNanos) {
                found.add(answer.outcome());
            }
        }
        return found.subList(Math.max(0, found.size() - count), found.size());
    }

    /** For people. */
    String summary() {
        return ok + " of " + sent + " requests were answered with 200, "
                + history.consul().acknowledgedWrites().count() + " of " + writes + " writes to Consul acknowledged";
    }

    private void ask() {
        history.simulation().schedule(interval, this::ask);
        SimMachine manager = managers.get(turn++ % managers.size());
        if (manager.power() != PowerState.RUNNING) {
            return;
        }
        sent++;
        long began = history.simulation().nowNanos();
        Request request = Request.get("/info").withHeader("host", Platform.REGISTERED + ".localhost");
        manager.connect(Platform.TRAEFIK_PORT, new Call(history, request, outcome -> {
            if (outcome.equals("200")) {
                ok++;
            }
            Deque<Answer> of = answers.computeIfAbsent(manager.name(), name -> new ArrayDeque<>());
            of.add(new Answer(began, outcome));
            if (of.size() > 50) {
                of.removeFirst();
            }
        }));
    }

    /** A key that nobody changes again; once Consul says that it is written, it has to stay. */
    private void write() {
        history.simulation().schedule(WRITE_INTERVAL, this::write);
        SimMachine manager = random.pick(managers);
        if (manager.power() != PowerState.RUNNING) {
            return;
        }
        String key = "sweep/" + writes++;
        String value = manager.name();
        String stored = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
        Request request = Request.of("PUT", "/v1/kv/" + key).withBody(value);
        manager.connect(Platform.CONSUL_PORT, new Call(history, request, outcome -> {
            if (outcome.equals("200")) {
                history.consul()
                        .acknowledgedWrites()
                        .acknowledged(
                                "key " + key,
                                state -> state.keys().stream()
                                        .anyMatch(each -> each.key().equals(key)
                                                && each.value().equals(stored)));
            }
        }));
    }

    /** A request from outside under way. */
    static final class Call implements HttpExchange {
        private final WatchedHistory history;
        private final Request request;
        private final Consumer<String> done;
        private boolean ended;

        /** @param done gets the status, or how the connection failed */
        Call(WatchedHistory history, Request request, Consumer<String> done) {
            this.history = history;
            this.request = request;
            this.done = done;
        }

        @Override
        public Request request() {
            return request;
        }

        @Override
        public void respond(Response response) {
            end(String.valueOf(response.status()));
        }

        @Override
        public Stream stream(Response head) {
            throw history.violation("answers-fit-requests", "a stream in answer to " + request.path());
        }

        @Override
        public void fail(Failure failure) {
            end(failure.name());
        }

        private void end(String outcome) {
            if (ended) {
                throw history.violation("requests-end-once", request.path() + " was answered again: " + outcome);
            }
            ended = true;
            done.accept(outcome);
        }

        @Override
        public void longPoll() {}

        @Override
        public boolean abandoned() {
            return false;
        }
    }
}
