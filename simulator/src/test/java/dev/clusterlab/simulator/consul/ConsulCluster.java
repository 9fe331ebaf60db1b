package dev.clusterlab.simulator.consul;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.simulator.consul.ConsulProgram.Flavour;
import dev.clusterlab.simulator.consul.invariant.AcknowledgedWritesStay;
import dev.clusterlab.simulator.consul.invariant.ConsulInvariant;
import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Json;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.core.Underlay;
import dev.clusterlab.simulator.programs.Program;
import dev.clusterlab.simulator.programs.ProgramContext;
import dev.clusterlab.simulator.protocol.Raft;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Agents in containers, each on a machine of its own, on one network with names; the words of the tests, and the invariants
 * that watch the servers after every event.
 */
final class ConsulCluster {
    static final String NETWORK = "multi-host-net";

    final Simulation simulation;
    final Underlay underlay;
    private final Map<String, Agent> byAddress = new LinkedHashMap<>();
    private final Map<String, List<String>> names = new TreeMap<>();
    private final AcknowledgedWritesStay acknowledgedWrites = new AcknowledgedWritesStay();
    private final List<ConsulInvariant> invariants;
    private int lastHost = 1;

    ConsulCluster(long seed) {
        this(seed, true);
    }

    /** @param oneHistory false for servers of several groups, which have nothing in common that must agree */
    ConsulCluster(long seed, boolean oneHistory) {
        invariants = oneHistory
                ? Stream.concat(Stream.of(acknowledgedWrites), ConsulInvariant.ofServers().stream())
                        .toList()
                : List.of();
        simulation = new Simulation(seed, Instant.parse("2026-01-01T00:00:00Z"));
        underlay = new Underlay(simulation);
    }

    /** A container that is not running yet. */
    Agent agent(String name, String... arguments) {
        return agent(name, Flavour.OFFICIAL, arguments);
    }

    Agent agent(String name, Flavour flavour, String... arguments) {
        return new Agent(name, "10.1.9." + ++lastHost, flavour, List.of(arguments));
    }

    /** Servers that expect each other and join through {@code tasks.consul}; all are started. */
    List<Agent> servers(int count) {
        var servers = new ArrayList<Agent>();
        for (int i = 1; i <= count; i++) {
            servers.add(agent(
                    "server" + i,
                    "agent",
                    "-server",
                    "-bootstrap-expect=" + count,
                    "-client=0.0.0.0",
                    "-ui",
                    "-retry-join=tasks.consul",
                    "-retry-interval=1s"));
        }
        names.put("tasks.consul", servers.stream().map(server -> server.address).toList());
        servers.forEach(Agent::start);
        return List.copyOf(servers);
    }

    /** Servers with a leader whose voters all vote. */
    List<Agent> readyServers(int count) {
        List<Agent> servers = servers(count);
        awaitLeader(servers);
        return servers;
    }

    Agent startedClient(String name) {
        Agent client = agent(name, "agent", "-client=0.0.0.0", "-retry-join=tasks.consul", "-retry-interval=1s");
        client.start();
        return client;
    }

    void name(String name, String... addresses) {
        names.put(name, List.of(addresses));
    }

    void forget(String name) {
        names.remove(name);
    }

    AcknowledgedWritesStay acknowledgedWrites() {
        return acknowledgedWrites;
    }

    void run(Duration duration) {
        runUntil(() -> false, duration);
    }

