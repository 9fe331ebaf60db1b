package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.ui.model.LabsModel.Row;
import dev.clusterlab.ui.model.LabsModel.Use;
import dev.clusterlab.ui.model.Notifications.Level;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LabsModelTest {
    private final UiQueue ui = new UiQueue();
    private final FakeLabs labs = new FakeLabs();
    private final LabsModel model = new LabsModel(
            () -> labs,
            () -> Optional.of("00000001"),
            new TaskRunner(ui),
            () -> new LabWords(Texts.of(Locale.ENGLISH), FakeLabs.CREATED.plus(Duration.ofHours(3)), ZoneOffset.UTC),
            ProcessHandle.current().pid());

    private void look() throws InterruptedException {
        model.look();
        ui.until(() -> !model.state().get().busy());
    }

    private Notifications.Notice result() throws InterruptedException {
        ui.until(() -> model.result().get().isPresent() && !model.state().get().busy());
        return model.result().get().orElseThrow();
    }

    @Test
    void saysWhoHasEachLabAndOffersOnlyWhatNobodyHas() throws InterruptedException {
        labs.own("00000001", "leader1")
                .inUse("00000002", "leader1")
                .leftOver("00000003", "leader1", "worker1")
                .unknown("00000004")
                .own("00000005", "worker9");
        look();
        assertThat(model.state().get().rows())
                .extracting(Row::use)
                .containsExactly(Use.THIS_WINDOW, Use.OTHER_PROGRAM, Use.LEFT_OVER, Use.UNKNOWN, Use.LEFT_OVER);
        assertThat(model.state().get().leftOver()).containsExactly("00000003", "00000005");
        Row left = model.state().get().rows().get(2);
        assertThat(left.machines()).isEqualTo("leader1, worker1");
        assertThat(left.counts()).isEqualTo("2 machines, one network, 2 disks");
        assertThat(left.since()).contains("Mar 4, 2026").endsWith("3 hours ago");
        assertThat(model.state().get().rows().get(3).since()).isEmpty();
    }

    @Test
    void removesWhatWasLeftAndSaysSo() throws InterruptedException {
        labs.leftOver("00000003", "leader1").leftOver("00000004").inUse("00000002", "leader1");
        look();
        assertThat(model.question(List.of("00000003", "00000004")).title()).isEqualTo("Remove 2 labs?");
        model.remove(List.of("00000003", "00000004"));
        assertThat(result().title()).isEqualTo("Removed: 00000003, 00000004");
        assertThat(result().level()).isEqualTo(Level.GOOD);
        assertThat(model.state().get().rows()).extracting(Row::id).containsExactly("00000002");
    }

    @Test
    void aLabThatAProgramTookUpMeanwhileIsNotTouched() throws InterruptedException {
        labs.leftOver("00000003", "leader1");
        look();
        labs.inUse("00000003", "leader1");
        model.remove(List.of("00000003"));
        assertThat(result().level()).isEqualTo(Level.ERROR);
        assertThat(result().detail()).contains("in use");
        assertThat(labs.removed).isEmpty();
    }

    @Test
    void theLabOfThisWindowIsNotRemovedFromTheList() throws InterruptedException {
        labs.own("00000001", "leader1");
        look();
        model.remove(List.of("00000001"));
        assertThat(result().level()).isEqualTo(Level.ERROR);
        assertThat(labs.removed).isEmpty();
    }

    @Test
    void saysWhatCouldNotBeRemoved() throws InterruptedException {
        labs.leftOver("00000003", "leader1");
        look();
        labs.beStubborn();
        model.remove(List.of("00000003"));
        assertThat(result().detail()).contains("still there: one machine");
        labs.refuse(new LabException(Kind.REFUSED, "The engine refuses.", "Ask it again."));
        model.remove(List.of("00000003"));
        ui.until(() -> model.result()
                .get()
                .filter(notice -> notice.detail().equals("The engine refuses."))
                .isPresent());
        assertThat(result().advice()).isEqualTo("Ask it again.");
    }
}
