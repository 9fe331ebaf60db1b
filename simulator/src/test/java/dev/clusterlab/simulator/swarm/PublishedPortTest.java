package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Ports that are published: the routing mesh on every node, or the task's own host. */
class PublishedPortTest {
    private static final List<String> MACHINES = List.of("m1", "w1", "w2");

    @Test
    void theRoutingMeshAnswersOnEveryNode() {
        SwarmLab lab = SwarmLab.swarm(1, 1, 2);
        lab.createRunning(
                "m1", Spec.service("web").constraint("node.hostname==w1").publish(8080, 80), 1);
        lab.run(1);
        String host = lab.get("w1", 8080);
        for (String machine : MACHINES) {
            assertThat(lab.get(machine, 8080)).as(machine).isEqualTo(host).doesNotContain("REFUSED");
            assertThat(lab.get(machine).publishedPorts()).containsExactly(8080);
            assertThat(lab.get(machine, 80)).isEqualTo("REFUSED");
        }
    }

    @Test
    void theMeshGoesRoundTheTasksOnAllNodes() {
        SwarmLab lab = SwarmLab.swarm(2, 1, 2);
        lab.createRunning("m1", Spec.service("web").replicas(6).publish(80, 80), 6);
        lab.run(1);
        var answers = new ArrayList<String>();
        for (int i = 0; i < 12; i++) {
            answers.add(lab.get("w2", 80));
        }
        assertThat(Set.copyOf(answers)).hasSize(6);
        Service service = lab.service("m1", "web");
        assertThat(service.ports()).containsExactly(new ServiceSpec.Port(null, "tcp", 80, 80, "ingress"));
        assertThat(service.virtualIps()).hasSize(1);
        assertThat(service.virtualIps().get(0).addr()).startsWith("10.0.0.");
    }

    @Test
    void aPortOnTheHostIsOnlyWhereTheTaskIs() {
        SwarmLab lab = SwarmLab.swarm(3, 1, 2);
        lab.createRunning(
                "m1", Spec.service("web").constraint("node.hostname==w1").publishOnHost(8080, 80), 1);
        assertThat(lab.get("w1", 8080)).doesNotContain("REFUSED");
        assertThat(lab.get("w2", 8080)).isEqualTo("REFUSED");
        assertThat(lab.get("m1", 8080)).isEqualTo("REFUSED");
        Task task = lab.running("m1", "web").get(0);
        assertThat(task.status().portStatus().ports())
                .containsExactly(new ServiceSpec.Port(null, "tcp", 80, 8080, "host"));
    }

    @Test
    void anUnsaidPortIsChosenFromThirtyThousandOn() {
        SwarmLab lab = SwarmLab.swarm(4, 1, 0);
        lab.createRunning("m1", Spec.service("web").publish(0, 80), 1);
        lab.createRunning("m1", Spec.service("other").publish(0, 80), 1);
        assertThat(lab.service("m1", "web").ports().get(0).published()).isEqualTo(30_000);
        assertThat(lab.service("m1", "other").ports().get(0).published()).isEqualTo(30_001);
        lab.run(1);
        assertThat(lab.get("m1", 30_001)).doesNotContain("REFUSED");
        // It is kept when the service changes.
        lab.update("m1", Spec.service("other").publish(0, 80).image("test/web:2"));
        assertThat(lab.service("m1", "other").ports().get(0).published()).isEqualTo(30_001);
    }

    @Test
    void aPortIsClosedWhenItsServiceIsGone() {
        SwarmLab lab = SwarmLab.swarm(5, 1, 2);
        lab.createRunning("m1", Spec.service("web").replicas(2).publish(80, 80), 2);
        lab.run(1);
        lab.removeService("m1", "web");
        lab.until(() -> lab.store("m1").tasks().isEmpty());
        lab.run(1);
        for (String machine : MACHINES) {
            assertThat(lab.get(machine, 80)).isEqualTo("REFUSED");
        }
    }

    @Test
    void theMeshForgetsADeadNode() {
        SwarmLab lab = SwarmLab.swarm(6, 1, 2);
        lab.createRunning("m1", Spec.service("web").replicas(3).publish(80, 80), 3);
        lab.run(1);
        lab.kill("w2");
        var answers = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            answers.add(lab.get("w1", 80));
        }
        assertThat(answers).contains("TIMEOUT");
        lab.run(20);
        for (int i = 0; i < 6; i++) {
            assertThat(lab.get("w1", 80)).isNotIn("TIMEOUT", "REFUSED");
        }
    }

    @Test
    void aRequestInFlightIsResetWhenItsContainerIsKilled() {
        SwarmLab lab = SwarmLab.swarm(7, 1, 1);
        lab.createRunning("m1", Spec.service("web").publish(80, 80), 1);
        lab.run(1);
        var answer = new ArrayList<String>();
        lab.request("w1", 80, "/slow", answer::add);
        lab.run(1);
        lab.killContainer(lab.running("m1", "web").get(0));
        lab.until(() -> !answer.isEmpty());
        assertThat(answer).containsExactly("RESET");
    }

    @Test
    void aPlainContainersPortIsItsMachinesAlone() {
        SwarmLab lab = SwarmLab.swarm(8, 1, 1);
        lab.runContainer("w1", "one", Containers.config("test/web").publish(9000, 80));
        assertThat(lab.get("w1", 9000)).doesNotContain("REFUSED");
        assertThat(lab.get("m1", 9000)).isEqualTo("REFUSED");
        assertThat(SwarmLab.error(lab.tryRunContainer(
                        "w1", "two", Containers.config("test/web").publish(9000, 80))))
                .matches(
                        "500 driver failed programming external connectivity on endpoint two \\([0-9a-f]{64}\\): Bind for"
                                + " 0\\.0\\.0\\.0:9000 failed: port is already allocated");
    }
}
