package dev.clusterlab.provisioning.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.clusterlab.provisioning.EngineClock.Pace;
import dev.clusterlab.provisioning.EngineOptions;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.engines.Engines;
import dev.clusterlab.provisioning.observe.ObserverService;
import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.core.Underlay.Link;
import dev.clusterlab.simulator.swarm.PowerState;
import dev.clusterlab.simulator.swarm.RunningProgram;
import dev.clusterlab.simulator.swarm.SimMachine;
import dev.clusterlab.simulator.swarm.World;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * The same seed and the same commands at the same instants give the same history: whoever observes, however fast time
 * goes, and with real programs in the containers. Compared are the digests of the simulation's own events.
 */
class HistoryTest {
    private static final long SEED = 11;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BIND =
            "-bind={{ GetPrivateInterfaces | include \"network\" \"10.1.9.0/24\" | attr \"address\" }}";

    /** An API call on a machine's daemon, {@code second}s after the machines are up. */
    private record Command(double second, String machine, String path, String body) {}

    /** The lab's platform in small, then a fault. */
    private static final List<Command> COMMANDS = List.of(
            new Command(
                    3,
                    "leader1",
                    "/networks/create",
                    "{\"Name\":\"net\",\"Driver\":\"overlay\",\"Attachable\":true,"
                            + "\"IPAM\":{\"Config\":[{\"Subnet\":\"10.1.9.0/24\"}]}}"),
            new Command(
                    4,
                    "leader1",
                    "/services/create",
                    service(
                            "consul",
                            "hashicorp/consul",
                            List.of(
                                    "agent",
                                    "-server",
                                    "-bootstrap-expect=3",
                                    "-client=0.0.0.0",
                                    "-retry-join=tasks.consul",
                                    "-retry-interval=2s",
                                    BIND),
                            "[]",
                            "{\"Global\":{}}",
                            8500)),
            new Command(
                    5,
                    "leader1",
                    "/services/create",
                    service(
                            "web",
                            "clusterlab/hello",
                            List.of(),
                            "[\"CONSUL_HOST=consul\",\"NETWORK=10.1.9\"]",
                            "{\"Replicated\":{\"Replicas\":3}}",
                            0)),
            new Command(
                    6,
                    "leader1",
                    "/services/create",
                    service(
                            "traefik",
                            "traefik:v3",
                            List.of(
                                    "--entrypoints.web.address=:80",
                                    "--api.insecure=true",
                                    "--providers.consulcatalog.endpoint.address=consul:8500"),
                            "[]",
                            "{\"Replicated\":{\"Replicas\":1}}",
                            8080)));

