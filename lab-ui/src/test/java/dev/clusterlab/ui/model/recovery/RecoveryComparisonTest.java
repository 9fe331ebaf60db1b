package dev.clusterlab.ui.model.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.words.AnatomyWords;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.recovery.RecoveryComparison.Row;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class RecoveryComparisonTest {
    private static final AnatomyWords ENGLISH = AnatomyWords.of(Locale.ENGLISH);

    private final RecoveryComparison lost =
            RecoveryComparison.of(Recoveries.all().getLast(), Recoveries.all().getFirst(), ENGLISH);

    @Test
    void theWholeComesFirst() {
        assertThat(lost.one()).contains("worker3");
        assertThat(lost.other()).contains("worker2");
        assertThat(lost.rows().subList(0, 2))
                .containsExactly(
                        new Row("", "until the last failed request", "24.9 s", "21.7 s", "3.2 s longer", Tone.WAITING),
                        new Row("", "failed requests", "6", "3", "3 more", Tone.WAITING));
    }

    @Test
    void durationsStandBesideEachOtherFromStageToStage() {
        assertThat(lost.rows())
                .contains(
                        new Row("Swarm", "in force → noticed", "10.0 s", "6.8 s", "3.2 s longer", Tone.WAITING),
                        new Row(
                                "Swarm",
                                "new tasks have a node → new tasks run",
                                "5.7 s",
                                "5.7 s",
                                "the same",
                                Tone.NEUTRAL))
                .extracting(Row::name)
                .as("what applies to neither is left out")
                .doesNotContain("in force → another manager leads");
        RecoveryComparison turned = RecoveryComparison.of(
                Recoveries.all().getFirst(), Recoveries.all().getLast(), ENGLISH);
        assertThat(turned.rows().getFirst().difference()).isEqualTo("3.2 s shorter");
        assertThat(turned.rows().getFirst().tone()).isEqualTo(Tone.GOOD);
        assertThat(turned.rows().get(1).difference()).isEqualTo("3 fewer");
    }

    @Test
    void whatOneOfBothLacksSaysWhyAndHasNoDifference() {
        RecoveryComparison mixed =
                RecoveryComparison.of(Recoveries.underWay(8), Recoveries.all().getLast(), ENGLISH);
        assertThat(mixed.rows())
                .contains(
                        new Row("Swarm", "in force → noticed", "not yet", "10.0 s", "", Tone.NEUTRAL),
                        new Row(
                                "Swarm",
                                "noticed → lost tasks given up",
                                "blocked by event 77",
                                "0.1 s",
                                "",
                                Tone.NEUTRAL),
                        new Row(
                                "Traefik on leader1",
                                "new instances healthy → sends to the new ones",
                                "not there",
                                "1.3 s",
                                "",
                                Tone.NEUTRAL));
        assertThat(mixed.rows().getFirst().one()).isEqualTo("nobody made requests");
    }
}
