package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.ui.model.Topology.Point;
import dev.clusterlab.ui.model.Topology.View;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CutStrokeTest {
    private final Topology picture = new TopologyBuilder(new ServicePalette())
            .build(Scenes.platform().build(), View.SWARM, Texts.of(Locale.ENGLISH), Optional.empty(), List.of());

    private Point corner(String machine, double right, double down) {
        Topology.Box box = picture.box(machine).orElseThrow();
        return new Point(box.x() + right * picture.boxWidth(), box.y() + down * box.height());
    }

    @Test
    void aLineSharesTheMachinesBetweenItsSides() {
        assertThat(CutStroke.sides(picture, List.of(corner("leader1", -0.1, 1.1), corner("worker2", 1.1, 1.1))))
                .hasValueSatisfying(sides -> assertThat(sides)
                        .containsExactlyInAnyOrder(
                                Set.of("leader1", "worker1", "worker2"), Set.of("leader2", "worker3")));
    }

    @Test
    void aRingCutsOffWhatItGoesRound() {
        assertThat(CutStroke.sides(
                        picture,
                        List.of(
                                corner("worker1", -0.1, -0.1),
                                corner("worker1", 1.1, -0.1),
                                corner("worker3", 1.1, 1.1),
                                corner("worker3", -0.1, 1.1),
                                corner("worker1", -0.1, 0))))
                .hasValueSatisfying(
                        sides -> assertThat(sides.getFirst()).containsExactlyInAnyOrder("worker1", "worker3"));
    }

    @Test
    void whatPartsNothingCutsNothing() {
        assertThat(CutStroke.sides(picture, List.of(corner("leader1", -0.1, -0.1), corner("worker2", 1.1, -0.1))))
                .isEmpty();
        assertThat(CutStroke.sides(picture, List.of(corner("worker1", 0, 1.1), corner("worker1", 0.1, 1.1))))
                .as("a slip of the hand")
                .isEmpty();
    }

    private static List<Fault> faults(String... ways) {
        var choice = new CutChoice();
        for (String way : ways) {
            choice.toggle(new Way(way.substring(0, 1), way.substring(1)));
        }
        return choice.faults();
    }

    @Test
    void waysThatPartTwoGroupsAreOnePartition() {
        assertThat(faults("ab", "ac", "ba", "ca"))
                .containsExactly(new Fault.NetworkPartition(List.of(Set.of("a"), Set.of("b", "c")), Optional.empty()));
    }

    @Test
    void otherWaysAreCutAsTheyAreAndNoMoreThanThose() {
        assertThat(faults("ac", "bc"))
                .containsExactly(new Fault.NetworkOneWay(Set.of("a", "b"), Set.of("c"), Optional.empty()));
        assertThat(faults("ab", "bc", "ca")).hasSize(3);
        assertThat(faults("ab", "ac", "ba")).hasSize(2);
        assertThat(faults("ab", "ab")).isEmpty();
    }
}
