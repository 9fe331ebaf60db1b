package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.SystemInfo;
import dev.clusterlab.simulator.docker.api.Task;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Too few managers: nothing can be changed, and all that runs goes on running. */
class QuorumLossTest {
    private static final String NO_LEADER =
            "500 rpc error: code = Unknown desc = The swarm does not have a leader. It's"
                    + " possible that too few managers are online. Make sure more than half of the managers are online.";
    private SwarmLab lab = new SwarmLab(0);

    @BeforeEach
    void threeManagersWithAService() {
        lab = SwarmLab.swarm(1, 3, 2);
        lab.overlay("m1", "front", "");
        lab.createRunning("m1", Spec.service("web").replicas(5).network("front").publish(80, 80), 5);
        lab.run(5);
    }

    private String askNodes(String machine) {
        return SwarmLab.error(lab.<List<Node>>call(machine, (daemon, done) -> daemon.nodes(Filters.NONE, done)));
    }

    @Test
    void aCallSoonAfterTheLossWaitsForALeaderAndThenGivesUp() {
        assertThat(lab.leader()).isEqualTo("m1");
        lab.kill("m1");
        lab.kill("m2");
        // The last leader's word is still believed until the election timeout; then the tenth tick is awaited.
        lab.until(() -> lab.get("m3").managerOrNull() instanceof Manager manager
                && manager.raft().status().leaderId() == null);
        double asked = lab.simulation.nowNanos() / 1e9;
        assertThat(askNodes("m3")).isEqualTo("500 rpc error: code = DeadlineExceeded desc = context deadline exceeded");
        assertThat(lab.simulation.nowNanos() / 1e9 - asked).isBetween(19.9, 20.1);
    }

    @Test
    void aLaterCallFailsAtOnce() {
        lab.kill("m1");
        lab.kill("m2");
        lab.run(40);
        double asked = lab.simulation.nowNanos() / 1e9;
        assertThat(askNodes("m3")).isEqualTo(NO_LEADER);
        assertThat(SwarmLab.error(lab.tryCreate("m3", Spec.service("other")))).isEqualTo(NO_LEADER);
        assertThat(lab.simulation.nowNanos() / 1e9 - asked).isLessThan(0.1);
    }

    @Test
    void aCallThatWaitsIsServedByTheNextLeader() {
        lab.kill("m1");
        lab.until(() -> lab.get("m2").managerOrNull() instanceof Manager manager
                && manager.raft().status().leaderId() == null);
        assertThat(lab.nodes("m2")).hasSize(5);
    }

    @Test
    void theSurvivorStillTellsAboutItself() {
        lab.kill("m1");
        lab.kill("m2");
        lab.run(40);
        SystemInfo.Swarm info =
                lab.<SystemInfo>call("m3", DockerDaemon::info).orThrow().swarm();
        assertThat(info.localNodeState()).isEqualTo("active");
        assertThat(info.controlAvailable()).isTrue();
        assertThat(info.error()).isEqualTo(NO_LEADER.substring(4));
        assertThat(info.nodes()).isZero();
        assertThat(info.managers()).isZero();
        assertThat(info.cluster()).isNotNull();
        assertThat(String.valueOf(info.cluster() == null ? null : info.cluster().id()))
                .isEmpty();
        assertThat(lab.get("m3").daemon().swarmStatus()).isEqualTo("active/manager");
    }

    @Test
    void everythingThatRunsGoesOnAndNothingIsReplaced() {
        var before = new TreeSet<String>();
        for (String machine : List.of("m3", "w1", "w2")) {
            lab.taskContainers(machine).forEach(container -> before.add(container.id));
        }
        Task asker = lab.runningOn("m3", "web", "w1").get(0);
        lab.kill("m1");
        lab.kill("m2");
        lab.run(60);
        lab.kill("w2");
        lab.run(120);
        assertThat(lab.state("m3", "w2")).isEqualTo("ready");
        for (String machine : List.of("m3", "w1")) {
            assertThat(lab.taskContainers(machine)).allMatch(DockerContainer::running);
            assertThat(before)
                    .containsAll(lab.taskContainers(machine).stream()
                            .map(container -> container.id)
                            .toList());
        }
        // Names and the published port lead to the two that are left.
        assertThat(Set.of(lab.exec(asker, "resolve", "tasks.web").split(" "))).hasSize(2);
        assertThat(lab.get("w1", 80)).isNotEqualTo(lab.get("w1", 80));
    }

