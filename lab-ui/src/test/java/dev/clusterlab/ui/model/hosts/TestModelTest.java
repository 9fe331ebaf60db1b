package dev.clusterlab.ui.model.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.environment.SwarmTest;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.ui.model.Notifications;
import dev.clusterlab.ui.model.TaskRunner;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.UiQueue;
import dev.clusterlab.ui.model.hosts.TestModel.Left;
import dev.clusterlab.ui.model.hosts.TestModel.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestModelTest {
    private final UiQueue ui = new UiQueue();
    private final TaskRunner tasks = new TaskRunner(ui);
    private final Notifications notifications = new Notifications();
    private final FakeTests<String> below = new FakeTests<>();
    private final TestModel<String> model =
            new TestModel<>(below, tasks, ui, notifications, () -> Texts.of(Locale.ENGLISH));

    @TempDir
    private Path folder;

    @AfterEach
    void end() {
        tasks.close();
    }

    private State.Choosing choosing() throws InterruptedException {
        ui.until(() ->
                model.state().get() instanceof State.Choosing && tasks.running().isEmpty());
        return (State.Choosing) model.state().get();
    }

    private State.Choosing opened() throws InterruptedException {
        model.open(List.of(FakeHosts.host("a", "ssh://a")));
        return choosing();
    }

    @Test
    void beginsNothingBeforeAnExperimentIsChosenAndThePersonAgrees() throws InterruptedException {
        below.making = wanted -> "test of " + wanted.entry().name();
        assertThat(opened().hindrance())
                .hasValueSatisfying(why -> assertThat(why).contains("Choose"));
        model.experiment("lossy-link");
        assertThat(choosing().hindrance())
                .hasValueSatisfying(why -> assertThat(why).contains("Tick"));
        model.begin();
        assertThat(below.begun).isEmpty();
        model.agree(true);
        model.time(Duration.ofMinutes(5));
        assertThat(choosing().hindrance()).isEmpty();
        model.begin();
        ui.until(() -> model.place().get().isPresent());
        assertThat(model.place().get()).contains("test of lossy-link");
        assertThat(below.begun.getFirst().limits())
                .isEqualTo(new SwarmTest.Limits(OptionalInt.empty(), Duration.ofMinutes(5), false));
        model.leave();
        ui.until(() -> !below.ended.isEmpty());
        assertThat(model.place().get()).isEmpty();
    }

    @Test
    void doesNotLetChooseWhatCannotBeRunThere() throws InterruptedException {
        opened();
        model.experiment("lose-a-worker");
        assertThat(choosing().choice().experiment()).isEmpty();
    }

    @Test
    void wantsAWordTypedForTheLossOfTheManagersMajority() throws InterruptedException, IOException {
        Path file = Files.writeString(folder.resolve("breaking.yaml"), """
                title: Breaking
                purpose: To see.
                platform:
                  script: docker-machine create never
                breaks-quorum: true
                hypothesis:
                  steady-within: 10s
                  recovers-within: 30s
                  expectations:
                    - title: All run
                      expect: running('web') == 3
                method:
                  - fault: network.partition
                    groups: [[leader1]]
                watch: 2s
                """);
        opened();
        model.addFile(file);
        State.Choosing now = choosing();
        assertThat(now.prospect().candidates().getLast().entry().mistake())
                .as("the file is read")
                .isEmpty();
        assertThat(now.choice().experiment()).isEqualTo(file.toString());
        assertThat(now.breaksQuorum()).isTrue();
        model.agree(true);
        assertThat(choosing().hindrance())
                .hasValueSatisfying(why -> assertThat(why).contains("break quorum"));
        model.word("break");
        assertThat(choosing().hindrance()).isPresent();
        model.word("break quorum");
        assertThat(choosing().hindrance()).isEmpty();
        model.experiment("lossy-link");
        assertThat(choosing().choice().word()).isEmpty();
    }

    @Test
    void looksAgainWhatCanBeRunWhenMoreMayBeBrokenAndKeepsWhatIsChosen() throws InterruptedException {
        opened();
        model.experiment("lossy-link");
        model.agree(true);
        model.atMost(OptionalInt.of(3));
        State.Choosing now = choosing();
        assertThat(below.looked).containsExactly(OptionalInt.empty(), OptionalInt.of(3));
        assertThat(now.choice().experiment()).isEqualTo("lossy-link");
        assertThat(now.hindrance()).isEmpty();
    }

    @Test
    void saysWhyItCannotLookAndLooksAgain() throws InterruptedException {
        below.refuse(new LabException(LabException.Kind.REFUSED, "No host can be reached.", "See to it."));
        model.open(List.of(FakeHosts.host("a", "ssh://a")));
        ui.until(() -> model.state().get() instanceof State.Failed);
        below.allow();
        model.look();
        assertThat(choosing().prospect().candidates()).isNotEmpty();
    }

    @Test
    void saysWhyATestWasEndedBeforeItsTimeAndWhatIsOwed() throws InterruptedException {
        below.making = wanted -> "test";
        opened();
        model.experiment("lossy-link");
        model.agree(true);
        model.begin();
        ui.until(() -> model.place().get().isPresent());
        TestModel.Told told = below.told.orElseThrow();
        told.ended(SwarmTest.End.REVOKED);
        told.owed(new LabException(LabException.Kind.REFUSED, "Not everywhere.", "Later."));
        ui.until(() -> notifications.notices().size() == 2);
        assertThat(notifications.notices().toString()).contains("taking a label away", "Not everywhere.");
    }

    @Test
    void listsTestsOfKilledProgramsAndEndsThem() throws InterruptedException {
        below.left.add(new Left("5f0e1d2c", List.of("worker1"), Instant.EPOCH));
        model.readLeft();
        ui.until(() -> model.left().get().size() == 1);
        below.refuse(new LabException(LabException.Kind.REFUSED, "worker1 is silent.", "Later."));
        model.endLeft("5f0e1d2c");
        ui.until(() -> model.ended().get().isPresent());
        assertThat(model.ended().get().map(Object::toString))
                .hasValueSatisfying(why -> assertThat(why).contains("worker1 is silent."));
        below.allow();
        model.endLeft("5f0e1d2c");
        ui.until(() -> model.left().get().isEmpty()
                && !model.ended().get().equals(Optional.empty())
                && tasks.running().isEmpty());
        assertThat(model.ended().get().map(Object::toString))
                .hasValueSatisfying(said -> assertThat(said).contains("Nothing is left of 5f0e1d2c"));
    }
}
