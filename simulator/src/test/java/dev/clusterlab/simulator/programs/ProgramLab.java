package dev.clusterlab.simulator.programs;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.programs.Program.ExecResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Containers on one network where every request arrives after a millisecond; the words of tests of single programs. */
public final class ProgramLab {
    private static final Duration WAY = Duration.ofMillis(1);

    private final Simulation simulation;
    private final Map<String, Container> containers = new LinkedHashMap<>();

    public ProgramLab(long seed) {
        simulation = new Simulation(seed, Instant.parse("2026-01-01T00:00:00Z"));
    }

    /** A container, in which nothing runs yet. Its name is its host name; the first has address 10.0.0.2. */
    public Container container(String name, String... arguments) {
        var container = new Container(name, "10.0.0." + (containers.size() + 2), List.of(arguments));
        containers.put(name, container);
        return container;
    }

    public void run(Duration duration) {
        simulation.runFor(duration);
    }

    /** Runs until the condition holds; fails after a minute of virtual time. */
    public void await(String what, BooleanSupplier condition) {
        if (!simulation.runUntil(condition, Duration.ofMinutes(1))) {
            throw new AssertionError("not within a minute: " + what);
        }
    }

    private @Nullable Container find(String host) {
        for (Container container : containers.values()) {
            if (container.address.equals(host) || container.name.equals(host)) {
                return container;
            }
        }
        return null;
    }

    /** A container and what tests see and do of it. */
    public final class Container implements ProgramContext {
        public final String name;
        public final String address;
        /** What the program wrote, errors included. */
        public final List<String> output = new ArrayList<>();
        /** The requests that reached this container, in their order. */
        public final List<Request> requests = new ArrayList<>();

        private final List<String> arguments;
        private final Map<String, String> environment = new LinkedHashMap<>();
        private final Map<String, Object> storage = new TreeMap<>();
        private final Map<Integer, HttpService> listeners = new TreeMap<>();
        private final Map<Integer, HttpService> loopback = new TreeMap<>();
        private final Scope scope;
        private @Nullable HttpService engine;
        private @Nullable Program program;
        private HttpExchange.@Nullable Failure failure;
        private @Nullable Integer exitStatus;

        private Container(String name, String address, List<String> arguments) {
            this.name = name;
            this.address = address;
            this.arguments = arguments;
            this.scope = Scope.root(simulation, name);
        }

