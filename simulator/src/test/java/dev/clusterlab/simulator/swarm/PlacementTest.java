package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Where the scheduler puts tasks, and what it says when there is no place. */
class PlacementTest {
    private static Map<String, Long> perMachine(SwarmLab lab, String service) {
        return lab.running("m1", service).stream()
                .collect(
                        Collectors.groupingBy(task -> lab.machineOf(task).name(), TreeMap::new, Collectors.counting()));
    }

    private static String pendingReason(SwarmLab lab, String service) {
        lab.until(() -> lab.tasks("m1", service).stream()
                .anyMatch(task ->
                        task.state() == TaskState.PENDING && task.status().err() != null));
        return lab.tasks("m1", service).stream()
                .filter(task -> task.status().err() != null)
                .map(task -> String.valueOf(task.status().err()))
                .findFirst()
                .orElse("");
    }

    @Test
    void tasksFillSlotsFromOneOn() {
        SwarmLab lab = SwarmLab.swarm(1, 1, 2);
        lab.createRunning("m1", Spec.service("web").replicas(5), 5);
        assertThat(lab.running("m1", "web").stream().map(Task::slotNumber))
                .containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L);
        lab.scale("m1", "web", 2);
        lab.until(() -> lab.tasks("m1", "web").size() == 2);
        lab.scale("m1", "web", 4);
        lab.until(() -> lab.runs("m1", "web", 4));
        List<Long> slots =
                lab.running("m1", "web").stream().map(Task::slotNumber).sorted().toList();
        assertThat(slots).doesNotHaveDuplicates().contains(1L, 2L);
        Task one = lab.running("m1", "web").get(0);
        assertThat(one.name()).isEqualTo("web." + one.slot() + "." + one.id());
        assertThat(one.id()).matches("[0-9a-z]{25}");
        assertThat(lab.containerOf(one).name()).isEqualTo(one.name());
        assertThat(lab.containerOf(one).labels())
                .containsEntry("com.docker.swarm.service.name", "web")
                .containsEntry("com.docker.swarm.task.id", one.id())
                .containsEntry("com.docker.swarm.node.id", String.valueOf(one.nodeId()));
    }

    @Test
    void scalingDownRelievesTheNodesWithMostReplicas() {
        SwarmLab lab = SwarmLab.swarm(2, 1, 2);
        lab.createRunning("m1", Spec.service("web").replicas(3), 3);
        lab.availability("m1", "w2", "pause");
        lab.scale("m1", "web", 9);
        lab.until(() -> lab.runs("m1", "web", 9));
        assertThat(perMachine(lab, "web")).containsEntry("w2", 1L).containsEntry("m1", 4L);
        lab.scale("m1", "web", 3);
        lab.until(() -> lab.tasks("m1", "web").size() == 3);
        assertThat(perMachine(lab, "web").values()).containsOnly(1L);
    }

    @Test
    void aServiceScaledToNothingKeepsItsName() {
        SwarmLab lab = SwarmLab.swarm(3, 1, 1);
        lab.createRunning("m1", Spec.service("web").replicas(3), 3);
        lab.scale("m1", "web", 0);
        lab.until(() -> lab.tasks("m1", "web").isEmpty());
        lab.scale("m1", "web", 1);
        lab.until(() -> lab.runs("m1", "web", 1));
    }

    @Test
    void constraintsChooseNodes() {
        SwarmLab lab = SwarmLab.swarm(4, 2, 2);
        lab.label("m1", "w1", "zone", "East");
        String w2 = lab.node("m1", "w2").id();
        String address = lab.get("w2").address();
        Map<String, List<String>> cases = Map.of(
                "node.role==manager",
                List.of("m1", "m2"),
                "node.role!=manager",
                List.of("w1", "w2"),
                "node.hostname==W2",
                List.of("w2"),
                "node.id==" + w2,
                List.of("w2"),
                "node.labels.zone==east",
                List.of("w1"),
                "node.labels.zone!=east",
                List.of("m1", "m2", "w2"),
                "node.ip==" + address,
                List.of("w2"),
                "node.platform.os==linux",
                List.of("m1", "m2", "w1", "w2"),
                "node.ip==192.168.99.0/24",
                List.of("m1", "m2", "w1", "w2"));
        cases.forEach((constraint, machines) -> {
            lab.createRunning("m1", Spec.service("web").replicas(8).constraint(constraint), 8);
            assertThat(perMachine(lab, "web").keySet()).as(constraint).containsExactlyInAnyOrderElementsOf(machines);
            lab.removeService("m1", "web");
            lab.until(() -> lab.store("m1").tasks().isEmpty());
        });
    }

    @Test
    void allConstraintsMustHoldAndUnknownKeysNeverDo() {
        SwarmLab lab = SwarmLab.swarm(5, 1, 2);
        lab.create("m1", Spec.service("web").constraint("node.role==worker").constraint("node.hostname==m1"));
        assertThat(pendingReason(lab, "web"))
                .isEqualTo("no suitable node (scheduling constraints not satisfied on 3 nodes)");
        lab.create("m1", Spec.service("odd").constraint("node.colour!=red"));
        assertThat(pendingReason(lab, "odd"))
                .isEqualTo("no suitable node (scheduling constraints not satisfied on 3 nodes)");
    }

    @Test
    void aTaskWithoutAPlaceWaitsUntilThereIsOne() {
        SwarmLab lab = SwarmLab.swarm(6, 1, 2);
        lab.availability("m1", "m1", "drain");
        lab.create("m1", Spec.service("web").constraint("node.labels.disk==fast"));
        assertThat(pendingReason(lab, "web"))
                .isEqualTo("no suitable node (scheduling constraints not satisfied on 2 nodes; 1 node not available for"
                        + " new tasks)");
        Task waiting = lab.tasks("m1", "web").get(0);
        assertThat(waiting.status().message()).isEqualTo("pending task scheduling");
        lab.label("m1", "w2", "disk", "fast");
        lab.until(() -> lab.runs("m1", "web", 1));
        assertThat(perMachine(lab, "web")).containsOnlyKeys("w2");
        assertThat(lab.running("m1", "web").get(0).id()).isEqualTo(waiting.id());
        assertThat(lab.running("m1", "web").get(0).status().err()).isNull();
    }

    @Test
    void aTaskWhoseNodeNoLongerFitsIsRejectedThere() {
        SwarmLab lab = SwarmLab.swarm(7, 1, 2);
        lab.label("m1", "w1", "zone", "a");
        lab.createRunning("m1", Spec.service("web").replicas(2).constraint("node.labels.zone==a"), 2);
        List<Task> before = lab.running("m1", "web");
        lab.label("m1", "w2", "zone", "a");
        lab.label("m1", "w1", "zone", "b");
        lab.until(() -> lab.runningOn("m1", "web", "w2").size() == 2);
        for (Task old : before) {
            Task now = lab.store("m1").task(old.id());
            assertThat(now).isNotNull();
            if (now != null) {
                assertThat(now.state()).isEqualTo(TaskState.REJECTED);
                assertThat(now.status().message()).isEqualTo("task rejected by constraint enforcer");
                assertThat(now.status().err()).isEqualTo("assigned node no longer meets constraints");
            }
        }
        lab.until(() -> lab.taskContainers("w1").stream().noneMatch(DockerContainer::running));
    }

    @Test
    void aRoleChangeMovesTasksThatAreForManagersOnly() {
        SwarmLab lab = SwarmLab.swarm(8, 3, 0);
        lab.createRunning("m1", Spec.service("edge").global().constraint("node.role==manager"), 3);
        lab.demote("m1", "m3");
        lab.until(() ->
                lab.runs("m1", "edge", 2) && lab.taskContainers("m3").stream().noneMatch(DockerContainer::running));
        lab.promote("m1", "m3");
        lab.until(() -> lab.runs("m1", "edge", 3));
    }

    @Test
    void aPreferenceSpreadsOverTheValuesOfALabel() {
        SwarmLab lab = SwarmLab.swarm(9, 1, 4);
        lab.label("m1", "w1", "zone", "a");
        lab.label("m1", "w2", "zone", "a");
        lab.label("m1", "w3", "zone", "a");
        lab.label("m1", "w4", "zone", "b");
        lab.createRunning(
                "m1",
                Spec.service("web").replicas(12).constraint("node.role==worker").spread("node.labels.zone"),
                12);
        Map<String, Long> count = perMachine(lab, "web");
        assertThat(count).containsEntry("w4", 6L);
        assertThat(count.get("w1") + count.get("w2") + count.get("w3")).isEqualTo(6);
        assertThat(count.get("w1")).isEqualTo(2);
        lab.createRunning("m1", Spec.service("other").replicas(6).spread("node.labels.zone"), 6);
        assertThat(perMachine(lab, "other"))
                .as("no label is a value of its own")
                .containsEntry("m1", 2L);
    }

    @Test
    void noNodeGetsMoreReplicasThanAllowed() {
        SwarmLab lab = SwarmLab.swarm(10, 1, 2);
        lab.create("m1", Spec.service("web").replicas(7).replicasMaxPerNode(2));
        lab.until(() -> lab.runs("m1", "web", 6));
        assertThat(perMachine(lab, "web").values()).containsOnly(2L);
        assertThat(pendingReason(lab, "web")).isEqualTo("no suitable node (max replicas per node limit exceed)");
        lab.machine("w3");
        lab.join("w3", false);
        lab.until(() -> lab.runs("m1", "web", 7));
        assertThat(perMachine(lab, "web")).containsEntry("w3", 1L);
    }

    @Test
    void aPortPublishedOnTheHostIsThereOnce() {
        SwarmLab lab = SwarmLab.swarm(11, 1, 2);
        lab.create("m1", Spec.service("agent").replicas(4).publishOnHost(8500, 80));
        lab.until(() -> lab.runs("m1", "agent", 3));
        assertThat(pendingReason(lab, "agent"))
                .isEqualTo("no suitable node (host-mode port already in use on 3 nodes)");
        lab.create("m1", Spec.service("other").constraint("node.role==worker").publishOnHost(8500, 80));
        assertThat(pendingReason(lab, "other"))
                .isEqualTo("no suitable node (host-mode port already in use on 2 nodes; scheduling constraints not"
                        + " satisfied on 1 node)");
        lab.scale("m1", "agent", 0);
        lab.until(() -> lab.runs("m1", "other", 1));
    }

    @Test
    void reservationsAreKept() {
        SwarmLab lab = SwarmLab.swarm(12, 1, 1);
        lab.create("m1", Spec.service("big").replicas(5).reserve(1_000_000_000L, null));
        lab.until(() -> lab.runs("m1", "big", 4));
        assertThat(perMachine(lab, "big").values()).containsOnly(2L);
        assertThat(pendingReason(lab, "big")).isEqualTo("no suitable node (insufficient resources on 2 nodes)");
        lab.createRunning("m1", Spec.service("small").replicas(4), 4);
        lab.create("m1", Spec.service("fat").reserve(null, 3L << 30));
        assertThat(pendingReason(lab, "fat")).isEqualTo("no suitable node (insufficient resources on 2 nodes)");
    }

    @Test
    void aNodeWhereTheServiceKeepsFailingIsAvoided() {
        SwarmLab lab = SwarmLab.swarm(13, 1, 2);
        lab.availability("m1", "m1", "drain");
        lab.availability("m1", "w2", "pause");
        lab.create("m1", Spec.service("web").image("test/failing").restart("any", java.time.Duration.ZERO, 0, null));
        lab.run(20);
        lab.availability("m1", "w2", "active");
        lab.until(() -> lab.tasks("m1", "web").stream()
                .anyMatch(task ->
                        task.nodeId() != null && lab.machineOf(task).name().equals("w2")));
    }

    @Test
    void aGlobalServiceIsWhereItFits() {
        SwarmLab lab = SwarmLab.swarm(14, 1, 3);
        lab.createRunning("m1", Spec.service("agent").global().constraint("node.labels.agent!=no"), 4);
        assertThat(perMachine(lab, "agent")).hasSize(4);
        Task there = lab.runningOn("m1", "agent", "w1").get(0);
        assertThat(there.slot()).isNull();
        assertThat(there.name()).isEqualTo("agent." + there.nodeId() + "." + there.id());
        lab.label("m1", "w1", "agent", "no");
        lab.until(() -> lab.taskContainers("w1").stream().noneMatch(DockerContainer::running));
        lab.run(30);
        assertThat(perMachine(lab, "agent")).hasSize(3).doesNotContainKey("w1");
        lab.label("m1", "w1", "agent", "yes");
        lab.until(() -> lab.runs("m1", "agent", 4));
    }

    @Test
    void aGlobalTaskOfALostNodeIsNotReplacedElsewhere() {
        SwarmLab lab = SwarmLab.swarm(15, 1, 2);
        lab.createRunning("m1", Spec.service("agent").global(), 3);
        lab.kill("w1");
        lab.until(() -> lab.state("m1", "w1").equals("down"));
        lab.run(20);
        assertThat(perMachine(lab, "agent")).hasSize(2);
        assertThat(lab.running("m1", "agent")).hasSize(2);
        lab.start("w1");
        lab.until(() ->
                lab.runs("m1", "agent", 3) && lab.runningOn("m1", "agent", "w1").size() == 1);
        lab.kill("w2");
        lab.until(() -> lab.state("m1", "w2").equals("down"));
        lab.tryRemoveNode("m1", "w2", false).orThrow();
        lab.until(() -> lab.tasks("m1", "agent").stream()
                .allMatch(task -> lab.store("m1").node(task.nodeId()) != null));
    }

    @Test
    void aPausedNodeKeepsItsGlobalTaskAndANewOneGetsNone() {
        SwarmLab lab = SwarmLab.swarm(16, 1, 2);
        lab.createRunning("m1", Spec.service("agent").global(), 3);
        lab.availability("m1", "w1", "pause");
        lab.createRunning("m1", Spec.service("second").global(), 2);
        lab.run(10);
        assertThat(perMachine(lab, "agent")).containsKey("w1");
        assertThat(perMachine(lab, "second")).doesNotContainKey("w1");
        lab.availability("m1", "w1", "active");
        lab.until(() -> lab.runs("m1", "second", 3));
    }
}
