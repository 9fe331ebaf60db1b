package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.SystemInfo;
import dev.clusterlab.simulator.docker.api.Task;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SwarmBringUpTest {
    @Test
    void machinesGetAddressesInOrderAndTheirDaemonsAnswerSoon() {
        var lab = new SwarmLab(1);
        SimMachine first = lab.world.createMachine("a");
        SimMachine second = lab.world.createMachine("b");
        assertThat(first.address()).isEqualTo("192.168.99.100");
        assertThat(second.address()).isEqualTo("192.168.99.101");
        assertThat(first.daemonReady()).isFalse();
        assertThat(lab.secondsUntil(second::daemonReady)).isBetween(0.5, 0.9);
    }

    @Test
    void aSwarmComesUpWithThreeManagersAndThreeWorkers() {
        SwarmLab lab = SwarmLab.swarm(1, 3, 3);
        assertThat(lab.nodes("m1")).hasSize(6);
        assertThat(lab.nodes("m3").stream().filter(node -> node.managerStatus() != null))
                .hasSize(3);
        assertThat(lab.nodes("m2").stream()
                        .filter(node -> node.managerStatus() != null
                                && Boolean.TRUE.equals(node.managerStatus().leader())))
                .hasSize(1);
        SystemInfo info = lab.<SystemInfo>call("m2", DockerDaemon::info).orThrow();
        assertThat(info.swarm().nodes()).isEqualTo(6);
        assertThat(info.swarm().managers()).isEqualTo(3);
        assertThat(info.swarm().localNodeState()).isEqualTo("active");
        assertThat(lab.get("w1").daemon().swarmStatus()).isEqualTo("active/worker");
    }

    @Test
    void tasksAreSpreadEvenly() {
        SwarmLab lab = SwarmLab.swarm(2, 3, 3);
        lab.create("m1", Spec.service("web").replicas(6));
        lab.until(() -> lab.runs("m1", "web", 6));
        assertThat(perNode(lab, "web").values()).containsOnly(1);
        lab.scale("m1", "web", 10);
        lab.until(() -> lab.runs("m1", "web", 10));
        assertThat(perNode(lab, "web").values()).containsExactlyInAnyOrder(2, 2, 2, 2, 1, 1);
        lab.scale("m1", "web", 6);
        lab.until(() -> lab.tasks("m1", "web").size() == 6);
        assertThat(perNode(lab, "web").values()).containsOnly(1);
        assertThat(Set.copyOf(
                        lab.tasks("m1", "web").stream().map(Task::slotNumber).toList()))
                .hasSize(6);
    }

    @Test
    void aGlobalServiceFollowsTheNodes() {
        SwarmLab lab = SwarmLab.swarm(3, 1, 2);
        lab.create("m1", Spec.service("agent").global());
        lab.until(() -> lab.runs("m1", "agent", 3));
        lab.machine("w3");
        lab.join("w3", false);
        lab.until(() -> lab.runs("m1", "agent", 4));
        lab.availability("m1", "w1", "drain");
        lab.until(() -> lab.runs("m1", "agent", 3));
        lab.availability("m1", "w1", "active");
        lab.until(() -> lab.runs("m1", "agent", 4));
    }

    @Test
    void aRemovedServiceLeavesNothingBehind() {
        SwarmLab lab = SwarmLab.swarm(4, 1, 2);
        lab.create("m1", Spec.service("web").replicas(4));
        lab.until(() -> lab.runs("m1", "web", 4));
        lab.removeService("m1", "web");
        lab.until(() -> lab.store("m1").tasks().isEmpty());
        lab.run(5);
        for (SimMachine machine : lab.world.machines()) {
            assertThat(machine.daemon().containers(true, 0, Filters.NONE).orThrow())
                    .isEmpty();
        }
    }

    static Map<String, Integer> perNode(SwarmLab lab, String service) {
        var counts = new LinkedHashMap<String, Integer>();
        for (Task task : lab.running("m1", service)) {
            counts.merge(String.valueOf(task.nodeId()), 1, Integer::sum);
        }
        return counts;
    }
}
