package dev.clusterlab.provisioning.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.observe.Islands.Island;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two groups that agree by majority live on the same machines, and a cut need not leave both on the same side. */
class IslandsTest {
    private static final List<String> MACHINES = List.of("leader1", "leader2", "leader3", "worker1", "worker2");

    @Test
    void swarmAndConsulCountTheirOwn() throws InterruptedException {
        try (var lab = new EmbeddedLab(7);
                var observer = ObserverService.of(lab.engine, lab.faults)) {
            lab.swarm(3, MACHINES);
            lab.platform("leader1");
            Islands whole = Islands.of(observer.observe());
            assertThat(whole.apart()).isFalse();
            assertThat(whole.all()).hasSize(1);
            Island all = whole.all().getFirst();
            assertThat(all.machines()).isEqualTo(MACHINES);
            assertThat(all.swarm()).contains(new Islands.Side(3, 3, "leader1", true));
            assertThat(all.consul().orElseThrow())
                    .satisfies(side -> assertThat(side.here()).isEqualTo(6))
                    .satisfies(side -> assertThat(side.of()).isEqualTo(6))
                    .satisfies(side -> assertThat(side.decides()).isTrue());

            lab.faults.inject(new Fault.NetworkPartition(
                    List.of(Set.of("leader1", "leader2"), Set.of("leader3", "worker1", "worker2")),
                    Optional.of(Duration.ofMinutes(10))));
            lab.pass(Duration.ofMinutes(2));
            ClusterSnapshot snapshot = observer.observe();
            Islands cut = Islands.of(snapshot);
            assertThat(cut.apart()).isTrue();
            assertThat(cut.all()).hasSize(2);
            Island managers = cut.island("leader1").orElseThrow();
            Island workers = cut.island("worker1").orElseThrow();
            assertThat(managers.swarm().orElseThrow().decides())
                    .as("two of three")
                    .isTrue();
            assertThat(workers.swarm()).contains(new Islands.Side(1, 3, "", false));
            // Six servers, three on each side: the one that began is beside leader1 or leader2.
            assertThat(managers.consul()).contains(new Islands.Side(3, 6, "", false));
            assertThat(workers.consul()).contains(new Islands.Side(3, 6, "", false));
            assertThat(snapshot.machine("leader3").orElseThrow().belief().canCommit())
                    .isEqualTo(Belief.CanCommit.NO);
            assertThat(snapshot.consul().orElseThrow().agents())
                    .as("agents behind the cut are asked too")
                    .extracting(ClusterSnapshot.AgentView::machine)
                    .contains("worker1", "leader2");
            assertThat(snapshot.consul().orElseThrow().agents())
                    .as("half of them is not most of them")
                    .allSatisfy(agent -> assertThat(agent.canCommit()).isEqualTo(Belief.CanCommit.NO))
                    .allSatisfy(agent -> assertThat(agent.alive()).hasSize(3))
                    .allSatisfy(agent -> assertThat(agent.peers()).hasSize(6));
        }
    }

    @Test
    void aBridgeBelongsToNoIslandOfItsOwn() throws InterruptedException {
        try (var lab = new EmbeddedLab(8);
                var observer = ObserverService.of(lab.engine, lab.faults)) {
            lab.swarm(3, MACHINES.subList(0, 3));
            lab.pass(Duration.ofSeconds(5));
            lab.faults.inject(new Fault.NetworkPartition(
                    List.of(Set.of("leader1"), Set.of("leader3")), Optional.of(Duration.ofMinutes(10))));
            lab.pass(Duration.ofSeconds(30));
            ClusterSnapshot snapshot = observer.observe();
            Islands islands = Islands.of(snapshot);
            assertThat(islands.apart()).as("links are shown, not islands").isFalse();
            assertThat(islands.all()).hasSize(1);
            assertThat(Quorum.of(snapshot)).contains(new Quorum(3, 3, 3));
        }
    }
}