        public Container environment(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        /** Mounts an engine's socket. */
        public Container engine(HttpService service) {
            engine = service;
            return this;
        }

        public Container start(ProgramCatalog.Factory factory) {
            program = factory.create(this);
            program.start();
            return this;
        }

        /** Serves something without a program. */
        public Container serve(int port, HttpService service) {
            listeners.put(port, service);
            return this;
        }

        /** From now on connections to this container fail so; null: they do not. */
        public void failing(HttpExchange.@Nullable Failure how) {
            failure = how;
        }

        public void signal(String signal) {
            program().signal(signal);
        }

        public ExecResult exec(String... command) {
            var result = new ExecResult[1];
            program().exec(List.of(command), done -> result[0] = done);
            await("the command to end", () -> result[0] != null);
            return result[0];
        }

        private Program program() {
            if (program == null) {
                throw new AssertionError("no program was started in " + name);
            }
            return program;
        }

        public boolean listens(int port) {
            return listeners.containsKey(port);
        }

        /** The status that the program ended with, or null while it runs. */
        public @Nullable Integer exitStatus() {
            return exitStatus;
        }

        public boolean wrote(String text) {
            return output.stream().anyMatch(line -> line.contains(text));
        }

        public Response get(int port, String path) {
            return ask(port, Request.get(path));
        }

        /** Asks from outside and waits for the answer. */
        public Response ask(int port, Request request) {
            Pending pending = send(port, request);
            await("an answer to " + request.path(), () -> pending.response != null);
            return pending.response;
        }

        /** Asks from within this container and waits for the answer. */
        public Response askOnLoopback(int port, Request request) {
            Pending pending = send(loopback.get(port), request);
            await("an answer to " + request.path(), () -> pending.response != null);
            return pending.response;
        }

        /** Asks from outside and does not wait. */
        public Pending send(int port, Request request) {
            return send(listeners.get(port), request);
        }

        private Pending send(@Nullable HttpService service, Request request) {
            var pending = new Pending(request);
            if (service == null) {
                throw new AssertionError("nobody listens there on " + name);
            }
            service.handle(pending);
            return pending;
        }

        // ---- as the program sees it

        @Override
        public Simulation simulation() {
            return simulation;
        }

        @Override
        public Scope scope() {
            return scope;
        }

        @Override
        public SimRandom random() {
            return simulation.random("container " + name);
        }

        @Override
        public String containerId() {
            return name;
        }

        @Override
        public String hostname() {
            return name;
        }

        @Override
        public String machine() {
            return "machine of " + name;
        }

        @Override
        public List<String> arguments() {
            return arguments;
        }

        @Override
        public Map<String, String> environment() {
            return environment;
        }

        @Override
        public List<Interface> interfaces() {
            return List.of(new Interface("eth0", "lab", address, 24));
        }

        @Override
        public Map<String, Object> storage() {
            return storage;
        }

        @Override
        public Map<String, Object> volume(String path) {
            return storage;
        }

        @Override
        public void stdout(String line) {
            output.add(line);
        }

        @Override
        public void stderr(String line) {
            output.add(line);
        }

        @Override
        public void exit(int status) {
            exitStatus = status;
            scope.close();
            listeners.clear();
        }

        @Override
        public void listenOnLoopback(int port, HttpService service) {
            loopback.put(port, service);
        }

        @Override
        public void listen(int port, HttpService service) {
            listeners.put(port, service);
        }

        @Override
        public void listenMessages(int port, MessageHandler handler) {
            // The programs of these tests are alone with their kind.
        }

        @Override
        public void send(String toAddress, int port, Object message) {
            // As above.
        }

        @Override
        public List<String> resolve(String host) {
            Container found = find(host);
            return found == null ? List.of() : List.of(found.address);
        }

        @Override
        public void http(String host, int port, Request request, Duration timeout, Consumer<HttpResult> result) {
            Container target = host.equals("localhost") || host.equals("127.0.0.1") ? this : find(host);
            if (target == null) {
                fail(WAY, HttpExchange.Failure.UNKNOWN_HOST, result);
            } else if (target.failure == HttpExchange.Failure.TIMEOUT) {
                fail(timeout, HttpExchange.Failure.TIMEOUT, result);
            } else if (target.failure != null) {
                fail(WAY, target.failure, result);
            } else {
                target.requests.add(request);
                pass(target.listeners.get(port), request, timeout, result);
            }
        }

        @Override
        public Runnable httpWithoutLimit(
                String host, int port, Request request, Duration dialTimeout, Consumer<HttpResult> result) {
            boolean[] givenUp = {false};
            Container target = find(host);
            boolean silent = target != null && target.failure == HttpExchange.Failure.TIMEOUT;
            http(host, port, request, silent ? dialTimeout : Duration.ofDays(1), outcome -> {
                if (!givenUp[0]) {
                    result.accept(outcome);
                }
            });
            return () -> givenUp[0] = true;
        }

        @Override
        public void dockerSocket(Request request, Duration timeout, Consumer<HttpResult> result) {
            pass(engine, request, timeout, result);
        }

        private void pass(
                @Nullable HttpService service, Request request, Duration timeout, Consumer<HttpResult> result) {
            if (service == null) {
                fail(WAY, HttpExchange.Failure.REFUSED, result);
                return;
            }
            boolean[] over = {false};
            Consumer<HttpResult> once = outcome -> {
                if (!over[0]) {
                    over[0] = true;
                    result.accept(outcome);
                }
            };
            fail(timeout, HttpExchange.Failure.TIMEOUT, once);
            simulation.schedule(
                    WAY,
                    () -> service.handle(new Pending(request) {
                        @Override
                        public void respond(Response answer) {
                            scope.schedule(WAY, () -> once.accept(new HttpResult.Answered(answer)));
                        }
                    }));
        }

        private void fail(Duration after, HttpExchange.Failure how, Consumer<HttpResult> result) {
            scope.schedule(after, () -> result.accept(new HttpResult.Failed(how)));
        }
    }

    /** A request from outside and, once it is there, its answer. */
    public static class Pending implements HttpExchange {
        private final Request request;
        private boolean abandoned;

        public @Nullable Response response;
        public @Nullable Failure failure;

        Pending(Request request) {
            this.request = request;
        }

        /** The client goes away. */
        public void abandon() {
            abandoned = true;
        }

        @Override
        public Request request() {
            return request;
        }

        @Override
        public void respond(Response answer) {
            if (response != null) {
                throw new AssertionError("answered twice: " + request.path());
            }
            response = answer;
        }

        @Override
        public Stream stream(Response head) {
            throw new UnsupportedOperationException("no program here streams");
        }

        @Override
        public void fail(Failure how) {
            failure = how;
        }

        @Override
        public void longPoll() {
            // Time moves by itself here.
        }

        @Override
        public boolean abandoned() {
            return abandoned;
        }
    }
}
