package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.Stamp;
import dev.clusterlab.provisioning.observe.Subject;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Scenes;
import dev.clusterlab.ui.model.Texts;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the window says of what happens. */
class NarratorViewTest {
    private final FakeWorld world = new FakeWorld();
    private long number;

    private Stamp stamp() {
        number++;
        Duration at = Duration.ofMinutes(12).plusSeconds(number);
        return new Stamp(number, at, at, List.of());
    }

    private ClusterEvent scaled() {
        return new ClusterEvent.ServiceScaled(stamp(), new Subject.OfService("web", "web"), 2, 10);
    }

    private ClusterEvent killed() {
        return new ClusterEvent.MachineStateChanged(stamp(), "worker3", Machine.State.RUNNING, Machine.State.KILLED);
    }

    private static void told(TestWindow window, String words) {
        window.await("it says " + words, () -> window.text("#narrator-sentence").contains(words));
    }

    @Test
    void saysOneThingAtATimeAndWalksBackThroughIt() {
        try (TestWindow window =
                TestWindow.open(Windows.context(world), Windows.settings(true, Locale.ENGLISH, false), 1280, 800)) {
            world.observer.show(Scenes.platform().build(), scaled());
            told(window, "10 tasks of web are to run, not 2.");
            world.observer.show(Scenes.workerKilled(), killed());
            told(window, "worker3 has lost its power");
            window.click("#narrator-back");
            told(window, "10 tasks of web are to run");
            window.click("#narrator-forward");
            told(window, "worker3 has lost its power");
            assertThat(window.words("#headline"))
                    .as("how things stand is said as before")
                    .contains("2 of 2 managers");
        }
    }

    @Test
    void whatIsSaidAndWhatComesFadesInForWhoWantsNoMotion() {
        for (boolean stage : List.of(false, true)) {
            String words = stage ? "#stage-sentence" : ".narrator-lines";
            try (TestWindow window =
                    TestWindow.open(Windows.context(world), Windows.settings(true, Locale.ENGLISH, stage), 1280, 720)) {
                window.show(world, Scenes.threeMachines());
                window.stillness();
                Set<Node> faded = new HashSet<>();
                window.find(words)
                        .orElseThrow()
                        .opacityProperty()
                        .subscribe((before, now) -> faded.add(window.find(words).orElseThrow()));
                world.observer.show(Scenes.platform().build(), scaled());
                window.await("the sentence comes up", () -> !faded.isEmpty());
                Node box = window.find(stage ? "#stage-worker3" : "#machine-worker3")
                        .orElseThrow();
                window.await("all has come up", () -> !Animations.fading() && box.getOpacity() == 1);
                assertThat(Animations.moving()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "fr"})
    void saysWhatItIsForAsLongAsNothingHasHappened(String language) {
        Locale locale = Locale.of(language);
        try (TestWindow window =
                TestWindow.open(Windows.context(world), Windows.settings(true, locale, false), 1280, 800)) {
            assertThat(window.words("#narrator"))
                    .contains(
                            Texts.of(locale).get("narrator.begin"),
                            Texts.of(locale).get("narrator.begin.because"));
            window.picture("narrator-begin-" + language);
            world.observer.show(Scenes.threeMachines());
            window.await(
                    "what there is is told",
                    () -> !window.words("#narrator").contains(Texts.of(locale).get("narrator.begin")));
        }
    }

    @Test
    void leadsToTheEventsOfWhatItSays() {
        try (TestWindow window =
                TestWindow.open(Windows.context(world), Windows.settings(true, Locale.ENGLISH, false), 1280, 800)) {
            world.observer.show(Scenes.platform().build(), scaled());
            told(window, "10 tasks of web");
            Pictures.onToolkit(() -> {
                window.desk.events.search().set("nothing like it");
                return true;
            });
            window.click("#narrator-sentence");
            window.await("the events are shown", () -> window.shows("#events"));
            assertThat(chosen(window)).isEqualTo(1L);
            assertThat(window.desk.events.search().get()).as("what hid it").isEmpty();
        }
    }

    private static long chosen(TestWindow window) {
        return Pictures.onToolkit(() -> ((ListView<?>) window.find("#events").orElseThrow())
                                .getSelectionModel()
                                .getSelectedItem())
                        instanceof ClusterEvent event
                ? event.number()
                : 0;
    }

    @Test
    void noSentenceMovesTheMachines() {
        try (TestWindow window =
                TestWindow.open(Windows.context(world), Windows.settings(true, Locale.ENGLISH, false), 1280, 800)) {
            world.observer.show(Scenes.platform().build());
            told(window, "Five machines");
            window.pulse();
            Bounds before = place(window);
            world.observer.show(
                    Scenes.platform().build(),
                    new ClusterEvent.NodeLabelsChanged(
                            stamp(),
                            new Subject.OfNode("n1", "leader1"),
                            java.util.Map.of(
                                    "a-rather-long-label-that-needs-room", "and-a-value-that-needs-even-more-of-it")));
            told(window, "a-rather-long-label");
            window.pulse();
            assertThat(place(window)).isEqualTo(before);
        }
    }

    private static Bounds place(TestWindow window) {
        return Pictures.onToolkit(() -> {
            Node machine = window.scene().getRoot().lookup("#machine-leader1");
            return machine.localToScene(machine.getLayoutBounds());
        });
    }

    static Stream<Arguments> looks() {
        return Stream.of(
                Arguments.of("narrator-dark-en", true, Locale.ENGLISH, 1280, 720),
                Arguments.of("narrator-light-fr", false, Locale.FRENCH, 1366, 768),
                Arguments.of("narrator-small-fr", true, Locale.FRENCH, 1000, 680));
    }

    @ParameterizedTest
    @MethodSource("looks")
    void canBeSeen(String name, boolean dark, Locale language, int width, int height) {
        try (TestWindow window =
                TestWindow.open(Windows.context(world), Windows.settings(dark, language, false), width, height)) {
            world.observer.show(Scenes.platform().build());
            told(window, language.equals(Locale.FRENCH) ? "Cinq machines" : "Five machines");
            world.observer.show(Scenes.workerKilled(), StageTest.givenUp());
            told(window, "worker3");
            window.picture(name + "-1");
            told(window, "Swarm");
            window.picture(name + "-2");
            window.press(KeyCode.CONTROL, KeyCode.DIGIT3);
            assertThat(window.words("#narrator")).contains("worker3");
        }
    }
}
