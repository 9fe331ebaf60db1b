package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Scenes;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.recovery.Recoveries;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.TabPane;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;

/** The card of how a cluster recovered: it fills while it does, leads to events, and can be compared with another one. */
class RecoveryWindowTest {
    private static void onToolkit(Runnable action) {
        Pictures.onToolkit(() -> {
            action.run();
            return true;
        });
    }

    private static String openTab(TestWindow window) {
        TabPane tabs = (TabPane) window.find("#bottom").orElseThrow();
        return Pictures.onToolkit(
                () -> tabs.getSelectionModel().getSelectedItem().getId());
    }

    private static Optional<ClusterEvent> selectedEvent(TestWindow window) {
        ListView<?> events = (ListView<?>) window.find("#events").orElseThrow();
        return Pictures.onToolkit(() ->
                Optional.ofNullable((ClusterEvent) events.getSelectionModel().getSelectedItem()));
    }

    private static void choose(TestWindow window, String fault) {
        onToolkit(() -> ((MenuButton) window.find("#recovery-choice").orElseThrow())
                .getItems().stream()
                        .filter(item -> ("recovery-of-" + fault).equals(item.getId()))
                        .findFirst()
                        .orElseThrow()
                        .fire());
    }

    /** A stage that was reached leads somewhere; one that was not is but a name. */
    private static boolean leads(TestWindow window, String stage) {
        return window.find("#recovery-" + stage)
                .filter(Button.class::isInstance)
                .isPresent();
    }

    @Test
    void theCardFillsWhileTheClusterRecoversAndLeadsToItsEvents() {
        Settings settings = Windows.settings(true, Locale.ENGLISH, false);
        settings.newcomer().set(true);
        try (RealWindow real = RealWindow.open("embedded", settings)) {
            TestWindow window = real.window;
            window.await("the welcome is there", () -> window.shows("#welcome-break"));
            WindowModels before = window.desk;
            window.click("#welcome-break");
            window.await("the ready cluster is there", () -> window.desk != before);
            window.await("requests are answered", () -> window.answersOfTheLastMinute() > 10);
            window.press(KeyCode.CONTROL, KeyCode.DIGIT9);
            assertThat(window.words("#recovery")).contains("Break something: the card shows how it recovers.");

            String worker = window.desk.machines().stream()
                    .filter(name -> name.startsWith("worker"))
                    .reduce((first, second) -> second)
                    .orElseThrow();
            window.desk.context.faults().inject(new Fault.MachineKill(worker));
            window.await("it is being watched", () -> window.words("#recovery").contains("so far"));
            assertThat(window.words("#recovery-summary")).contains(worker + " without power");
            onToolkit(() -> window.desk.time.faster(16));
            window.await("Swarm has noticed", () -> leads(window, "swarm_notices"));
            window.await("new tasks run", () -> leads(window, "started"));
            onToolkit(() -> window.desk.time.faster(64));
            window.await(
                    "the watch has ended",
                    () -> !window.words("#recovery-summary").contains("so far"));
            assertThat(window.words("#recovery")).contains("Swarm", "Consul", "Traefik on leader1", "Clients");
            window.picture("recovery-embedded");

            window.click("#recovery-swarm_notices");
            assertThat(openTab(window)).isEqualTo("tab-events");
            assertThat(selectedEvent(window))
                    .hasValueSatisfying(event -> assertThat(event)
                            .isInstanceOfAny(
                                    ClusterEvent.NodeStateChanged.class,
                                    ClusterEvent.TaskFailed.class,
                                    ClusterEvent.TaskEnded.class));
        }
    }

    @Test
    void anEarlierFaultIsChosenAndComparedWithTheLast() {
        var world = new FakeWorld();
        world.anatomies = List.of(Recoveries.all().getFirst());
        try (TestWindow window =
                TestWindow.open(Windows.context(world), Windows.settings(true, Locale.ENGLISH, false))) {
            window.press(KeyCode.CONTROL, KeyCode.DIGIT9);
            window.await(
                    "the card is there", () -> window.words("#recovery-summary").contains("worker2 without power"));
            assertThat(window.shows("#recovery-compare"))
                    .as("there is nothing to compare with")
                    .isFalse();

            world.anatomies = Recoveries.all();
            window.await(
                    "the last one is shown",
                    () -> window.words("#recovery-summary").contains("worker3 without power"));
            assertThat(window.text("#recovery-compare")).isEqualTo("Compare with the one before");
            choose(window, "fault-1");
            assertThat(window.words("#recovery-summary")).contains("worker2 without power");
            assertThat(window.text("#recovery-compare")).isEqualTo("Compare with the last");
            window.click("#recovery-compare");
            assertThat(window.words("#recovery-comparison"))
                    .contains("worker2", "worker3", "3.2 s shorter", "in force → noticed");
            window.click("#recovery-compare");
            assertThat(window.shows("#recovery-comparison")).isFalse();

            window.press(KeyCode.CONTROL, KeyCode.E);
            window.await("it is French", () -> window.words("#recovery-summary").contains("rétabli"));
            assertThat(window.words("#recovery-summary")).contains("Pourquoi 3 requêtes ont échoué");
        }
    }

    @Test
    void aStageLeadsToItsEventByKeysAndKeepsTheKeyboardMeanwhile() {
        var world = new FakeWorld();
        world.anatomies = List.of(Recoveries.all().getLast());
        try (TestWindow window =
                TestWindow.open(Windows.context(world), Windows.settings(false, Locale.ENGLISH, false))) {
            window.show(world, Scenes.workerKilled());
            world.observer.show(Scenes.workerKilled(), GalleryTest.events());
            window.await(
                    "the events are there",
                    () -> Pictures.onToolkit(() -> window.desk.events.shown().size()) == GalleryTest.events().length);
            window.press(KeyCode.CONTROL, KeyCode.DIGIT9);
            window.await("the card is there", () -> leads(window, "swarm_notices"));
            assertThat(leads(window, "errors_over"))
                    .as("no event tells of requests")
                    .isFalse();
            Node noticed = window.find("#recovery-swarm_notices").orElseThrow();
            onToolkit(noticed::requestFocus);
            world.anatomies = Recoveries.all();
            window.await(
                    "another fault has been broken",
                    () -> window.text("#recovery-choice").equals("Faults: 2"));
            assertThat(window.focused()).contains(noticed);
            window.press(KeyCode.ENTER);
            assertThat(openTab(window)).isEqualTo("tab-events");
            assertThat(selectedEvent(window).map(ClusterEvent::number)).contains(6L);
            assertThat(window.focused().map(Node::getId)).contains("events");
        }
    }

    @Test
    void aPointOnTheAxisLeadsToItsEventToo() {
        var world = new FakeWorld();
        world.anatomies = Recoveries.all();
        Settings settings = Windows.settings(true, Locale.ENGLISH, false);
        settings.belowPart().set(0.7);
        try (TestWindow window = TestWindow.open(Windows.context(world), settings)) {
            world.observer.show(Scenes.workerKilled(), GalleryTest.events());
            window.press(KeyCode.CONTROL, KeyCode.DIGIT9);
            window.await("the card is there", () -> window.shows(".time-leads"));
            window.click(".time-leads");
            assertThat(openTab(window)).isEqualTo("tab-events");
            window.press(KeyCode.CONTROL, KeyCode.DIGIT9);
            window.click("#recovery-events");
            assertThat(selectedEvent(window).map(ClusterEvent::number)).contains(3L);
        }
    }
}
