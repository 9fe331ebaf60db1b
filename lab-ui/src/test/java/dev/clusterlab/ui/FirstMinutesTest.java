package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.way.Destination;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.Stamp;
import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.model.FakeBelow;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Scenes;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.Start;
import dev.clusterlab.ui.model.kept.KeptProgress;
import dev.clusterlab.ui.model.kept.ProgressFile;
import dev.clusterlab.ui.place.DesktopEnvironments.Opened;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The welcome, the palette of commands, keys, settings, versions, and the end; on a world that is moved by hand. */
@SuppressWarnings("NullAway.Init")
class FirstMinutesTest {
    @TempDir
    private Path folder;

    private final FakeWorld world = new FakeWorld();
    private final Settings settings = Windows.settings(true, Locale.ENGLISH, false);
    private final FakeBelow<Opened> below = Windows.engines(world, settings);
    private TestWindow window;

    private void open() {
        window = TestWindow.open(
                below.model("embedded", settings.language()::get, FxThread.EXECUTOR),
                settings,
                new ProgressFile(folder.resolve("progress.properties")));
        window.await("the lab is there", () -> window.desk != null);
    }

    @AfterEach
    void close() {
        window.close();
    }

    private void show(dev.clusterlab.provisioning.observe.ClusterSnapshot snapshot) {
        window.show(world, snapshot);
    }

    // ---- welcome

    @Test
    void aNewcomerIsWelcomedAndLearnsByEnter() {
        settings.newcomer().set(true);
        open();
        window.await("the labs are read", () -> window.words("#welcome").contains("15 steps · new"));
        assertThat(window.words("#welcome")).contains("Learn", "35 min", "Demonstrate", "Break it", "15 steps · new");
        assertThat(window.shows("#welcome-resume")).isFalse();
        window.picture("welcome-dark-en");
        assertThat(window.focused().map(node -> node.getId())).contains("welcome-learn");
        window.press(KeyCode.ENTER);
        assertThat(window.shows("#welcome")).isFalse();
        assertThat(below.starts).isEmpty();
        assertThat(window.focused().map(node -> node.getId())).contains("run-machines-0");
    }

    @Test
    void aReadyClusterWithClientsIsHadByOneClick() {
        settings.newcomer().set(true);
        open();
        WindowModels before = window.desk;
        window.click("#welcome-break");
        window.await("another cluster is there", () -> window.desk != before);
        assertThat(below.starts).containsExactly(new Start("", Optional.of(Destination.before("lose-worker")), true));
    }

    @Test
    void theStageIsOpenedFromTheWelcome() {
        settings.newcomer().set(true);
        open();
        window.click("#welcome-stage");
        assertThat(settings.presentation().get()).isTrue();
        window.press(KeyCode.ESCAPE);
        window.await(
                "Enter runs what is next",
                () -> window.focused()
                        .filter(node -> "run-machines-0".equals(node.getId()))
                        .isPresent());
    }

    @Test
    void whoComesBackIsOfferedToGoOnWhereTheyStopped() {
        new ProgressFile(folder.resolve("progress.properties"))
                .write(
                        "resilient-swarm",
                        new KeptProgress(
                                Destination.before("network"),
                                Set.of("machines", "swarm"),
                                Instant.parse("2026-03-01T18:40:00Z")));
        settings.dark().set(false);
        settings.language().set(Locale.FRENCH);
        open();
        window.await("the labs are read", () -> window.words("#welcome").contains("2 faites"));
        assertThat(window.words("#welcome")).contains("Reprendre à l’étape 3", "2 faites");
        assertThat(window.focused().map(node -> node.getId())).contains("welcome-resume");
        window.picture("welcome-light-fr");
        window.click("#welcome-resume");
        window.await("it went there", () -> below.starts.size() == 1);
        assertThat(below.starts).containsExactly(Start.at("", Destination.before("network")));
    }

    @Test
    void howFarOneCameIsKeptWhileOneGoesOn() {
        open();
        assertThat(window.shows("#welcome")).isFalse();
        show(Scenes.swarm());
        window.await("two steps are done", () -> window.desk.guide.passed() == 2);
        window.await(
                "it is kept",
                () -> window.desk
                        .ways
                        .kept()
                        .map(KeptProgress::reached)
                        .equals(Optional.of(Destination.before("network"))));
    }

    // ---- closing

