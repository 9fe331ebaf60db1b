package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Machines come into the swarm, change their role, and go. */
class MembershipTest {
    private static boolean manages(SwarmLab lab, String asked, String node) {
        return lab.node(asked, node).managerStatus() instanceof Node.ManagerStatus status
                && status.reachability().equals("reachable");
    }

    @Test
    void aPromotedWorkerJoinsTheManagersAndCanLead() {
        SwarmLab lab = SwarmLab.swarm(1, 2, 1);
        lab.createRunning("m1", Spec.service("web").replicas(3), 3);
        lab.promote("m1", "w1");
        assertThat(lab.node("m1", "w1").spec().role()).isEqualTo("manager");
        lab.until(() -> manages(lab, "m1", "w1"));
        lab.until(() -> lab.get("w1").daemon().swarmStatus().equals("active/manager"));
        assertThat(lab.nodes("w1")).hasSize(3);
        // With three managers the loss of one is survived.
        lab.kill("m1");
        lab.until(() -> lab.leaders().size() == 1);
        lab.until(() -> lab.state("w1", "m1").equals("down") && lab.runs("w1", "web", 3));
    }

    @Test
    void aDemotedManagerIsAWorkerThatKeepsItsTasks() {
        SwarmLab lab = SwarmLab.swarm(2, 3, 0);
        lab.createRunning("m1", Spec.service("web").replicas(3), 3);
        String container = lab.taskContainers("m3").get(0).id;
        lab.demote("m1", "m3");
        lab.until(() -> lab.get("m3").daemon().swarmStatus().equals("active/worker"));
        lab.until(() -> lab.node("m1", "m3").managerStatus() == null);
        lab.run(30);
        assertThat(lab.state("m1", "m3")).isEqualTo("ready");
        assertThat(lab.containerOf(lab.runningOn("m1", "web", "m3").get(0)).id).isEqualTo(container);
    }

    @Test
    void aLeaderIsDemotedAfterHandingOver() {
        SwarmLab lab = SwarmLab.swarm(3, 3, 0);
        assertThat(lab.leader()).isEqualTo("m1");
        lab.demote("m1", "m1");
        lab.until(() -> lab.leaders().size() == 1 && !lab.leaders().contains("m1"));
        String leader = lab.leader();
        lab.until(() -> lab.node(leader, "m1").managerStatus() == null);
        lab.until(() -> lab.get("m1").daemon().swarmStatus().equals("active/worker"));
    }

    @Test
    void aRoleCanBeChangedBackAndForth() {
        SwarmLab lab = SwarmLab.swarm(4, 3, 1);
        for (int round = 0; round < 3; round++) {
            lab.promote("m1", "w1");
            lab.until(() -> manages(lab, "m1", "w1") && manages(lab, "w1", "m1"));
            lab.demote("m1", "w1");
            lab.until(() -> lab.get("w1").daemon().swarmStatus().equals("active/worker"));
        }
        assertThat(lab.state("m1", "w1")).isEqualTo("ready");
    }

    @Test
    void aPromotionInterruptedByALossOfPowerIsFinishedAfterIt() {
        for (int delay = 0; delay < 20; delay++) {
            SwarmLab lab = SwarmLab.swarm(5, 2, 1);
            lab.promote("m1", "w1");
            lab.run(delay * 0.05);
            lab.kill("w1");
            lab.run(3);
            lab.start("w1");
            lab.until(() -> manages(lab, "m1", "w1"));
            assertThat(lab.nodes("w1")).hasSize(3);
        }
    }

    @Test
    void aNodeThatLeftComesBackAsAnotherOne() {
        SwarmLab lab = SwarmLab.swarm(6, 1, 2);
        lab.createRunning("m1", Spec.service("web").replicas(3), 3);
        String first = lab.node("m1", "w2").id();
        lab.tryLeave("w2", false).orThrow();
        assertThat(lab.taskContainers("w2")).isEmpty();
        lab.until(() -> lab.state("m1", "w2").equals("down"));
        lab.until(() -> lab.runs("m1", "web", 3));
        lab.join("w2", false);
        lab.until(() -> lab.nodes("m1").size() == 4);
        List<Node> twins = lab.nodes("m1").stream()
                .filter(node -> node.hostname().equals("w2"))
                .toList();
        assertThat(twins).hasSize(2);
        lab.until(
                () -> lab.nodes("m1").stream().anyMatch(node -> node.hostname().equals("w2") && node.state("ready")));
        assertThat(lab.node("m1", first).status().state()).isEqualTo("down");
        lab.tryRemoveNode("m1", first, false).orThrow();
        lab.until(() -> lab.nodes("m1").size() == 3);
    }

