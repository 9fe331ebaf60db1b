package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.model.Topology.Box;
import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.View;
import dev.clusterlab.ui.model.Topology.Writing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ChipWritingTest {
    private final AtomicLong nanos = new AtomicLong();
    private final TopologyBuilder builder = new TopologyBuilder(new ServicePalette(), nanos::get);
    private final Texts texts = Texts.of(Locale.ENGLISH);

    private Topology picture(ClusterSnapshot snapshot, Sheet sheet) {
        return builder.build(snapshot, View.SWARM, texts, Optional.empty(), List.of(), sheet);
    }

    /** Letters as usual, on another area. */
    private record Area(double width, double height) implements Sheet {
        @Override
        public double width(Chip chip, Writing writing) {
            return USUAL.width(chip, writing);
        }
    }

    private static final Sheet WIDE = new Area(1600, 900);
    private static final Sheet NARROW = new Area(500, 320);

    @Test
    void chipsAreWrittenOutWhileThereIsRoom() {
        Topology wide = picture(Scenes.platform().build(), WIDE);
        assertThat(wide.writing()).isEqualTo(Writing.FULL);
        assertThat(wide.boxWidth()).isGreaterThan(Topology.BOX_WIDTH);
        assertThat(picture(Scenes.platform().build(), NARROW).writing()).isEqualTo(Writing.SHORT);
    }

    @Test
    void wordsOfAStateGoBeforeNamesDo() {
        ClusterSnapshot killed = Scenes.platform()
                .state("leader1", Machine.State.KILLED)
                .down("leader1")
                .build();
        List<Writing> written = new ArrayList<>();
        for (int width = 1800; width >= 600; width -= 20) {
            Writing now = picture(killed, new Area(width, 520)).writing();
            if (written.isEmpty() || written.getLast() != now) {
                written.add(now);
            }
        }
        assertThat(written).containsSubsequence(Writing.FULL, Writing.NAMED, Writing.SHORT);
    }

    @Test
    void boxesTakeTheRoomThatThereIsBeforeChipsAreAbridged() {
        Topology square = picture(Scenes.platform().build(), new Area(900, 900));
        assertThat(square.writing()).isEqualTo(Writing.FULL);
        assertThat(square.boxes())
                .extracting(Box::height)
                .allSatisfy(height -> assertThat(height).isGreaterThan(Topology.BOX_HEIGHT));
    }

    @Test
    void whereNothingElseFitsOneChipStandsForAllThatFareAlike() {
        Topology crowded = picture(Scenes.crowded(), WIDE);
        assertThat(crowded.writing()).isEqualTo(Writing.GROUPED);
        assertThat(crowded.box("worker1").orElseThrow().chips())
                .extracting(Chip::label)
                .containsExactly("consul-nodes", "× 2", "× 30", "× 2");
        assertThat(crowded.boxes()).allSatisfy(box -> assertThat(box.more()).isZero());
    }

    @Test
    void moreIsWrittenOnlyAfterItWouldHaveFittedForAWhile() {
        assertThat(picture(Scenes.crowded(), WIDE).writing()).isEqualTo(Writing.GROUPED);
        assertThat(picture(Scenes.platform().build(), WIDE).writing()).isEqualTo(Writing.GROUPED);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(picture(Scenes.platform().build(), WIDE).writing()).isEqualTo(Writing.GROUPED);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(picture(Scenes.platform().build(), WIDE).writing()).isEqualTo(Writing.FULL);
        assertThat(picture(Scenes.crowded(), WIDE).writing())
                .as("less is written at once")
                .isEqualTo(Writing.GROUPED);
    }

    @Test
    void noMachineMovesBecauseOfWhatRunsOnIt() {
        List<Topology.Point> before = places(Scenes.threeMachines());
        assertThat(places(Scenes.crowded())).startsWith(before.toArray(Topology.Point[]::new));
        assertThat(places(Scenes.workerKilled())).startsWith(before.toArray(Topology.Point[]::new));
    }

    private List<Topology.Point> places(ClusterSnapshot snapshot) {
        return picture(snapshot, new Area(900, 900)).boxes().stream()
                .map(box -> new Topology.Point(box.x(), box.y()))
                .toList();
    }
}