    private boolean runUntil(BooleanSupplier condition, Duration limit) {
        long deadlineNanos = simulation.nowNanos() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (simulation.nextEventNanos() > deadlineNanos) {
                simulation.runUntilNanos(deadlineNanos);
                return condition.getAsBoolean();
            }
            simulation.step();
            check();
        }
        return true;
    }

    private void check() {
        for (Agent agent : byAddress.values()) {
            if (agent.hasChanged()) {
                ServerState state = ServerState.of(agent.name, agent.server());
                invariants.forEach(invariant -> invariant.hold(state, simulation.elapsed()));
            }
        }
    }

    /** Runs until the condition holds; fails after {@code limit}. Tells how long it took. */
    Duration await(String what, Duration limit, BooleanSupplier condition) {
        long from = simulation.nowNanos();
        if (!runUntil(condition, limit)) {
            throw new AssertionError("not within " + limit + ": " + what);
        }
        return Duration.ofNanos(simulation.nowNanos() - from);
    }

    Duration awaitLeader(List<Agent> among) {
        return await("a leader", Duration.ofSeconds(90), () -> leader(among) != null);
    }

    @Nullable
    Agent leader(List<Agent> among) {
        for (Agent agent : among) {
            if (agent.running()
                    && agent.consul().server() != null
                    && agent.server().isLeader()) {
                return agent;
            }
        }
        return null;
    }

    /** An agent in its container on its machine. */
    final class Agent implements ProgramContext {
        final String name;
        String address;
        final List<String> log = new ArrayList<>();
        private final Flavour flavour;
        private final List<String> arguments;
        private final Map<String, String> environment = new LinkedHashMap<>();
        private final Map<String, Object> disk = new TreeMap<>();
        private final Map<Integer, HttpService> listeners = new TreeMap<>();
        private final Map<Integer, MessageHandler> handlers = new TreeMap<>();
        private List<Interface> interfaces;
        private final Scope machine;
        private Scope scope;
        private int starts;
        private long seenState = -1;
        private @Nullable ConsulProgram program;

        @Nullable
        Integer exitStatus;

        private Agent(String name, String address, Flavour flavour, List<String> arguments) {
            this.name = name;
            this.address = address;
            this.flavour = flavour;
            this.arguments = arguments;
            this.interfaces = List.of(new Interface("eth0", NETWORK, address, 24));
            this.machine = Scope.root(simulation, name);
            this.scope = machine.child("not started");
            underlay.attach(name, machine);
            byAddress.put(address, this);
            names.put(name, List.of(address));
        }

        Agent environment(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        Agent on(Interface... attached) {
            interfaces = List.of(attached);
            return this;
        }

        /** The next start happens at this address. */
        Agent movedTo(String newAddress) {
            byAddress.remove(address);
            address = newAddress;
            interfaces = List.of(new Interface("eth0", NETWORK, newAddress, 24));
            byAddress.put(newAddress, this);
            names.put(name, List.of(newAddress));
            return this;
        }

        Agent start() {
            starts++;
            exitStatus = null;
            scope = machine.child(name + "." + starts);
            listeners.clear();
            handlers.clear();
            invariants.forEach(invariant -> invariant.restarted(name));
            program = new ConsulProgram(this, flavour);
            program.start();
            return this;
        }

        void kill() {
            scope.close();
            listeners.clear();
            handlers.clear();
        }

        void signal(String signal) {
            java.util.Objects.requireNonNull(program).signal(signal);
        }

        boolean running() {
            return !scope.closed() && exitStatus == null;
        }

        void pause() {
            scope.pause();
        }

        void resume() {
            scope.resume();
        }

        ConsulAgent consul() {
            return java.util.Objects.requireNonNull(
                    java.util.Objects.requireNonNull(program).agent());
        }

        ConsulServer server() {
            return java.util.Objects.requireNonNull(consul().server());
        }

        void wipeDisk() {
            disk.clear();
        }

        private boolean hasChanged() {
            if (program == null || program.agent() == null || !running() || consul().server() == null) {
                return false;
            }
            Raft.Status raft = server().raft().status();
            long state = ((starts * 31L + raft.term()) * 31 + raft.appliedIndex()) * 2 + (server().isLeader() ? 1 : 0);
            boolean changed = state != seenState;
            seenState = state;
            return changed;
        }

        boolean logged(String text) {
            return log.stream().anyMatch(line -> line.contains(text));
        }

        // ---- requests from outside

        /** Sends a request and waits for its answer. */
        Response ask(Request request) {
            Call call = send(request);
            await("an answer to " + request.path(), Duration.ofMinutes(12), () -> call.response != null);
            return java.util.Objects.requireNonNull(call.response);
        }

        Call send(Request request) {
            return send(request, answer -> {});
        }

        /** Sends a request; {@code answered} gets its answer, if there is one. */
        Call send(Request request, Consumer<Response> answered) {
            var call = new Call(request) {
                @Override
                public void respond(Response answer) {
                    super.respond(answer);
                    answered.accept(answer);
                }
            };
            HttpService service = listeners.get(8500);
            if (service == null) {
                throw new AssertionError("nobody listens on " + name + ":8500");
            }
            service.handle(call);
            return call;
        }

        /** Writes a key that nobody changes again; once the agent says that it is written, it has to stay. */
        void write(String key, String value) {
            String base64 = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
            acknowledged(
                    request("PUT", "/v1/kv/" + key).withBody(value),
                    "key " + key,
                    state -> state.keys().stream()
                            .anyMatch(each ->
                                    each.key().equals(key) && each.value().equals(base64)));
        }

        /** Registers an instance on a node that runs no agent, so that nobody deregisters it. */
        void registerOutside(String id) {
            acknowledged(
                    request("PUT", "/v1/catalog/register")
                            .withBody("{\"Node\":\"outside\",\"Address\":\"10.9.9.9\",\"Service\":{\"ID\":\"" + id
                                    + "\",\"Service\":\"outside\"}}"),
                    "instance " + id,
                    state ->
                            state.services().stream().anyMatch(each -> each.id().equals(id)));
        }

        private void acknowledged(Request request, String what, Predicate<ServerState> isThere) {
            send(request, answer -> {
                if (answer.status() == 200 && answer.text().equals("true")) {
                    acknowledgedWrites.acknowledged(what, isThere);
                }
            });
        }

        Response get(String pathAndQuery) {
            return ask(request("GET", pathAndQuery));
        }

        Response put(String pathAndQuery, String body) {
            return ask(request("PUT", pathAndQuery).withBody(body));
        }

        JsonNode json(String pathAndQuery) {
            Response response = get(pathAndQuery);
            if (response.status() != 200) {
                throw new AssertionError(response.status() + " " + response.text());
            }
            return read(response);
        }

        Program.ExecResult exec(String... command) {
            Program.ExecResult[] result = {null};
            Consumer<Program.ExecResult> done = answer -> result[0] = answer;
            java.util.Objects.requireNonNull(program).exec(List.of(command), done);
            await("the command", Duration.ofMinutes(1), () -> result[0] != null);
            return result[0];
        }

        /** Serves something beside the agent, for its checks. */
        void serve(int port, HttpService service) {
            listeners.put(port, service);
        }

        // ---- the container

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
            return simulation.random("container " + name + "." + starts);
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
            return name;
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
            return interfaces;
        }

        @Override
        public Map<String, Object> storage() {
            return disk;
        }

        @Override
        public Map<String, Object> volume(String path) {
            return disk;
        }

        @Override
        public void stdout(String line) {
            log.add(line);
        }

        @Override
        public void stderr(String line) {
            log.add(line);
        }

        @Override
        public void exit(int status) {
            exitStatus = status;
            kill();
        }

        @Override
        public void listenOnLoopback(int port, HttpService service) {
            throw new UnsupportedOperationException("an agent of Consul has no port of loopback alone");
        }

        @Override
        public void listen(int port, HttpService service) {
            listeners.put(port, service);
        }

        @Override
        public void listenMessages(int port, MessageHandler handler) {
            handlers.put(port, handler);
        }

        @Override
        public void send(String toAddress, int port, Object message) {
            Agent target = byAddress.get(toAddress);
            if (target == null) {
                return;
            }
            String from = address;
            underlay.send(name, target.name, target.scope, () -> {
                MessageHandler handler = target.handlers.get(port);
                if (handler != null) {
                    handler.received(from, message);
                }
            });
        }

        @Override
        public List<String> resolve(String host) {
            return names.getOrDefault(host, List.of());
        }

        @Override
        public void http(String host, int port, Request request, Duration timeout, Consumer<HttpResult> result) {
            String at = host.equals("127.0.0.1") || host.equals("localhost") ? address : host;
            Agent target = byAddress.get(at);
            HttpService service = target == null ? null : target.listeners.get(port);
            if (target == null || service == null) {
                scope.schedule(
                        Duration.ofMillis(1), () -> result.accept(new HttpResult.Failed(HttpExchange.Failure.REFUSED)));
                return;
            }
            boolean[] done = {false};
            Scope own = scope;
            own.schedule(timeout, () -> {
                if (!done[0]) {
                    done[0] = true;
                    result.accept(new HttpResult.Failed(HttpExchange.Failure.TIMEOUT));
                }
            });
            underlay.send(
                    name,
                    target.name,
                    target.scope,
                    () -> service.handle(new Call(request) {
                        @Override
                        public void respond(Response answer) {
                            underlay.send(target.name, name, own, () -> {
                                if (!done[0]) {
                                    done[0] = true;
                                    result.accept(new HttpResult.Answered(answer));
                                }
                            });
                        }
                    }));
        }

        @Override
        public Runnable httpWithoutLimit(
                String host, int port, Request request, Duration dialTimeout, Consumer<HttpResult> result) {
            throw new UnsupportedOperationException("Consul's requests have limits");
        }

        @Override
        public void dockerSocket(Request request, Duration timeout, Consumer<HttpResult> result) {
            result.accept(new HttpResult.Failed(HttpExchange.Failure.REFUSED));
        }
    }

    static Request request(String method, String pathAndQuery) {
        int mark = pathAndQuery.indexOf('?');
        Request request = Request.of(method, mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark));
        if (mark >= 0) {
            for (String parameter : pathAndQuery.substring(mark + 1).split("&")) {
                int equals = parameter.indexOf('=');
                request = equals < 0
                        ? request.withQuery(parameter, "")
                        : request.withQuery(parameter.substring(0, equals), parameter.substring(equals + 1));
            }
        }
        return request;
    }

    static JsonNode read(Response response) {
        try {
            return Json.MAPPER.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + response.text(), e);
        }
    }

    /** A request under way. */
    static class Call implements HttpExchange {
        private final Request request;

        @Nullable
        Response response;

        boolean longPoll;

        Call(Request request) {
            this.request = request;
        }

        @Override
        public HttpMessage.Request request() {
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
            throw new UnsupportedOperationException();
        }

        @Override
        public void fail(Failure failure) {
            respond(Response.text(599, failure.name()));
        }

        @Override
        public void longPoll() {
            longPoll = true;
        }

        @Override
        public boolean abandoned() {
            return false;
        }
    }
}