    @Test
    void aManagerThatLeftByForceStaysUnreachableUntilItIsDemotedAndRemoved() {
        SwarmLab lab = SwarmLab.swarm(7, 3, 0);
        lab.tryLeave("m3", true).orThrow();
        lab.until(() -> lab.state("m1", "m3").equals("down"));
        Node.ManagerStatus status = lab.node("m1", "m3").managerStatus();
        assertThat(status).isNotNull();
        assertThat(status == null ? "" : status.reachability()).isEqualTo("unreachable");
        assertThat(SwarmLab.error(lab.tryRemoveNode("m1", "m3", false)))
                .contains("It must be demoted to worker before removal");
        lab.demote("m1", "m3");
        lab.until(() -> lab.node("m1", "m3").managerStatus() == null);
        lab.tryRemoveNode("m1", "m3", false).orThrow();
        assertThat(lab.nodes("m1")).hasSize(2);
        lab.join("m3", true);
        lab.until(() -> lab.nodes("m1").size() == 3 && lab.nodes("m1").stream().allMatch(node -> node.state("ready")));
    }

    @Test
    void aRemovedNodesTasksAreReplacedAndItsContainersGoWhenItReturns() {
        SwarmLab lab = SwarmLab.swarm(8, 1, 2);
        lab.createRunning("m1", Spec.service("web").replicas(4), 4);
        lab.kill("w2");
        lab.until(() -> lab.state("m1", "w2").equals("down"));
        Task lost = lab.tasks("m1", "web").stream()
                .filter(task -> lab.machineOf(task).name().equals("w2"))
                .findFirst()
                .orElseThrow();
        lab.tryRemoveNode("m1", "w2", false).orThrow();
        Task orphan = lab.store("m1").task(lost.id());
        assertThat(orphan == null ? TaskState.ORPHANED : orphan.state()).isEqualTo(TaskState.ORPHANED);
        lab.until(() -> lab.runs("m1", "web", 4));
        assertThat(lab.nodes("m1")).hasSize(2);
    }

    @Test
    void fiveManagersSurviveTheLossOfTwo() {
        SwarmLab lab = SwarmLab.swarm(9, 5, 0);
        lab.kill("m1");
        lab.kill("m2");
        lab.until(() -> lab.leaders().size() == 1);
        lab.createRunning(lab.leader(), Spec.service("web").replicas(3), 3);
    }

    @Test
    void anOrderlyShutdownOfTheLeaderHandsOverAtOnce() {
        SwarmLab lab = SwarmLab.swarm(10, 3, 0);
        var off = new ArrayList<Boolean>();
        lab.get("m1").shutdown(() -> off.add(true));
        assertThat(lab.secondsUntil(
                        () -> lab.leaders().size() == 1 && !lab.leaders().contains("m1")))
                .isLessThan(2);
        lab.until(() -> !off.isEmpty());
        assertThat(lab.get("m1").power()).isEqualTo(PowerState.STOPPED);
        lab.until(() -> lab.state("m2", "m1").equals("down"));
    }

    @Test
    void aNodeDrainsPausesAndBecomesActiveAgain() {
        SwarmLab lab = SwarmLab.swarm(11, 1, 2);
        lab.createRunning("m1", Spec.service("web").replicas(6), 6);
        lab.availability("m1", "w1", "pause");
        lab.scale("m1", "web", 12);
        lab.until(() -> lab.runs("m1", "web", 12));
        assertThat(lab.runningOn("m1", "web", "w1"))
                .as("what ran goes on, nothing new comes")
                .hasSize(2);
        lab.availability("m1", "w1", "drain");
        lab.until(() ->
                lab.runs("m1", "web", 12) && lab.runningOn("m1", "web", "w1").isEmpty());
        lab.availability("m1", "w1", "active");
        lab.run(30);
        assertThat(lab.runningOn("m1", "web", "w1")).as("nothing is moved back").isEmpty();
        lab.scale("m1", "web", 15);
        lab.until(() -> lab.runs("m1", "web", 15));
        assertThat(lab.runningOn("m1", "web", "w1")).hasSize(3);
    }
}
