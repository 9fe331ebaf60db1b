package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.experiment.run.Outcome;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.Trouble;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.experiment.ExperimentsModel.Doing;
import dev.clusterlab.ui.model.experiment.ExperimentsModel.Sheet;
import dev.clusterlab.ui.model.experiment.Place;
import dev.clusterlab.ui.place.StandardLaboratory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of experiments: real runs on the embedded engine, beside a window on a world moved by hand. */
@SuppressWarnings("NullAway.Init")
class ExperimentsWindowTest {
    private static final String SHORT = """
            title: {en: "Two machines of three", fr: "Deux machines sur trois"}
            purpose: A machine goes, and comes back.
            platform:
              script: docker-machine create a b c
            hypothesis:
              steady-within: 5s
              recovers-within: 5s
              expectations:
                - title: three run
                  expect: machines() == 3
            method:
              - fault: machine.kill
                target: b
              - wait: 10m
            watch: 5s
            """;

    private TestWindow window;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() {
        window = TestWindow.open(
                Windows.context(new FakeWorld(), RecordedLaboratory.REAL),
                Windows.settings(true, Locale.ENGLISH, false));
        window.press(KeyCode.F4);
        window.await("the list is read", () -> window.words("#experiments-list").contains("Lose a worker under load"));
    }

    @AfterEach
    void close() {
        window.close();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("machines.yaml"), text);
    }

    private void look(Path file) {
        Pictures.onToolkit(() -> {
            window.desk.experiments.open(file.toString());
            return true;
        });
    }

    private boolean disabled(String selector) {
        return window.find(selector).orElseThrow().isDisabled();
    }

    private Sheet sheet() {
        return Pictures.onToolkit(() -> window.desk.experiments.shown().get().sheet());
    }

    private Optional<Doing> doing() {
        return Pictures.onToolkit(() -> window.desk.experiments.shown().get().doing());
    }

    @Test
    void oneIsRunAsFastAsItGoesAndSaysWhatCameOfIt() {
        assertThat(window.words("#experiment-steps"))
                .contains("Cut a machine's power: worker3", "watch for 60.0 s more");
        assertThat(window.words("#experiment-hypothesis")).contains("All 6 tasks of web run");
        window.click("#experiment-follow");
        window.click("#experiment-run");
        window.await("it is over", () -> sheet().result().isPresent());

        assertThat(window.words("#experiment-result"))
                .contains("held", "requests failed", "Swarm", "Consul", "Traefik on leader1");
        assertThat(window.words("#experiment-hypothesis")).contains("which is tolerated", "measured");
        assertThat(window.words("#experiments-list")).contains("held, ");
        assertThat(window.text("#experiment-run")).isEqualTo("Run again");
        assertThat(window.shows("#experiment-report")).isTrue();
        RunResult first = sheet().result().orElseThrow();
        window.press(KeyCode.CONTROL, KeyCode.E);
        window.await("it is French", () -> window.words("#experiment-result").contains("confirmée"));
        assertThat(first.digest()).isPresent();
    }

    @Test
    void oneIsRunInTheLabsOwnClusterIfThatFits() throws IOException {
        window.close();
        CheckLanguage language = new CheckLanguage();
        StandardLaboratory real = RecordedLaboratory.REAL;
        try (LabEnvironment lab =
                LabEnvironment.standard(new LabEnvironment.Options(EngineNames.EMBEDDED, 1, true, 1), language)) {
            window = TestWindow.open(
                    Windows.context(
                            new FakeWorld(), new StandardLaboratory(real.library(), real.runs(), Optional.of(lab))),
                    Windows.settings(true, Locale.ENGLISH, false));
            window.press(KeyCode.F4);
            window.await("the list is read", () -> window.shows("#experiment-run"));
            assertThat(window.shows("#experiment-place-docker"))
                    .as("the lab is not on Docker")
                    .isFalse();
            look(file(SHORT.replace("10m", "10s")));
            window.await("it is looked at", () -> window.words("#experiments").contains("A machine goes"));
            window.click("#experiment-place-lab");
            window.await("it does not fit", () -> window.shows("#experiment-lack"));
            assertThat(window.text("#experiment-lack")).isEqualTo("There is no machine b in this cluster.");
            assertThat(disabled("#experiment-run")).isTrue();

            lab.engine().createMachines(List.of("a", "b", "c"));
            lab.observer().observe();
            window.await("it fits", () -> !disabled("#experiment-run"));
            assertThat(window.shows("#experiment-lack")).isFalse();
            assertThat(window.words("#experiment-steps")).contains("in the lab’s cluster all must hold");
            window.click("#experiment-run");
            window.await("it is over", () -> sheet().result().isPresent());
            assertThat(sheet().result().orElseThrow().outcome()).isEqualTo(Outcome.DEVIATED);
            assertThat(sheet().place()).isEqualTo(Place.LAB);
            assertThat(lab.faults().active()).isEmpty();
            assertThat(lab.engine().machines())
                    .extracting(Machine::state)
                    .containsOnly(Machine.State.RUNNING)
                    .hasSize(3);
        }
    }

    @Test
    void theStepUnderWayIsMarkedAndWhatIsStoppedIsHealed() throws IOException {
        look(file(SHORT));
        window.await("it is looked at", () -> window.words("#experiments").contains("A machine goes, and comes back."));
        window.click("#experiment-run");
        window.await(
                "it does not hold any longer",
                () -> window.words("#experiment-hypothesis").contains("does not hold since"));
        assertThat(window.wordsOf(window.find(".experiment-step-now").orElseThrow()))
                .isEqualTo("wait 600.0 s");
        assertThat(window.shows("#experiment-hypothesis .strip-counts")).isTrue();

        window.click("#experiment-stop");
        window.await("it is over", () -> doing().isEmpty());
        RunResult result = sheet().result().orElseThrow();
        assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(result.trouble()).containsInstanceOf(Trouble.Interrupted.class);
        assertThat(window.words("#experiment-result")).contains("It was interrupted; what was broken is healed.");
    }

    @Test
    void theOddsHaveTheWorstRunWhichCanBeReplayed() throws IOException {
        look(file(SHORT.replace("10m", "10s")));
        window.await("it is looked at", () -> window.words("#experiments").contains("A machine goes, and comes back."));
        // As the button does, with fewer seeds.
        Pictures.onToolkit(() -> {
            window.desk.experiments.odds("odds", 4);
            return true;
        });
        window.await("all seeds were run", () -> sheet().odds().isPresent());
        assertThat(window.words("#experiment-odds"))
                .contains(
                        "Over 4 seeds: 0 completed, 4 deviated", "not: three run", "--services model --expect-digest ");
        String digest = sheet().odds().orElseThrow().worst().orElseThrow().digest();

        window.click("#experiment-follow");
        window.click("#odds-replay");
        window.await("it was run again", () -> sheet().result().isPresent());
        assertThat(sheet().result().orElseThrow().digest()).contains(digest);
    }

    @Test
    void aMalformedFileSaysWhereAndWhatWasMeant() throws IOException {
        look(file(SHORT.replace("    target: b", "    targt: b")));
        window.await("the mistake is shown", () -> window.words("#experiments").contains("This file cannot be run"));
        assertThat(window.words("#experiments")).contains("machines.yaml", "13", "target");
        assertThat(window.shows("#experiment-run")).isFalse();

        look(file(SHORT));
        window.await("it is mended", () -> window.shows("#experiment-run"));
    }

    @Test
    void keysLeadThereAndBack() {
        window.press(KeyCode.DOWN);
        window.press(KeyCode.F6);
        assertThat(window.focused().map(Node::getId)).contains("experiment-run");
        window.press(KeyCode.ESCAPE);
        assertThat(window.shows("#experiments")).isFalse();
        window.press(KeyCode.F4);
        assertThat(window.shows("#experiments")).isTrue();
        window.press(KeyCode.CONTROL, KeyCode.DIGIT2);
        assertThat(window.shows("#experiments")).isFalse();
        assertThat(window.shows("#bottom")).isTrue();
        window.help("menu-palette");
        window.write("back to the lab");
        window.await(
                "it is in the palette", () -> window.words("#palette").contains("Experiments, or back to the lab"));
    }
}
