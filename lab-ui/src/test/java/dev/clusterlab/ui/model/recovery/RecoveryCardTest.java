package dev.clusterlab.ui.model.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.words.AnatomyWords;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.recovery.RecoveryCard.Figure;
import dev.clusterlab.ui.model.recovery.RecoveryCard.Kind;
import dev.clusterlab.ui.model.recovery.RecoveryCard.Lane;
import dev.clusterlab.ui.model.recovery.RecoveryCard.Place;
import dev.clusterlab.ui.model.recovery.RecoveryCard.Row;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecoveryCardTest {
    private static final AnatomyWords ENGLISH = AnatomyWords.of(Locale.ENGLISH);
    private static final AnatomyWords FRENCH = AnatomyWords.of(Locale.FRENCH);

    private static RecoveryCard card(Anatomy anatomy) {
        return RecoveryCard.of(anatomy, ENGLISH);
    }

    private static Row row(RecoveryCard card, String id) {
        return card.lanes().stream()
                .flatMap(lane -> lane.rows().stream())
                .filter(row -> row.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aCardHasALaneForSwarmConsulEachTraefikAndClients() {
        RecoveryCard card = card(Recoveries.all().getLast());
        assertThat(card.lanes())
                .extracting(Lane::name)
                .containsExactly("Swarm", "Consul", "Traefik on leader1", "Traefik on leader2", "Clients");
        assertThat(card.title()).isEqualTo("worker3 without power (fault-2), at 741.0 s");
        assertThat(card.event()).isEqualTo(3);
    }

    @Test
    void aStageIsAPointThatBeginsWhereItsPredecessorEnded() {
        RecoveryCard card = card(Recoveries.all().getLast());
        Row started = row(card, "started");
        assertThat(started.place()).contains(new Place(Kind.ACTING, 10.2, 15.9, 15.9));
        assertThat(started.state()).isEqualTo("+15.9 s");
        assertThat(started.failed()).isEqualTo("2 failed");
        assertThat(started.event()).isEqualTo(8);
        assertThat(started.said())
                .isEqualTo("Swarm, new tasks run: +15.9 s; new tasks have a node → new tasks run: 5.7 s; 2 failed");
    }

    @Test
    void whatCameBeforeItsPredecessorIsAPointWithoutABar() {
        Place registered =
                row(card(Recoveries.all().getLast()), "registered").place().orElseThrow();
        assertThat(registered.from()).isEqualTo(registered.at());
    }

    @Test
    void whatWasPolledMayHaveBeenEarlier() {
        Row noticed = row(card(Recoveries.all().getLast()), "consul_notices");
        assertThat(noticed.place()).contains(new Place(Kind.NOTICING, 0, 3.1, 4));
        assertThat(noticed.state()).isEqualTo("+3.1–4.0 s");
    }

    @Test
    void errorsLastFromTheFirstToTheLastFailedRequestAndLeadToNoEvent() {
        Row over = row(card(Recoveries.all().getLast()), "errors_over");
        assertThat(over.place()).contains(new Place(Kind.FAILING, 1, 24.9, 24.9));
        assertThat(over.event()).isZero();
    }

    @Test
    void theNumbersAndCausesAreThoseOfTheFailedRequests() {
        RecoveryCard card = card(Recoveries.all().getLast());
        assertThat(card.tone()).isEqualTo(Tone.GOOD);
        assertThat(card.figures())
                .containsExactly(
                        new Figure("24.9 s", "until the last failed request"),
                        new Figure("6", "of 312 requests failed"));
        assertThat(card.why()).isEqualTo("Why 6 requests failed:");
        assertThat(card.causes()).extracting(RecoveryCard.Cause::count).containsExactly("5", "1");
        assertThat(card.causes().getFirst().words())
                .startsWith("502: Traefik on leader1 still sent to a server that was gone");
    }

    @Test
    void whatWasNotReachedHasNoPlaceAndSaysWhy() {
        RecoveryCard card = card(Recoveries.underWay(8));
        assertThat(card.tone()).isEqualTo(Tone.WAITING);
        assertThat(card.state()).contains("8.0 s so far");
        assertThat(card.figures()).isEmpty();
        assertThat(card.facts()).contains("nobody made requests");
        assertThat(card.why()).isEmpty();
        assertThat(row(card, "swarm_notices"))
                .extracting(Row::place, Row::state, Row::event)
                .containsExactly(Optional.empty(), "not yet", 0L);
        assertThat(row(card, "given_up"))
                .extracting(Row::place, Row::state, Row::event)
                .containsExactly(Optional.empty(), "blocked by event 77", 77L);
        assertThat(row(card, "errors_over"))
                .extracting(Row::place, Row::state)
                .containsExactly(Optional.empty(), "not applicable: nobody made requests");
    }

    @Test
    void whatCameBeforeTheFaultIsAtItsBeginningAndSaysSo() {
        RecoveryCard card = card(Recoveries.underWay(8));
        Row early = row(card, "consul_notices");
        assertThat(early.state()).isEqualTo("-0.3 s");
        assertThat(card.axis().place(early.place().orElseThrow().at())).isZero();
    }

    @Test
    void onlyWhatIsSaidOfTheWholeChangesWhileNothingHappens() {
        assertThat(card(Recoveries.underWay(9)).lanes())
                .isEqualTo(card(Recoveries.underWay(8)).lanes());
    }

    @Test
    void theAxisHasWholeSecondsAndFewMarks() {
        assertThat(card(Recoveries.all().getLast()).axis()).isEqualTo(new TimeAxis(25, 5));
        assertThat(card(Recoveries.all().getLast()).marks())
                .containsExactly("+0 s", "+5 s", "+10 s", "+15 s", "+20 s", "+25 s");
        assertThat(TimeAxis.of(0)).isEqualTo(new TimeAxis(5, 1));
        assertThat(TimeAxis.of(61)).isEqualTo(new TimeAxis(75, 15));
        assertThat(TimeAxis.of(300)).isEqualTo(new TimeAxis(300, 60));
        assertThat(TimeAxis.of(300).place(150)).isEqualTo(0.5);
        assertThat(TimeAxis.of(5000).place(6000)).isEqualTo(1);
    }

    @Test
    void aCardSpeaksFrench() {
        RecoveryCard card = RecoveryCard.of(Recoveries.all().getLast(), FRENCH);
        assertThat(card.figures().getLast().words()).isEqualTo("en échec, sur 312 requêtes");
        assertThat(row(card, "started").failed()).isEqualTo("2 échecs");
        assertThat(row(card, "started").state()).isEqualTo("+15,9\u00a0s");
    }
}
