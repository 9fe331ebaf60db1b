package dev.clusterlab.simulator.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import com.orbitz.consul.Consul;
import com.orbitz.consul.model.agent.ImmutableRegistration;
import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.programs.Program;
import dev.clusterlab.simulator.programs.ProgramContext;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real server of this process in a container that is made by hand. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ExternalProgramTest {
    private final Simulation simulation = new Simulation(3, Instant.parse("2026-01-01T00:00:00Z"));

    @Test
    void answersRegistersAgainAndAgainAndStops() throws Exception {
        try (var driver = new SimulationDriver(simulation, new Pace.OnDemand())) {
            var container = new Container(simulation);
            var greeter = new Greeter();
            start(driver, container, greeter);
            assertThat(driver.awaitInside(() -> container.served.containsKey(8080), Duration.ofSeconds(1)))
                    .isTrue();
            assertThat(driver.elapsed()).isZero();

            assertThat(ask(driver, container, "/hello?name=a%20b").text())
                    .isEqualTo("real answer to /hello name=[a b]");
            driver.sleep(Duration.ofSeconds(66));
            assertThat(greeter.ticks).hasValue(4);
            assertThat(driver.call(() -> List.copyOf(container.asked)))
                    .hasSize(4)
                    .allMatch(asked -> asked.equals("consul:8500 PUT /v1/agent/service/register"));

            driver.run(() -> container.program().signal("SIGTERM"));
            assertThat(driver.awaitInside(() -> container.exit >= 0, Duration.ofSeconds(5)))
                    .isTrue();
            assertThat(container.exit).isEqualTo(143);
            assertThat(container.asked).last().isEqualTo("consul:8500 PUT /v1/agent/service/deregister/id");
            assertThat(container.output).contains("tick 1 at 2026-01-01T00:00:05Z", "stopping");
            assertThat(driver.failures()).isEmpty();
        }
    }

    @Test
    void aKilledContainerTakesTheRealServerWithIt() throws Exception {
        try (var driver = new SimulationDriver(simulation, new Pace.OnDemand())) {
            var container = new Container(simulation);
            var greeter = new Greeter();
            start(driver, container, greeter);
            driver.awaitInside(() -> container.served.containsKey(8080), Duration.ofSeconds(1));
            driver.run(() -> {
                container.scope.close();
                container.program().killed();
            });
            assertThat(greeter.killed.get(5, TimeUnit.SECONDS)).isTrue();
            driver.sleep(Duration.ofMinutes(1));
            assertThat(greeter.ticks).hasValue(0);
        }
    }

    @Test
    void aProgramThatGoesOnAskingAfterItsContainerWasKilledIsRefusedAtOnce() throws Exception {
        try (var driver = new SimulationDriver(simulation, new Pace.OnDemand())) {
            var container = new Container(simulation);
            var outcomes = new CompletableFuture<List<String>>();
            start(driver, container, surroundings -> new Stubborn(surroundings.locate("consul", 8500), outcomes));
            driver.awaitInside(() -> container.served.containsKey(8080), Duration.ofSeconds(1));
            driver.run(() -> container.program().signal("SIGTERM"));
            // Its goodbye is on the way: power is lost before the answer.
            assertThat(driver.awaitInside(() -> !container.asked.isEmpty(), Duration.ofSeconds(1)))
                    .isTrue();
            driver.run(() -> {
                container.scope.close();
                container.program().killed();
            });
            long beganNanos = System.nanoTime();
            driver.sleep(Duration.ofMinutes(1));
            assertThat(outcomes.get(10, TimeUnit.SECONDS)).hasSize(3).doesNotContain("200");
            assertThat(Duration.ofNanos(System.nanoTime() - beganNanos)).isLessThan(Duration.ofSeconds(20));
        }
    }

    /** Says goodbye three times, whatever comes back. */
    private record Stubborn(URI consul, CompletableFuture<List<String>> outcomes) implements ExternalRuntime.Running {
        @Override
        public int loopbackPort() {
            return 1;
        }

        @Override
        public int containerPort() {
            return 8080;
        }

        @Override
        public void stop() {
            var seen = new ArrayList<String>();
            try (var client = java.net.http.HttpClient.newHttpClient()) {
                for (int i = 0; i < 3; i++) {
                    try {
                        var request =
                                java.net.http.HttpRequest.newBuilder(consul).build();
                        var body = java.net.http.HttpResponse.BodyHandlers.discarding();
                        seen.add(Integer.toString(client.send(request, body).statusCode()));
                    } catch (java.io.IOException e) {
                        seen.add("broken");
                    }
                }
            } catch (InterruptedException e) {
                seen.add("interrupted");
            }
            outcomes.complete(seen);
        }

        @Override
        public void kill() {}
    }

    @Test
    void aProgramThatCannotStartEndsItsContainer() throws Exception {
        try (var driver = new SimulationDriver(simulation, new Pace.OnDemand())) {
            var container = new Container(simulation);
            start(driver, container, surroundings -> {
                throw new IllegalStateException("no good");
            });
            assertThat(driver.awaitInside(() -> container.exit >= 0, Duration.ofSeconds(1)))
                    .isTrue();
            assertThat(container.exit).isEqualTo(1);
            assertThat(container.output).containsExactly("failed to start: no good");
        }
    }

    @Test
    void historiesWithARealProgramRepeat() throws Exception {
        String first = history();
        for (int i = 0; i < 4; i++) {
            assertThat(history()).isEqualTo(first);
        }
    }

    private static String history() throws Exception {
        var simulation = new Simulation(5, Instant.parse("2026-01-01T00:00:00Z"));
        try (var driver = new SimulationDriver(simulation, new Pace.OnDemand())) {
            var containers = new ArrayList<Container>();
            for (int i = 0; i < 4; i++) {
                var container = new Container(simulation);
                containers.add(container);
                start(driver, container, new Greeter());
            }
            var history = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                driver.sleep(Duration.ofSeconds(2));
                history.append(ask(driver, containers.get(i % 4), "/" + i).text())
                        .append(driver.elapsed())
                        .append('\n');
            }
            driver.run(() -> containers.forEach(
                    container -> history.append(container.output).append(container.asked)));
            return history.toString();
        }
    }

    private static void start(SimulationDriver driver, Container container, ExternalRuntime runtime) {
        var programs = new ExternalPrograms(driver);
        driver.run(() -> {
            container.program = programs.factory(runtime).create(container);
            container.program().start();
        });
    }

    private static HttpMessage.Response ask(SimulationDriver driver, Container container, String path)
            throws RequestReader.Malformed {
        var response = new CompletableFuture<HttpMessage.Response>();
        int question = path.indexOf('?');
        var request = new HttpMessage.Request(
                "GET",
                question < 0 ? path : path.substring(0, question),
                question < 0 ? Map.of() : RequestReader.query(path.substring(question + 1)),
                Map.of(),
                new byte[0]);
        driver.request(request, exchange -> container.served.get(8080).handle(exchange), new Answer() {
            @Override
            public void complete(HttpMessage.Response answered) {
                response.complete(answered);
            }

            @Override
            public void head(HttpMessage.Response head) {
                response.complete(head);
            }

            @Override
            public void bytes(byte[] bytes) {}

            @Override
            public void end() {}

            @Override
            public void failed(HttpExchange.Failure failure) {
                response.completeExceptionally(new IllegalStateException(failure.name()));
            }
        });
        return response.orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** A real server that registers by the real client of Consul every 20 s, first after 5 s. */
    private static final class Greeter implements ExternalRuntime {
        final AtomicInteger ticks = new AtomicInteger();
        final CompletableFuture<Boolean> killed = new CompletableFuture<>();

        @Override
        public Running start(Surroundings surroundings) {
            HttpEdge server = HttpEdge.open(0, HostPolicy.control(), (request, answer) -> {
                answer.complete(HttpMessage.Response.text(
                        200,
                        "real answer to " + request.path()
                                + (request.query().isEmpty()
                                        ? ""
                                        : " name=" + request.query().get("name"))));
                return new OutsideRequest(
                        new SimulationDriver(new Simulation(0, Instant.EPOCH), new Pace.Paused()),
                        request,
                        answer,
                        false,
                        any -> false,
                        () -> {});
            });
            URI consulAt = surroundings.locate("consul", 8500);
            Consul consul = Consul.builder()
                    .withUrl(consulAt.toString())
                    .withPing(false)
                    .build();
            schedule(surroundings, consul, Duration.ofSeconds(5));
            return new Running() {
                @Override
                public int loopbackPort() {
                    return server.port();
                }

                @Override
                public int containerPort() {
                    return 8080;
                }

                @Override
                public void stop() {
                    surroundings.log("stopping");
                    consul.agentClient().deregister("id");
                    kill();
                }

                @Override
                public void kill() {
                    consul.destroy();
                    server.close();
                    killed.complete(true);
                }
            };
        }

        private void schedule(Surroundings surroundings, Consul consul, Duration delay) {
            surroundings.schedule(delay, () -> {
                surroundings.log("tick " + ticks.incrementAndGet() + " at "
                        + surroundings.clock().instant());
                consul.agentClient()
                        .register(ImmutableRegistration.builder()
                                .id("id")
                                .name("web")
                                .build());
                schedule(surroundings, consul, Duration.ofSeconds(20));
            });
        }
    }

    /** A container whose whole world answers 200 after 3 ms. */
    private static final class Container implements ProgramContext {
        final Scope scope;
        final Map<Integer, HttpService> served = new LinkedHashMap<>();
        final List<String> asked = new ArrayList<>();
        final List<String> output = new ArrayList<>();
        private final Simulation simulation;
        volatile int exit = -1;

        @Nullable
        Program program;

        Container(Simulation simulation) {
            this.simulation = simulation;
            this.scope = Scope.root(simulation, "container");
        }

        Program program() {
            return java.util.Objects.requireNonNull(program);
        }

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
            return simulation.random("container");
        }

        @Override
        public String containerId() {
            return "0123456789ab";
        }

        @Override
        public String hostname() {
            return "0123456789ab";
        }

        @Override
        public String machine() {
            return "leader1";
        }

        @Override
        public List<String> arguments() {
            return List.of();
        }

        @Override
        public Map<String, String> environment() {
            return Map.of();
        }

        @Override
        public List<Interface> interfaces() {
            return List.of(new Interface("eth0", "net", "10.1.9.3", 24));
        }

        @Override
        public Map<String, Object> storage() {
            return new LinkedHashMap<>();
        }

        @Override
        public Map<String, Object> volume(String path) {
            return storage();
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
            scope.close();
            exit = status;
        }

        @Override
        public void listenOnLoopback(int port, HttpService service) {
            served.put(port, service);
        }

        @Override
        public void listen(int port, HttpService service) {
            served.put(port, service);
        }

        @Override
        public void listenMessages(int port, MessageHandler handler) {}

        @Override
        public void send(String address, int port, Object message) {}

        @Override
        public List<String> resolve(String name) {
            return List.of();
        }

        @Override
        public void http(
                String host, int port, HttpMessage.Request request, Duration timeout, Consumer<HttpResult> result) {
            asked.add(host + ":" + port + " " + request.method() + " " + request.path());
            scope.schedule(
                    Duration.ofMillis(3),
                    () -> result.accept(new HttpResult.Answered(HttpMessage.Response.empty(200))));
        }

        @Override
        public Runnable httpWithoutLimit(
                String host, int port, HttpMessage.Request request, Duration dialTimeout, Consumer<HttpResult> result) {
            throw new UnsupportedOperationException("programs outside have a limit");
        }

        @Override
        public void dockerSocket(HttpMessage.Request request, Duration timeout, Consumer<HttpResult> result) {}
    }
}