    private static String service(
            String name, String image, List<String> arguments, String environment, String mode, int port) {
        String publish = port == 0
                ? ""
                : ",\"EndpointSpec\":{\"Ports\":[{\"Protocol\":\"tcp\",\"TargetPort\":" + port + ",\"PublishedPort\":"
                        + port + "}]}";
        try {
            return "{\"Name\":\"" + name + "\",\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"" + image
                    + "\",\"Args\":"
                    + JSON.writeValueAsString(arguments) + ",\"Env\":" + environment
                    + "},\"Networks\":[{\"Target\":\"net\"}]},\"Mode\":" + mode + publish + "}";
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Somebody outside, while the commands are being carried out. */
    private interface Outsider {
        void act(EmbeddedEngine engine) throws Exception;
    }

    @Test
    void observingLeavesNoTraceInHistory() throws Exception {
        long alone = history(new Pace.OnDemand(), 60, engine -> {});
        long followed = history(new Pace.Times(32), 60, engine -> {
            try (var observer = new ObserverService(engine)) {
                observer.follow();
                engine.clock().sleep(Duration.ofSeconds(60));
            }
        });
        var asked = new AtomicInteger();
        long questioned = history(new Pace.Times(5), 60, engine -> ask(engine, asked));
        assertThat(asked.get()).as("questions that were answered").isGreaterThanOrEqualTo(1_000);
        assertThat(followed).as("followed by an observer").isEqualTo(alone);
        assertThat(questioned).as("read by clients").isEqualTo(alone);
    }

    @Test
    void historyIsTheSameAtEveryPace() throws Exception {
        long onDemand = history(new Pace.OnDemand(), 25, engine -> {});
        long fast = history(new Pace.Times(16), 25, engine -> {});
        long slow = history(new Pace.Times(1), 25, engine -> {});
        assertThat(fast).isEqualTo(onDemand);
        assertThat(slow).isEqualTo(onDemand);
    }

    @Test
    void otherSeedsAndOtherCommandsGiveOtherHistories() throws Exception {
        long one = history(SEED, new Pace.OnDemand(), 25, engine -> {});
        assertThat(history(SEED + 1, new Pace.OnDemand(), 25, engine -> {})).isNotEqualTo(one);
        long changed = history(SEED, new Pace.OnDemand(), 25, engine -> {
            engine.clock().sleep(Duration.ofSeconds(10));
            engine.cluster()
                    .driver()
                    .run(() ->
                            engine.cluster().world().underlay().cut("test", List.of(new Link("leader1", "worker2"))));
        });
        assertThat(changed).isNotEqualTo(one);
    }

    /** Containers and machines end, freeze and are cut off while the real programs in them wait for each other. */
    @Test
    void manyFaultsLeaveARunRepeatable() throws Exception {
        for (long seed = 1; seed <= 4; seed++) {
            long first = history(seed, new Pace.OnDemand(), 250, HistoryTest::beginManyFaults, engine -> {});
            long again = history(seed, new Pace.OnDemand(), 250, HistoryTest::beginManyFaults, engine -> {});
            assertThat(again).as("with seed %s", seed).isEqualTo(first);
        }
    }

    /** Eighty, one every two and a half seconds, each of which ends within half a minute. */
    private static void beginManyFaults(World world) {
        var random = new Random(world.simulation().random("faults").nextLong(Long.MAX_VALUE));
        for (int i = 0; i < 80; i++) {
            String name = "fault " + i;
            world.simulation()
                    .schedule(
                            Duration.ofMillis(25_000 + i * 2_500L),
                            () -> begin(name, world, random, Duration.ofMillis(500 + random.nextInt(25_000))));
        }
    }

    private static void begin(String name, World world, Random random, Duration length) {
        Simulation simulation = world.simulation();
        List<SimMachine> on = world.machines().stream()
                .filter(machine -> machine.power() == PowerState.RUNNING && machine.daemonReady())
                .toList();
        List<RunningProgram> programs = RunningProgram.in(world).stream()
                .filter(program -> on.contains(program.machine()) && !program.paused())
                .toList();
        if (programs.isEmpty()) {
            return;
        }
        RunningProgram program = programs.get(random.nextInt(programs.size()));
        SimMachine machine = on.get(random.nextInt(on.size()));
        switch (random.nextInt(6)) {
            case 0 -> program.machine().daemon().containerKill(program.containerId(), null, killed -> {});
            case 1 -> program.machine().daemon().containerStop(program.containerId(), null, stopped -> {});
            case 2 -> {
                program.machine().daemon().containerPause(program.containerId());
                simulation.schedule(length, () -> {
                    if (program.machine().power() == PowerState.RUNNING) {
                        program.machine().daemon().containerUnpause(program.containerId());
                    }
                });
            }
            case 3 -> {
                machine.pause();
                simulation.schedule(length, machine::unpause);
            }
            case 4 -> {
                machine.kill();
                simulation.schedule(length, machine::start);
            }
            default -> {
                world.underlay().cut(name, List.of(new Link("leader1", "worker2"), new Link("worker2", "leader1")));
                simulation.schedule(length, () -> world.underlay().mend(name));
            }
        }
    }

    private static long history(Pace pace, int seconds, Outsider outsider) throws Exception {
        return history(SEED, pace, seconds, outsider);
    }

    private static long history(long seed, Pace pace, int seconds, Outsider outsider) throws Exception {
        return history(seed, pace, seconds, HistoryTest::killWorker, outsider);
    }

    private static void killWorker(World world) {
        world.simulation()
                .schedule(Duration.ofSeconds(20), () -> world.machine("worker1").ifPresent(SimMachine::kill));
    }

    /** The digest {@code seconds} after the first command. */
    private static long history(long seed, Pace pace, int seconds, Consumer<World> faults, Outsider outsider)
            throws Exception {
        try (var engine =
                (EmbeddedEngine) Engines.create(EngineOptions.unattended().withSeed(seed))) {
            for (String name : List.of("leader1", "worker1", "worker2")) {
                engine.createMachine(name);
            }
            var digest = new CompletableFuture<Long>();
            var driver = engine.cluster().driver();
            driver.run(() -> {
                World world = engine.cluster().world();
                Simulation simulation = world.simulation();
                simulation.schedule(Duration.ofSeconds(1), () -> form(world));
                for (Command command : COMMANDS) {
                    simulation.schedule(
                            Duration.ofMillis((long) (command.second() * 1000)),
                            () -> post(world, command.machine(), command.path(), command.body(), answer -> {}));
                }
                faults.accept(world);
                simulation.schedule(Duration.ofSeconds(seconds), () -> digest.complete(simulation.digest()));
            });
            engine.clock().setPace(pace);
            var outside = CompletableFuture.runAsync(() -> {
                try {
                    outsider.act(engine);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            engine.clock().sleep(Duration.ofSeconds(seconds + 1));
            outside.get(60, TimeUnit.SECONDS);
            assertThat(driver.failures()).isEmpty();
            assertThat(driver.repeatabilityLost())
                    .as("an outcall met its limit")
                    .isEmpty();
            return digest.get(10, TimeUnit.SECONDS);
        }
    }

    private static void form(World world) {
        post(world, "leader1", "/swarm/init", "{\"ListenAddr\":\"0.0.0.0:2377\"}", initialised -> {
            String remote = world.machine("leader1").orElseThrow().address() + ":2377";
            call(world, "leader1", HttpMessage.Request.get("/swarm"), swarm -> {
                for (String name : List.of("worker1", "worker2")) {
                    String token = read(swarm, "/JoinTokens/Worker");
                    post(
                            world,
                            name,
                            "/swarm/join",
                            "{\"RemoteAddrs\":[\"" + remote + "\"],\"JoinToken\":\"" + token + "\"}",
                            joined -> {});
                }
            });
        });
    }

    private static String read(HttpMessage.Response response, String pointer) {
        try {
            return JSON.readTree(response.body()).at(pointer).asText();
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void post(
            World world, String machine, String path, String body, Consumer<HttpMessage.Response> next) {
        call(world, machine, HttpMessage.Request.of("POST", path).withBody(body), answer -> {
            assertThat(answer.status()).as("%s: %s", path, answer.text()).isLessThan(300);
            next.accept(answer);
        });
    }

    private static void call(
            World world, String machine, HttpMessage.Request request, Consumer<HttpMessage.Response> next) {
        SimMachine on = world.machine(machine).orElseThrow();
        assertThat(on.power()).isEqualTo(PowerState.RUNNING);
        on.engineApi().handle(new Inside(request, next));
    }

    /** Reads everything that can be read, some of it through followers and behind the routing mesh. */
    private static void ask(EmbeddedEngine engine, AtomicInteger answered) throws InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            long end = engine.clock().elapsed().plusSeconds(58).toNanos();
            while (engine.clock().elapsed().toNanos() < end) {
                var sent = new ArrayList<CompletableFuture<?>>();
                for (Machine machine : engine.machines()) {
                    machine.dockerEndpoint().ifPresent(endpoint -> {
                        for (String path :
                                List.of("/info", "/nodes", "/services", "/tasks", "/containers/json?all=1")) {
                            sent.add(get(client, "http://127.0.0.1:" + endpoint.getPort() + path, answered));
                        }
                    });
                    machine.ports().forEach((port, address) -> {
                        if (port == 8500) {
                            for (String path : List.of(
                                    "/v1/catalog/services?index=1&wait=1s",
                                    "/v1/health/service/democonsul",
                                    "/v1/status/leader",
                                    "/v1/agent/members")) {
                                sent.add(get(client, "http://" + address + path, answered));
                            }
                        } else if (port == 8080) {
                            sent.add(get(client, "http://" + address + "/api/http/routers", answered));
                        }
                    });
                }
                for (CompletableFuture<?> each : sent) {
                    try {
                        each.get();
                    } catch (ExecutionException e) {
                        // A machine without power does not answer.
                    }
                }
            }
        }
    }

    private static CompletableFuture<?> get(HttpClient client, String address, AtomicInteger answered) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .timeout(Duration.ofSeconds(3))
                .build();
        var sent = new CompletableFuture<?>[6];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                    .thenRun(answered::incrementAndGet);
        }
        return CompletableFuture.allOf(sent);
    }

    /** A caller inside the simulation. */
    private record Inside(HttpMessage.Request request, Consumer<HttpMessage.Response> next) implements HttpExchange {
        @Override
        public void respond(HttpMessage.Response response) {
            next.accept(response);
        }

        @Override
        public Stream stream(HttpMessage.Response head) {
            throw new IllegalStateException("not a stream");
        }

        @Override
        public void fail(Failure failure) {
            throw new IllegalStateException(request.path() + ": " + failure);
        }

        @Override
        public void longPoll() {}

        @Override
        public boolean abandoned() {
            return false;
        }
    }
}
