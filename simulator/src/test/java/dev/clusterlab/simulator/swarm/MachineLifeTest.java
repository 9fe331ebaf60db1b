package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.core.Underlay;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.LogRequest;
import dev.clusterlab.simulator.docker.api.LogSink;
import dev.clusterlab.simulator.docker.api.Subscription;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Machines lose power, shut down, freeze and come back with their disks. */
class MachineLifeTest {
    private static void shutdown(SwarmLab lab, String machine) {
        var off = new ArrayList<Boolean>();
        lab.get(machine).shutdown(() -> off.add(true));
        lab.until(() -> !off.isEmpty());
        assertThat(lab.get(machine).power()).isEqualTo(PowerState.STOPPED);
    }

    @Test
    void containersAreOnTheDiskAfterALossOfPower() {
        var lab = new SwarmLab(1);
        lab.machine("a");
        lab.runContainer("a", "plain", Containers.config("test/web").volume("notes", "/data"));
        lab.runContainer("a", "always", Containers.config("test/web").restart("always", 0));
        lab.runContainer("a", "once", Containers.config("test/web").removedAtItsEnd());
        lab.exec("a", "plain", "write", "kept");
        lab.kill("a");
        assertThat(lab.get("a").publishedPorts()).isEmpty();
        lab.start("a");
        lab.run(2);
        DockerDaemon engine = lab.get("a").daemon();
        Container.State plain = engine.container("plain").orThrow().state();
        assertThat(plain.status()).isEqualTo("exited");
        assertThat(plain.exitCode()).isEqualTo(255);
        assertThat(engine.container("always").orThrow().state().running()).isTrue();
        assertThat(SwarmLab.error(engine.container("once"))).startsWith("404");
        lab.<Boolean>call("a", (daemon, done) -> daemon.containerStart("plain", done))
                .orThrow();
        assertThat(lab.exec("a", "plain", "read")).isEqualTo("kept");
    }

    @Test
    void aShutdownStopsContainersInOrderAndRestartsNone() {
        var lab = new SwarmLab(2);
        lab.machine("a");
        lab.runContainer("a", "always", Containers.config("test/web").restart("always", 0));
        lab.runContainer("a", "unless", Containers.config("test/web").restart("unless-stopped", 0));
        lab.runContainer("a", "stopped", Containers.config("test/web").restart("unless-stopped", 0));
        lab.runContainer("a", "mule", Containers.config("test/stubborn"));
        lab.<Boolean>call("a", (daemon, done) -> daemon.containerStop("stopped", 1, done))
                .orThrow();
        var starts = new ArrayList<String>();
        lab.get("a").daemon().events(Filters.of("event", "start"), 0, event -> starts.add(event.toString()));
        double asked = lab.simulation.nowNanos() / 1e9;
        shutdown(lab, "a");
        assertThat(lab.simulation.nowNanos() / 1e9 - asked)
                .as("the mule is killed")
                .isBetween(10.0, 10.5);
        assertThat(starts).isEmpty();
        lab.start("a");
        lab.run(2);
        DockerDaemon engine = lab.get("a").daemon();
        assertThat(engine.container("always").orThrow().state().running()).isTrue();
        assertThat(engine.container("unless").orThrow().state().running()).isTrue();
        assertThat(engine.container("stopped").orThrow().state().running()).isFalse();
        assertThat(engine.container("mule").orThrow().state().exitCode()).isEqualTo(137);
    }

    @Test
    void aSingleManagersSwarmSurvivesALossOfPower() {
        SwarmLab lab = SwarmLab.swarm(3, 1, 1);
        lab.overlay("m1", "front", "");
        lab.createRunning("m1", Spec.service("web").replicas(4).network("front").publish(80, 80), 4);
        String node = lab.node("m1", "m1").id();
        lab.kill("m1");
        lab.kill("w1");
        lab.run(60);
        lab.start("w1");
        lab.start("m1");
        lab.until(() -> lab.leaders().size() == 1 && lab.nodes("m1").stream().allMatch(known -> known.state("ready")));
        lab.until(() -> lab.runs("m1", "web", 4));
        assertThat(lab.node("m1", "m1").id()).isEqualTo(node);
        lab.until(() -> new SwarmConvergence(lab.world).whyNotYet().isEmpty());
        assertThat(lab.get("w1", 80)).isNotIn("REFUSED", "TIMEOUT");
    }

