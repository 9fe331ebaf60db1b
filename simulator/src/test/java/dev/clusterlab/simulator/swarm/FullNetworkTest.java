package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens when an overlay has no address left: 13 of a /28, for services, nodes and tasks. */
class FullNetworkTest {
    private final SwarmLab lab = SwarmLab.swarm(1, 1, 2);

    @BeforeEach
    void aSmallNetwork() {
        lab.overlay("m1", "small", "10.9.0.0/28");
    }

    private List<Task> waiting(String service) {
        return lab.tasks("m1", service).stream()
                .filter(task -> task.state() == TaskState.NEW && task.desiredState() == TaskState.RUNNING)
                .toList();
    }

    @Test
    void whatFitsStartsAndTheRestWaitsWithItsReason() {
        String id = lab.createRunning("m1", Spec.service("web").replicas(4).network("small"), 4);
        lab.scale("m1", "web", 30);
        // 13 addresses less the service's own and three nodes'.
        lab.until(() -> lab.runs("m1", "web", 9));
        lab.run(60);
        assertThat(lab.running("m1", "web")).hasSize(9);
        assertThat(waiting("web")).hasSize(21).allSatisfy(task -> {
            assertThat(task.status().message()).isEqualTo("created");
            assertThat(task.status().err())
                    .isEqualTo("failed to allocate network IP for task " + task.id() + " network "
                            + lab.network("m1", "small").id() + ": could not find an available IP");
        });
        lab.scale("m1", "web", 6);
        lab.until(() -> lab.runs("m1", "web", 6) && lab.tasks("m1", "web").size() == 6);
        lab.scale("m1", "web", 8);
        lab.until(() -> lab.runs("m1", "web", 8));
        assertThat(id).isNotEmpty();
    }

    @Test
    void aFreedAddressGoesToTheTaskThatWaits() {
        lab.createRunning("m1", Spec.service("web").replicas(4).network("small"), 4);
        lab.createRunning("m1", Spec.service("other").replicas(4).network("small"), 4);
        lab.scale("m1", "web", 6);
        lab.run(10);
        assertThat(waiting("web")).hasSize(2);
        lab.removeService("m1", "other");
        lab.until(() -> lab.runs("m1", "web", 6));
    }

    @Test
    void aServiceWithoutAnAddressWaitsToo() {
        lab.createRunning("m1", Spec.service("web").replicas(9).network("small"), 9);
        lab.create("m1", Spec.service("late").replicas(2).network("small"));
        lab.run(10);
        assertThat(lab.service("m1", "late").virtualIps()).isEmpty();
        assertThat(waiting("late"))
                .hasSize(2)
                .allSatisfy(task -> assertThat(task.status().err())
                        .startsWith("service ")
                        .endsWith(" belongs has pending allocations"));
        lab.scale("m1", "web", 3);
        lab.until(() -> lab.runs("m1", "late", 2));
        assertThat(lab.service("m1", "late").virtualIps()).hasSize(1);
        assertThat(lab.running("m1", "late").get(0).virtualIps()).hasSize(1);
    }

    @Test
    void aNodeWithoutAnAddressRejectsTasksAfterHalfAMinute() {
        lab.createRunning(
                "m1", Spec.service("web").replicas(10).network("small").constraint("node.hostname==m1"), 10);
        lab.create(
                "m1",
                Spec.service("last")
                        .network("small")
                        .constraint("node.hostname==w1")
                        .endpointMode("dnsrr"));
        // The last address is the task's own; its node gets none.
        double seconds = lab.secondsUntil(
                () -> lab.tasks("m1", "last").stream().anyMatch(task -> task.state() == TaskState.REJECTED));
        assertThat(seconds).isBetween(30.0, 34.0);
        assertThat(lab.tasks("m1", "last").stream()
                        .filter(task -> task.state() == TaskState.REJECTED)
                        .map(task -> task.status().err()))
                .containsExactly("node is missing network attachments, ip addresses may be exhausted");
        lab.scale("m1", "web", 5);
        lab.until(() -> lab.runs("m1", "last", 1));
    }

    @Test
    void theNextLeaderGoesOnWithWhatWaits() {
        SwarmLab three = SwarmLab.swarm(2, 3, 0);
        three.overlay("m1", "small", "10.9.0.0/28");
        three.createRunning("m1", Spec.service("web").replicas(9).network("small"), 9);
        three.scale("m1", "web", 11);
        three.run(5);
        three.kill("m1");
        three.until(() -> three.leaders().size() == 1);
        String leader = three.leader();
        three.happens(() -> three.state(leader, "m1").equals("down"), Duration.ofMinutes(2));
        three.scale(leader, "web", 4);
        three.until(() -> three.runs(leader, "web", 4)
                && three.tasks(leader, "web").stream().noneMatch(task -> task.state() == TaskState.NEW));
    }
}
