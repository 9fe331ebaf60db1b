package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.seeds.Percentiles;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * How long the swarm takes to notice losses and to make up for them. The bands come from a real swarm of six nodes of
 * two processors and from SwarmKit's timers; virtual time is read to the nanosecond where the real one was polled every
 * 0.1 s, hence the margins of a tenth.
 */
class LossTimesTest {
    private static final SwarmTimes TIMES = new SwarmTimes("swarm-loss-times");

    @AfterAll
    static void writeReport() {
        TIMES.write();
    }

    private static void web(SwarmLab lab, int replicas) {
        lab.createRunning("m1", Spec.service("web").replicas(replicas), replicas);
    }

    private static Task oneOn(SwarmLab lab, String machine) {
        return lab.runningOn("m1", "web", machine).get(0);
    }

    @Test
    void aManagerJoinsSlowerThanAWorker() {
        Percentiles managers = TIMES.compared("join of a manager", "0.55", lab -> joined(lab, true));
        Percentiles workers = TIMES.compared("join of a worker", "0.11", lab -> joined(lab, false));
        assertThat(managers.shareWithin(0.45, 0.65)).isEqualTo(1);
        assertThat(workers.shareWithin(0.06, 0.2)).isEqualTo(1);
    }

    /** Until the call has its answer. */
    private static double joined(SwarmLab lab, boolean manager) {
        lab.machine("x");
        long begin = lab.simulation.nowNanos();
        lab.join("x", manager);
        return (lab.simulation.nowNanos() - begin) / 1e9;
    }

    @Test
    void sixTasksStartOnSixColdNodes() {
        Percentiles seconds = TIMES.compared("service of 6 tasks over 6 nodes: created → all run", "3.4 – 3.6", lab -> {
            lab.create("m1", Spec.service("web").replicas(6));
            return lab.secondsUntil(() -> lab.runs("m1", "web", 6));
        });
        assertThat(seconds.shareWithin(3.3, 3.6)).isEqualTo(1);
        assertThat(seconds.at(50)).isBetween(3.4, 3.6);
    }

    @Test
    void scalingFromSixToTenIsDoneInASecond() {
        Percentiles seconds = TIMES.compared("scaled from 6 to 10 → all run", "0.9 – 1.0", lab -> {
            web(lab, 6);
            lab.scale("m1", "web", 10);
            return lab.secondsUntil(() -> lab.runs("m1", "web", 10));
        });
        assertThat(seconds.shareWithin(0.79, 1.01)).isEqualTo(1);
        assertThat(seconds.at(50)).isBetween(0.79, 1.0);
    }

    @Test
    void aKilledContainerIsReplacedAfterTheRestartDelay() {
        Percentiles seconds = TIMES.compared("a task's container killed → its replacement runs", "5.8 – 5.9", lab -> {
            web(lab, 6);
            Task victim = oneOn(lab, "w1");
            lab.killContainer(victim);
            return lab.secondsUntil(() -> lab.runs("m1", "web", 6)
                    && lab.running("m1", "web").stream()
                            .noneMatch(task -> task.id().equals(victim.id())));
        });
        assertThat(seconds.shareWithin(5.65, 5.95)).isEqualTo(1);
        assertThat(seconds.at(50)).isBetween(5.7, 5.9);
    }

    @Test
    void aKilledWorkerIsDownWhenItsGraceIsOver() {
        Percentiles seconds =
                TIMES.compared("worker killed → node `down`", "13.4, 14.4, 15.1, 16.2", "9.0 – 16.6", lab -> {
                    lab.kill("w1");
                    return lab.secondsUntil(() -> lab.state("m1", "w1").equals("down"));
                });
        assertThat(seconds.shareWithin(9.0, 16.7)).isEqualTo(1);
        assertThat(seconds.at(50)).isBetween(11.5, 13.5);
    }

    @Test
    void theTasksOfADownNodeRunElsewhereAfterTheRestartDelay() {
        Percentiles seconds = TIMES.compared("node `down` → its tasks run elsewhere", "5.6", lab -> {
            web(lab, 10);
            int there = lab.runningOn("m1", "web", "w1").size();
            lab.kill("w1");
            lab.until(() -> lab.state("m1", "w1").equals("down"));
            assertThat(there).isPositive();
            return lab.secondsUntil(() -> lab.runs("m1", "web", 10)
                    && lab.runningOn("m1", "web", "w1").isEmpty());
        });
        assertThat(seconds.shareWithin(5.5, 5.75)).isEqualTo(1);
        assertThat(seconds.at(50)).isBetween(5.5, 5.71);
    }

    @Test
    void aWorkerThatIsBackIsReadyAndGetsNothingBack() {
        Percentiles seconds = TIMES.compared("killed worker started again → node `ready`", "2.0 – 2.2", lab -> {
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
        assertThat(seconds.shareWithin(1.9, 2.25)).isEqualTo(1);
        assertThat(seconds.at(50)).isBetween(2.0, 2.2);
    }

    @Test
    void aDrainedNodeIsEmptiedWithoutRestartDelay() {
        Percentiles seconds = TIMES.sample("drain: its tasks running elsewhere", lab -> {
            lab.overlay("m1", "front", "");
            lab.createRunning("m1", Spec.service("web").replicas(6).network("front"), 6);
            lab.availability("m1", "w1", "drain");
            return lab.secondsUntil(() ->
                    lab.runs("m1", "web", 6) && lab.runningOn("m1", "web", "w1").isEmpty());
        });
        // The web server ends at once on SIGTERM: a second after the order, and two after it left the service's names.
        assertThat(seconds.shareWithin(3.5, 4.1)).isEqualTo(1);
    }

    @Test
    void anotherManagerAnswersAfterTheLeadersDeath() {
        Percentiles seconds = TIMES.sample("leader kill: another manager leads", lab -> {
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
                TIMES.compared("leader of 3 killed → another manager answers", "14.6, 22.8", "8 – about 45", lab -> {
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
        Percentiles total =
                TIMES.compared("leader of 3 killed → its node `down`", "41.0, 51.4", "35 – about 80", lab -> {
                    lab.kill("m1");
                    long begin = lab.simulation.nowNanos();
                    lab.until(() -> lab.leaders().size() == 1);
                    double elected = (lab.simulation.nowNanos() - begin) / 1e9;
                    lab.run(1);
                    assertThat(lab.state("m2", "m1")).isEqualTo("unknown");
                    lab.until(() -> lab.state("m2", "m1").equals("down"));
                    double down = (lab.simulation.nowNanos() - begin) / 1e9;
                    assertThat(down - elected)
                            .as("grace of a node in unknown state")
                            .isBetween(27.0, 33.2);
                    return down;
                });
        assertThat(total.shareWithin(35, 80)).isEqualTo(1);
        assertThat(total.at(50)).isBetween(39.0, 46.0);
    }

    @Test
    void aManagerComesBackThroughItselfEvenIfItCannotReachTheOthersButTheLeader() {
        Percentiles seconds = TIMES.sample("manager started again, cut from another one: node ready", lab -> {
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
        Percentiles seconds = TIMES.sample("leader isolated: steps down", lab -> {
            lab.isolate("m1");
            return lab.secondsUntil(() -> !lab.leaders().contains("m1"));
        });
        assertThat(seconds.shareWithin(9.9, 20.1)).isEqualTo(1);
    }

    @Test
    void theOverlayForgetsADeadEngineBeforeTheManagersDo() {
        Percentiles seconds = TIMES.sample("worker kill: its addresses gone from the service's names", lab -> {
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
