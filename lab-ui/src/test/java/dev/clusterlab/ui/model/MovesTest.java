package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.model.Topology.View;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MovesTest {
    private final TopologyBuilder builder = new TopologyBuilder(new ServicePalette());
    private final Moves moves = new Moves();

    private Moves.Seen see(ClusterSnapshot snapshot) {
        return moves.see(builder.build(snapshot, View.SWARM, Texts.of(Locale.ENGLISH), Optional.empty(), List.of()));
    }

    private static ClusterBuilder swarm(String leader) {
        return new ClusterBuilder(Duration.ofMinutes(1))
                .machines("leader1", "leader2", "worker1", "worker2")
                .manager("leader1", "leader2")
                .leader(leader)
                .worker("worker1", "worker2")
                .service("web", "clusterlab/hello", 2, Map.of());
    }

    @Test
    void aReplicaThatWasLostIsTakenUpWhereItWas() {
        assertThat(see(swarm("leader1").task("web", 1, "worker1", "running").build())
                        .chips())
                .as("nothing was there before")
                .isEmpty();
        assertThat(see(swarm("leader1").build()).chips()).isEmpty();
        assertThat(see(swarm("leader1").task("web", 1, "worker2", "starting").build())
                        .chips())
                .containsExactly(new Moves.Move("task-web-1-worker2", "task-web-1-worker1", "worker1", "worker2"));
        assertThat(see(swarm("leader1").task("web", 1, "worker2", "running").build())
                        .chips())
                .as("it is there already")
                .isEmpty();
    }

    @Test
    void whatLivesOnIsNotWhatMoves() {
        see(swarm("leader1").task("web", 1, "worker1", "running").build());
        Moves.Seen seen = see(swarm("leader1")
                .task("web", 1, "worker1", "running")
                .givenUp("worker1")
                .task("web", 1, "worker2", "running")
                .build());
        assertThat(seen.chips()).extracting(Moves.Move::to).containsExactly("worker2");
        assertThat(see(swarm("leader1")
                                .task("web", 1, "worker1", "running")
                                .givenUp("worker1")
                                .task("web", 1, "worker2", "running")
                                .build())
                        .chips())
                .isEmpty();
    }

    @Test
    void theStarGoesToWhoLeadsNow() {
        assertThat(see(swarm("leader1").build()).star()).isEmpty();
        assertThat(see(swarm("leader1").withoutLeader().build()).star()).isEmpty();
        assertThat(see(swarm("leader2").build()).star()).contains(new Moves.Move("", "", "leader1", "leader2"));
    }
}