    @Test
    void theSwarmIsBackWhenAManagerIs() {
        lab.kill("m1");
        lab.kill("m2");
        lab.run(60);
        lab.start("m2");
        lab.until(() -> lab.leaders().size() == 1);
        lab.until(() ->
                lab.runs("m3", "web", 5) && lab.runningOn("m3", "web", "m1").isEmpty());
        assertThat(lab.state("m3", "m1")).isEqualTo("down");
        assertThat(lab.nodes("m3")).hasSize(5);
    }

    @Test
    void aSurvivorCanBeginAgainWithWhatItKnows() {
        lab.kill("m1");
        lab.kill("m2");
        lab.run(30);
        var request = new Cluster.InitRequest(null, null, null, null, null, null, true, null, null, null);
        lab.<String>call("m3", (daemon, done) -> daemon.swarmInit(request, done))
                .orThrow();
        lab.until(() -> lab.leaders().size() == 1);
        assertThat(lab.nodes("m3")).hasSize(5);
        lab.until(() -> lab.runs("m3", "web", 5)
                && lab.state("m3", "m1").equals("down")
                && lab.runningOn("m3", "web", "m1").isEmpty());
        assertThat(lab.nodes("m3").stream().filter(node -> node.managerStatus() != null))
                .hasSize(1);
        // They are no members of the new group, so there is nothing to demote them from.
        assertThat(SwarmLab.error(lab.tryRole("m3", "m1", "worker")))
                .isEqualTo("404 rpc error: code = NotFound desc = can't find manager in raft memberlist");
        lab.tryRemoveNode("m3", "m1", false).orThrow();
        lab.tryRemoveNode("m3", "m2", false).orThrow();
        assertThat(lab.nodes("m3")).hasSize(3);
    }

    @Test
    void anIsolatedLeaderAnswersUntilItStepsDown() {
        lab.isolate("m1");
        assertThat(askNodes("m1")).startsWith("ok");
        lab.until(() -> !lab.leaders().contains("m1"));
        lab.run(15);
        assertThat(askNodes("m1")).isEqualTo(NO_LEADER);
        lab.until(() -> lab.leaders().size() == 1);
        String next = lab.leader();
        lab.create(next, Spec.service("later"));
        lab.until(() -> lab.runs(next, "later", 1));
        lab.heal("m1");
        lab.until(() -> lab.store("m1").serviceNamed("later") != null);
        assertThat(lab.leaders()).hasSize(1);
    }

    @Test
    void aServiceMadeWithoutAQuorumIsNot() {
        lab.isolate("m1");
        assertThat(SwarmLab.error(lab.tryCreate("m1", Spec.service("lost")))).startsWith("500 rpc error: code = ");
        lab.heal("m1");
        lab.until(() -> lab.leaders().size() == 1 && lab.state("m1", "m1").equals("ready"));
        lab.run(5);
        assertThat(lab.store("m1").serviceNamed("lost")).isNull();
    }

    @Test
    void twoManagersWarnThatTheyTolerateNoLoss() {
        SwarmLab two = SwarmLab.swarm(2, 2, 0);
        SystemInfo.Swarm info =
                two.<SystemInfo>call("m1", DockerDaemon::info).orThrow().swarm();
        assertThat(info.warnings()).isNotNull();
        assertThat(String.join("", info.warnings() == null ? List.of() : info.warnings()))
                .contains("two-manager configuration")
                .contains("no fault tolerance");
        two.kill("m2");
        two.run(40);
        assertThat(SwarmLab.error(two.<List<Node>>call("m1", (daemon, done) -> daemon.nodes(Filters.NONE, done))))
                .isEqualTo(NO_LEADER);
    }
}