    @Test
    void closingAsksWhereSomethingIsLost() {
        open();
        var closed = new AtomicInteger();
        assertThat(mayClose(closed)).as("nothing is lost").isTrue();
        show(Scenes.swarm());
        window.await("it is kept", () -> window.desk.ways.kept().isPresent());
        assertThat(mayClose(closed)).isFalse();
        assertThat(window.words("#closing")).contains("leader1, worker1, worker2", "bring you to step 3");
        window.picture("closing");
        window.click("#closing-stay");
        assertThat(closed).hasValue(0);
        mayClose(closed);
        window.click("#closing-close");
        assertThat(closed).hasValue(1);
    }

    private boolean mayClose(AtomicInteger closed) {
        return Pictures.onToolkit(() -> window.host().mayClose(closed::incrementAndGet));
    }

    // ---- commands

    @Test
    void anyActionIsFoundByItsWordsAndDone() {
        open();
        window.press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.P);
        window.write("light dark");
        assertThat(window.words("#palette-list"))
                .contains("Dark or light", "Ctrl+T")
                .doesNotContain("Next step");
        window.picture("palette");
        window.press(KeyCode.ENTER);
        assertThat(settings.dark().get()).isFalse();
        assertThat(window.shows("#palette")).isFalse();
        window.press(KeyCode.CONTROL, KeyCode.P);
        window.write("nothing like this");
        assertThat(window.words("#palette")).contains("Nothing is called that");
        window.press(KeyCode.ESCAPE);
    }

    @Test
    void wordsAreFoundInTheLanguageOfTheWindowWithoutAccents() {
        settings.language().set(Locale.FRENCH);
        open();
        window.press(KeyCode.CONTROL, KeyCode.P);
        window.write("etape suivante");
        window.press(KeyCode.ENTER);
        assertThat(window.text("#step-title")).isEqualTo("Un seul essaim");
    }

    @Test
    void keysAreShownByWhatTheyAreAbout() {
        open();
        window.press(KeyCode.F1);
        assertThat(window.words("#help")).contains("Lab", "Time", "Window", "Ctrl+Shift+P", "Ctrl+R");
        window.picture("keys");
        window.click("#help-palette");
        assertThat(window.shows("#palette")).isTrue();
    }

    @Test
    void settingsHoldAtOnce() {
        open();
        window.press(KeyCode.CONTROL, KeyCode.COMMA);
        window.click("#settings-motion");
        assertThat(settings.motion().get()).isTrue();
        window.picture("settings");
        window.click("#settings-fr");
        window.await("the window is French", () -> window.words("#settings").contains("Langue"));
        window.click("#settings-close");
        assertThat(window.shows("#settings")).isFalse();
    }

    @Test
    void versionsAreTold() {
        open();
        window.click("#help-button");
        window.choose("About Cluster Lab");
        assertThat(window.words("#about")).contains("0.1.0", "Java", "embedded engine");
        window.picture("about");
    }

    @Test
    void theLabIsBegunAnewFromTheMenu() {
        open();
        show(Scenes.swarm());
        window.click("#help-button");
        window.choose("Begin the lab anew");
        window.await("it is asked", () -> window.shows("#way"));
        WindowModels before = window.desk;
        window.click("#way-yes");
        window.await("another cluster is there", () -> window.desk != before);
        assertThat(below.opened).hasSize(2);
    }

    // ---- the end

    @Test
    void theEndTellsWhatEachFaultCostAndWhatToTryNow() {
        open();
        var killed = Scenes.workerKilled();
        var fault = killed.faults().getFirst();
        for (int second = 0; second < 6; second++) {
            world.observer.show(killed);
        }
        world.observer.show(
                killed,
                new ClusterEvent.FaultBegan(
                        new Stamp(
                                1,
                                killed.elapsed().minusSeconds(8),
                                killed.elapsed().minusSeconds(8),
                                List.of()),
                        fault,
                        false));
        window.press(KeyCode.CONTROL, KeyCode.P);
        window.write("cost so far");
        window.press(KeyCode.ENTER);
        window.await("the end is told", () -> window.shows("#ending"));
        assertThat(window.words("#ending")).contains("worker3 without power", "lost", "Now try", "Break something");
        window.picture("ending");
        window.click("#try-break");
        window.await("a ready cluster is asked for", () -> window.shows("#way"));
        window.click("#way-no");
    }
}
