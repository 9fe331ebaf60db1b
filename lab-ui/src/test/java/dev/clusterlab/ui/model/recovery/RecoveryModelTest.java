package dev.clusterlab.ui.model.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.anatomy.Anatomy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecoveryModelTest {
    private final Deque<Runnable> background = new ArrayDeque<>();
    private List<Anatomy> anatomies = new ArrayList<>();
    private int asked;
    private final RecoveryModel model = new RecoveryModel(this::read, background::add, Runnable::run);

    private List<Anatomy> read() {
        asked++;
        return anatomies;
    }

    private void refresh() {
        model.refresh();
        background.remove().run();
    }

    private Optional<String> card() {
        return model.looked().get().card().map(each -> each.fault().id());
    }

    private Optional<String> other() {
        return model.looked().get().other().map(each -> each.fault().id());
    }

    @Test
    void thereIsNoCardBeforeSomethingIsBroken() {
        refresh();
        assertThat(card()).isEmpty();
        assertThat(model.looked().get().comparing()).isFalse();
    }

    @Test
    void theLastFaultIsShownUntilAnotherIsChosen() {
        anatomies = List.of(Recoveries.all().getFirst());
        refresh();
        assertThat(card()).contains("fault-1");
        assertThat(other()).isEmpty();
        anatomies = Recoveries.all();
        refresh();
        assertThat(card()).contains("fault-2");
        assertThat(other()).as("the one before").contains("fault-1");
        model.choose("fault-1");
        assertThat(card()).contains("fault-1");
        assertThat(other()).as("the last").contains("fault-2");
        assertThat(model.looked().get().last()).isFalse();
    }

    @Test
    void whoChoosesTheLastSeesWhatComesAfterIt() {
        anatomies = Recoveries.all();
        refresh();
        model.choose("fault-1");
        model.choose("fault-2");
        anatomies = List.of(Recoveries.all().getFirst(), Recoveries.all().getLast(), Recoveries.underWay(3));
        refresh();
        assertThat(card()).contains("fault-3");
    }

    @Test
    void aChosenFaultThatIsForgottenGivesWayToTheLast() {
        anatomies = Recoveries.all();
        refresh();
        model.choose("fault-1");
        anatomies = List.of(Recoveries.all().getLast());
        refresh();
        assertThat(card()).contains("fault-2");
    }

    @Test
    void oneFaultAloneIsComparedWithNothing() {
        model.compare(true);
        anatomies = List.of(Recoveries.all().getFirst());
        refresh();
        assertThat(model.looked().get().comparing()).isFalse();
        anatomies = Recoveries.all();
        refresh();
        assertThat(model.looked().get().comparing()).isTrue();
    }

    @Test
    void aCardGrowsWhileItsFaultIsWatched() {
        anatomies = List.of(Recoveries.underWay(3));
        refresh();
        anatomies = List.of(Recoveries.underWay(4));
        refresh();
        assertThat(model.looked().get().card()).contains(Recoveries.underWay(4));
    }

    @Test
    void itIsAskedAgainOnlyWhenTheAnswerHasCome() {
        model.refresh();
        model.refresh();
        assertThat(background).hasSize(1);
        background.remove().run();
        assertThat(asked).isEqualTo(1);
        model.refresh();
        assertThat(background).hasSize(1);
    }

    @Test
    void aSourceThatFailsIsAskedAgain() {
        var failing = new RecoveryModel(
                () -> {
                    throw new IllegalStateException("no");
                },
                background::add,
                Runnable::run);
        failing.refresh();
        Runnable first = background.remove();
        assertThatThrownBy(first::run).hasMessage("no");
        failing.refresh();
        assertThat(background).hasSize(1);
    }
}
