package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.seeds.Percentiles;
import dev.clusterlab.simulator.seeds.Seeds;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * How long the swarm takes to notice losses and to make up for them. The bands come from a real swarm of six nodes of
 * two processors and from SwarmKit's timers; virtual time is read to the nanosecond where the real one was polled every
 * 0.1 s, hence the margins of a tenth.
 */
class LossTimesTest {
    private static final TimesReport REPORT = new TimesReport("swarm-loss-times");

    @AfterAll
    static void writeReport() {
        REPORT.write();
    }

    private static Percentiles sample(String what, ToDoubleFunction<SwarmLab> scenario) {
        Percentiles seconds = Percentiles.of(Seeds.between(100, 200)
                .mapToDouble(seed -> {
                    try {
                        SwarmLab lab = SwarmLab.swarm(seed, 3, 3);
                        // Losses come at any moment between two heartbeats or quorum checks.
                        lab.run(lab.simulation.random("moment of the loss").nextDouble() * 10);
                        return scenario.applyAsDouble(lab);
                    } catch (AssertionError | RuntimeException e) {
                        throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
                    }
                })
                .toArray());
        REPORT.add(what, seconds);
        return seconds;
    }

    private static void web(SwarmLab lab, int replicas) {
        lab.createRunning("m1", Spec.service("web").replicas(replicas), replicas);
    }

    private static Task oneOn(SwarmLab lab, String machine) {
        return lab.runningOn("m1", "web", machine).get(0);
    }

    @Test
    void sixTasksStartOnSixColdNodes() {
        Percentiles seconds = sample("service of 6 tasks over 6 nodes: create to all running", lab -> {
            lab.create("m1", Spec.service("web").replicas(6));
            return lab.secondsUntil(() -> lab.runs("m1", "web", 6));
        });
        assertThat(seconds.shareWithin(3.3, 3.7)).isEqualTo(1);
    }

    @Test
    void scalingFromSixToTenIsDoneInASecond() {
        Percentiles seconds = sample("scale 6 to 10: update to all running", lab -> {
            web(lab, 6);
            lab.scale("m1", "web", 10);
            return lab.secondsUntil(() -> lab.runs("m1", "web", 10));
        });
        assertThat(seconds.shareWithin(0.79, 1.01)).isEqualTo(1);
    }

    @Test
    void aKilledContainerIsReplacedAfterTheRestartDelay() {
        Percentiles seconds = sample("container kill: replacement running", lab -> {
            web(lab, 6);
            Task victim = oneOn(lab, "w1");
            lab.killContainer(victim);
            return lab.secondsUntil(() -> lab.runs("m1", "web", 6)
                    && lab.running("m1", "web").stream()
                            .noneMatch(task -> task.id().equals(victim.id())));
        });
        assertThat(seconds.shareWithin(5.65, 5.95)).isEqualTo(1);
    }

    @Test
    void aKilledWorkerIsDownWhenItsGraceIsOver() {
        Percentiles seconds = sample("worker kill: node down", lab -> {
            lab.kill("w1");
            return lab.secondsUntil(() -> lab.state("m1", "w1").equals("down"));
        });
        assertThat(seconds.shareWithin(9.0, 16.7)).isEqualTo(1);
        assertThat(seconds.at(50)).isBetween(11.5, 13.5);
    }

    @Test
    void theTasksOfADownNodeRunElsewhereAfterTheRestartDelay() {
        Percentiles seconds = sample("node down: its tasks running elsewhere", lab -> {
            web(lab, 10);
            int there = lab.runningOn("m1", "web", "w1").size();
            lab.kill("w1");
            lab.until(() -> lab.state("m1", "w1").equals("down"));
            assertThat(there).isPositive();
            return lab.secondsUntil(() -> lab.runs("m1", "web", 10)
                    && lab.runningOn("m1", "web", "w1").isEmpty());
        });
        assertThat(seconds.shareWithin(5.5, 5.85)).isEqualTo(1);
    }

    @Test
    void aWorkerThatIsBackIsReadyAndGetsNothingBack() {
        Percentiles seconds = sample("killed worker started again: node ready", lab -> {
            web(lab, 6);
            lab.kill("w1");
            lab.until(() -> lab.state("m1", "w1").equals("down") && lab.runs("m1", "web", 6));
            lab.get("w1").start();
            double back = lab.secondsUntil(() -> lab.state("m1", "w1").equals("ready"));
            lab.run(30);
            assertThat(lab.runningOn("m1", "web", "w1")).isEmpty();
            assertThat(lab.taskContainers("w1").stream().filter(DockerContainer::running))
                    .isEmpty();
            return back;
        });
        assertThat(seconds.shareWithin(1.85, 2.25)).isEqualTo(1);
    }