    @Test
    void aStoppedWorkerIsMissedOnlyWhenItsHeartbeatsAre() {
        SwarmLab lab = SwarmLab.swarm(4, 1, 2);
        lab.createRunning("m1", Spec.service("web").replicas(3), 3);
        Task there = lab.runningOn("m1", "web", "w1").get(0);
        shutdown(lab, "w1");
        Task shown = lab.store("m1").task(there.id());
        assertThat(shown == null ? null : shown.state()).isEqualTo(TaskState.RUNNING);
        assertThat(lab.secondsUntil(() -> lab.state("m1", "w1").equals("down"))).isBetween(8.5, 16.7);
        lab.until(() ->
                lab.runs("m1", "web", 3) && lab.runningOn("m1", "web", "w1").isEmpty());
        lab.start("w1");
        lab.until(() -> lab.state("m1", "w1").equals("ready"));
        lab.run(5);
        assertThat(lab.taskContainers("w1")).noneMatch(DockerContainer::running);
    }

    @Test
    void aShortLossOfPowerReplacesTheTasksThatFailed() {
        SwarmLab lab = SwarmLab.swarm(5, 1, 2);
        lab.createRunning("m1", Spec.service("web").replicas(3), 3);
        Task there = lab.runningOn("m1", "web", "w1").get(0);
        lab.kill("w1");
        lab.start("w1");
        lab.until(() -> lab.store("m1").task(there.id()) instanceof Task task && task.state() == TaskState.FAILED);
        Task failed = lab.store("m1").task(there.id());
        assertThat(failed == null ? null : failed.status().err()).isEqualTo("task: non-zero exit (255)");
        assertThat(lab.state("m1", "w1")).isEqualTo("ready");
        lab.until(() -> lab.runs("m1", "web", 3));
    }

    @Test
    void aFrozenWorkerIsDownAndGivesItsTasksUpWhenItThaws() {
        SwarmLab lab = SwarmLab.swarm(6, 1, 2);
        lab.createRunning("m1", Spec.service("web").replicas(3), 3);
        lab.get("w1").pause();
        lab.until(() -> lab.state("m1", "w1").equals("down"));
        lab.until(() ->
                lab.runs("m1", "web", 3) && lab.runningOn("m1", "web", "w1").isEmpty());
        assertThat(lab.taskContainers("w1")).allMatch(DockerContainer::running);
        lab.get("w1").unpause();
        lab.until(() -> lab.state("m1", "w1").equals("ready"));
        lab.until(() -> lab.taskContainers("w1").stream().noneMatch(DockerContainer::running));
    }

    @Test
    void aFrozenLeaderFollowsWhenItThaws() {
        SwarmLab lab = SwarmLab.swarm(7, 3, 1);
        lab.get("m1").pause();
        lab.until(() -> lab.leaders().stream().anyMatch(leader -> !leader.equals("m1")));
        lab.run(20);
        lab.get("m1").unpause();
        lab.until(() -> lab.leaders().size() == 1 && !lab.leaders().contains("m1"));
        lab.until(() -> new SwarmConvergence(lab.world).whyNotYet().isEmpty());
    }

    @Test
    void aShortCutLosesNoAssignment() {
        for (int seed = 0; seed < 20; seed++) {
            SwarmLab lab = SwarmLab.swarm(seed, 1, 2);
            lab.createRunning("m1", Spec.service("web").replicas(3), 3);
            lab.run(seed * 0.3);
            lab.isolate("w1");
            lab.scale("m1", "web", 9);
            lab.run(1.5);
            lab.heal("w1");
            assertThat(lab.secondsUntil(() -> lab.runs("m1", "web", 9)))
                    .as("seed %d", seed)
                    .isLessThan(25);
            lab.until(() -> new SwarmConvergence(lab.world).whyNotYet().isEmpty());
        }
    }

