package dev.clusterlab.simulator.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.seeds.Percentiles;
import dev.clusterlab.simulator.seeds.TimesReport;
import dev.clusterlab.simulator.swarm.RunningProgram;
import dev.clusterlab.simulator.swarm.SimMachine;
import dev.clusterlab.simulator.swarm.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * What clients of Traefik get while the only instance of a service is frozen: its kernel takes the connection, and the
 * limit of 30 s is one for connecting, not for the answer (traefik pkg/config/static, pkg/server/service: dialTimeout and
 * responseHeaderTimeout).
 */
class FrozenBackendTest {
    private static final int SEEDS = 20;
    private static final String CLIENT = "client";
    private static final TimesReport REPORT = new TimesReport("traefik-times");

    @AfterAll
    static void writeReport() {
        REPORT.write();
    }

    /** The platform of the lab with one instance of the hello service, which Traefik has found. */
    private static final class Stage {
        private final WatchedHistory history;
        private final RunningProgram instance;

        Stage(long seed) {
            var simulation = new Simulation(seed, Instant.parse("2026-01-01T00:00:00Z"));
            history = new WatchedHistory(simulation, new World(simulation, Platform.catalog(Sabotage.NONE)));
            var platform = new Platform(history, Platform.MANAGERS + 1);
            platform.build(1);
            history.world()
                    .machines()
                    .getFirst()
                    .daemon()
                    .serviceCreate(Platform.other(CLIENT, 1, false), ApiResult::orThrow);
            // Each Traefik looks at Consul's catalog by itself, and the client may meet any of them.
            for (int manager = 0; manager < Platform.MANAGERS; manager++) {
                SimMachine asked = history.world().machines().get(manager);
                List<String> answers = new ArrayList<>();
                platform.await("an answer of the hello service", () -> {
                    if (!answers.isEmpty() && answers.getLast().equals("200")) {
                        return history.programs().stream()
                                .anyMatch(program -> program.service().equals(CLIENT));
                    }
                    ask(asked, answers);
                    history.run(Duration.ofSeconds(1));
                    return false;
                });
            }
            history.run(simulation.random("moment of the freeze").between(Duration.ZERO, Duration.ofSeconds(15)));
            instance = named(Platform.HELLO);
        }

        RunningProgram named(String service) {
            return history.programs().stream()
                    .filter(program -> program.service().equals(service))
                    .findFirst()
                    .orElseThrow();
        }

        void freeze() {
            instance.machine().daemon().containerPause(instance.containerId()).orThrow();
        }

        void thaw() {
            instance.machine().daemon().containerUnpause(instance.containerId()).orThrow();
        }

        /** A request from outside, through the Traefik of a manager. */
        void ask(List<String> answers) {
            ask(history.world().machines().getFirst(), answers);
        }

        private void ask(SimMachine manager, List<String> answers) {
            Request request = Request.get("/info").withHeader("host", Platform.REGISTERED + ".localhost");
            manager.connect(Platform.TRAEFIK_PORT, new Traffic.Call(history, request, answers::add));
        }

        /** What {@code curl} says in a container that is a neighbour of Traefik. */
        Container.ExecOutput curl(int limitSeconds) {
            RunningProgram client = named(CLIENT);
            DockerDaemon daemon = client.machine().daemon();
            List<String> command = List.of(
                    "curl",
                    "-s",
                    "-m",
                    String.valueOf(limitSeconds),
                    "-H",
                    "Host: " + Platform.REGISTERED + ".localhost",
                    "http://traefik/info");
            String id = daemon.execCreate(
                            client.containerId(),
                            new Container.ExecRequest(command, false, false, true, true, null, null, null))
                    .orThrow();
            var output = new ArrayList<ApiResult<Container.ExecOutput>>();
            daemon.execStart(id, output::add);
            assertThat(history.happens(() -> !output.isEmpty(), Duration.ofSeconds(limitSeconds + 5)))
                    .isTrue();
            return output.getFirst().orThrow();
        }
    }

    private static <T> List<T> each(Function<Stage, T> scenario) {
        return LongStream.range(0, SEEDS)
                .mapToObj(seed -> {
                    try {
                        return scenario.apply(new Stage(seed));
                    } catch (AssertionError | RuntimeException e) {
                        throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
                    }
                })
                .toList();
    }

    @Test
    void onlyTheClientEndsARequestToAFrozenInstance() {
        List<String> outcomes = each(stage -> {
            stage.freeze();
            Container.ExecOutput output = stage.curl(300);
            // Its own limit, and not a word before.
            return output.exitCode() == 28 && output.stdout().isEmpty() ? "none" : output.toString();
        });
        REPORT.addOutcomes("the only instance is frozen → answer within 5 minutes", "none, by source", outcomes);
        assertThat(outcomes).containsOnly("none");
    }

    @Test
    void anAnswerThatTakesLongerThanHalfAMinutePasses() {
        Percentiles seconds = Percentiles.of(each(stage -> {
                    stage.freeze();
                    List<String> answers = new ArrayList<>();
                    long askedNanos = stage.history.simulation().nowNanos();
                    stage.ask(answers);
                    stage.history.run(Duration.ofSeconds(45));
                    assertThat(answers).isEmpty();
                    stage.thaw();
                    assertThat(stage.history.happens(() -> !answers.isEmpty(), Duration.ofSeconds(10)))
                            .isTrue();
                    assertThat(answers).containsExactly("200");
                    return (stage.history.simulation().nowNanos() - askedNanos) / 1e9;
                })
                .stream()
                .mapToDouble(Double::doubleValue)
                .toArray());
        REPORT.add("the same, thawed after 45 s → its answer, 200", "as soon as it comes, by source", "", seconds);
        assertThat(seconds.shareWithin(45, 45.5)).isEqualTo(1);
    }
}