    @Test
    void aDrainedNodeIsEmptiedWithoutRestartDelay() {
        Percentiles seconds = sample("drain: its tasks running elsewhere", lab -> {
            lab.overlay("m1", "front", "");
            lab.createRunning("m1", Spec.service("web").replicas(6).network("front"), 6);
            lab.availability("m1", "w1", "drain");
            return lab.secondsUntil(() ->
                    lab.runs("m1", "web", 6) && lab.runningOn("m1", "web", "w1").isEmpty());
        });
        // The web server ends at once on SIGTERM, two seconds after it left the service's names.
        assertThat(seconds.shareWithin(2.5, 3.1)).isEqualTo(1);
    }

    @Test
    void anotherManagerAnswersAfterTheLeadersDeath() {
        Percentiles seconds = sample("leader kill: another manager leads", lab -> {
            assertThat(lab.leader()).isEqualTo("m1");
            lab.kill("m1");
            return lab.secondsUntil(() -> lab.leaders().size() == 1);
        });
        assertThat(seconds.shareWithin(7.9, 45)).isEqualTo(1);
        assertThat(seconds.at(50)).isBetween(10.5, 13.5);
        assertThat(seconds.at(95)).isBetween(17.0, 30.0);
    }

    @Test
    void aCallToAnotherManagerWaitsForTheNextLeader() {
        Percentiles seconds =
                sample("leader kill: GET /nodes at another manager, asked again until it succeeds", lab -> {
                    lab.kill("m1");
                    double asked = lab.simulation.nowNanos() / 1e9;
                    while (lab.simulation.nowNanos() / 1e9 < asked + 90) {
                        if (lab.<List<Node>>call("m2", (daemon, done) -> daemon.nodes(Filters.NONE, done))
                                instanceof ApiResult.Ok<List<Node>>) {
                            return lab.simulation.nowNanos() / 1e9 - asked;
                        }
                        lab.run(0.1);
                    }
                    throw new AssertionError("no manager answers");
                });
        assertThat(seconds.shareWithin(0, 45)).isEqualTo(1);
    }

    @Test
    void theDeadLeadersNodeIsDownWhenTheNextLeaderGivesItUp() {
        Percentiles total = sample("leader kill: its node down", lab -> {
            lab.kill("m1");
            long begin = lab.simulation.nowNanos();
            lab.until(() -> lab.leaders().size() == 1);
            double elected = (lab.simulation.nowNanos() - begin) / 1e9;
            lab.run(1);
            assertThat(lab.state("m2", "m1")).isEqualTo("unknown");
            lab.until(() -> lab.state("m2", "m1").equals("down"));
            double down = (lab.simulation.nowNanos() - begin) / 1e9;
            assertThat(down - elected).as("grace of a node in unknown state").isBetween(27.0, 33.2);
            return down;
        });
        assertThat(total.shareWithin(35, 80)).isEqualTo(1);
        assertThat(total.at(50)).isBetween(39.0, 46.0);
    }

    @Test
    void aManagerComesBackThroughItselfEvenIfItCannotReachTheOthersButTheLeader() {
        Percentiles seconds = sample("manager started again, cut from another one: node ready", lab -> {
            lab.kill("m2");
            lab.until(() -> lab.state("m1", "m2").equals("down"));
            lab.world.underlay().partition("m2 from m3", List.of(Set.of("m2"), Set.of("m3")));
            lab.get("m2").start();
            return lab.secondsUntil(() -> lab.state("m1", "m2").equals("ready"));
        });
        // Its agent asks its own manager, which knows the leader from the next heartbeat on (swarmkit node/node.go).
        assertThat(seconds.shareWithin(1.85, 6.5)).isEqualTo(1);
    }

    @Test
    void anIsolatedLeaderStepsDownAtTheSecondQuorumCheck() {
        Percentiles seconds = sample("leader isolated: steps down", lab -> {
            lab.isolate("m1");
            return lab.secondsUntil(() -> !lab.leaders().contains("m1"));
        });
        assertThat(seconds.shareWithin(9.9, 20.1)).isEqualTo(1);
    }

    @Test
    void theOverlayForgetsADeadEngineBeforeTheManagersDo() {
        Percentiles seconds = sample("worker kill: its addresses gone from the service's names", lab -> {
            lab.overlay("m1", "front", "");
            lab.createRunning("m1", Spec.service("web").replicas(6).network("front"), 6);
            Task asker = oneOn(lab, "m2");
            String address = oneOn(lab, "w1").attachments().get(0).address();
            lab.run(2);
            assertThat(Set.of(lab.exec(asker, "resolve", "tasks.web").split(" ")))
                    .contains(address);
            lab.kill("w1");
            long begin = lab.simulation.nowNanos();
            while (Set.of(lab.exec(asker, "resolve", "tasks.web").split(" ")).contains(address)) {
                lab.run(0.1);
                assertThat(lab.simulation.nowNanos() - begin).isLessThan(60_000_000_000L);
            }
            return (lab.simulation.nowNanos() - begin) / 1e9;
        });
        assertThat(seconds.at(50)).isBetween(5.0, 8.0);
        assertThat(seconds.at(95)).isBetween(6.0, 12.0);
        assertThat(seconds.shareWithin(4.0, 35.0)).isEqualTo(1);
    }
}