    @Test
    void aLossyNetworkSlowsButDoesNotStrand() {
        SwarmLab lab = SwarmLab.swarm(8, 1, 2);
        for (SimMachine left : lab.world.machines()) {
            for (SimMachine right : lab.world.machines()) {
                lab.world.underlay().rule(left.name(), right.name(), new Underlay.Rule(Duration.ofMillis(20), 0.2));
            }
        }
        lab.create("m1", Spec.service("web").replicas(12));
        lab.run(60);
        lab.world.underlay().healAll();
        lab.until(() -> lab.runs("m1", "web", 12));
        lab.until(() -> new SwarmConvergence(lab.world).whyNotYet().isEmpty());
    }

    @Test
    void theLogsOfAServiceEndAlsoWhenOneOfItsMachinesIsSilent() {
        SwarmLab lab = SwarmLab.swarm(11, 1, 2);
        lab.createRunning("m1", Spec.service("web").replicas(3), 3);
        var lines = new ArrayList<String>();
        var ends = new ArrayList<Boolean>();
        LogSink sink = new LogSink() {
            @Override
            public void line(boolean stderr, Instant time, Map<String, String> context, String text) {
                lines.add(context.get("com.docker.swarm.node.id") + " " + text.strip());
            }

            @Override
            public void end() {
                ends.add(true);
            }
        };
        lab.kill("w1");
        lab.<Subscription>call("m1", (daemon, done) -> daemon.serviceLogs("web", LogRequest.ALL, sink, done))
                .orThrow();
        assertThat(lab.secondsUntil(() -> !ends.isEmpty())).isLessThan(11);
        assertThat(lines).hasSize(2).allMatch(line -> line.endsWith(" serving on 80"));
    }

    @Test
    void aRemovedMachineIsGone() {
        SwarmLab lab = SwarmLab.swarm(9, 1, 2);
        lab.createRunning("m1", Spec.service("web").replicas(3), 3);
        lab.get("w2").remove();
        assertThat(lab.world.machine("w2")).isEmpty();
        lab.until(() -> lab.state("m1", "w2").equals("down"));
        lab.tryRemoveNode("m1", "w2", false).orThrow();
        lab.until(() -> lab.runs("m1", "web", 3));
        lab.machine("w2");
        lab.join("w2", false);
        lab.until(() -> lab.state("m1", "w2").equals("ready"));
        assertThat(lab.get("w2").daemon().containers(true, 0, Filters.NONE).orThrow())
                .isEmpty();
    }

    @Test
    void volumesOfTasksStayOnTheirMachine() {
        SwarmLab lab = SwarmLab.swarm(10, 1, 1);
        lab.createRunning("m1", Spec.service("db").volume("notes", "/data").constraint("node.hostname==w1"), 1);
        Task first = lab.running("m1", "db").get(0);
        lab.exec(first, "write", "kept");
        lab.kill("w1");
        lab.run(20);
        lab.start("w1");
        lab.until(() ->
                lab.runs("m1", "db", 1) && !lab.running("m1", "db").get(0).id().equals(first.id()));
        assertThat(lab.exec(lab.running("m1", "db").get(0), "read")).isEqualTo("kept");
    }

    @Test
    void aSwarmBegunWhileTheEngineWasStillComingBackToItsOldOneIsBegunOnce() {
        SwarmLab lab = SwarmLab.swarm(7, 1, 0);
        lab.kill("m1");
        lab.start("m1");
        assertThat(lab.tryLeave("m1", true)).isInstanceOf(ApiResult.Ok.class);
        lab.get("m1")
                .daemon()
                .swarmInit(
                        new Cluster.InitRequest(null, null, null, null, null, null, null, null, null, null),
                        done -> {});
        lab.until(() -> lab.get("m1").managerOrNull() != null);
        Manager begun = lab.get("m1").managerOrNull();
        lab.run(3);
        assertThat(lab.get("m1").managerOrNull()).isSameAs(begun);
    }
}
