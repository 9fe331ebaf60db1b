package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.words.NarratorWords;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.Stamp;
import dev.clusterlab.provisioning.observe.Subject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NarratorModelTest {
    private static final NarratorWords ENGLISH = NarratorWords.of(Locale.ENGLISH);

    private final ObservableList<ClusterEvent> events = FXCollections.observableArrayList();
    private final SimpleObjectProperty<ClusterSnapshot> snapshot =
            new SimpleObjectProperty<>(Scenes.platform().build());
    private long nanos = Duration.ofDays(3).toNanos();
    private long number;
    private final NarratorModel narrator = new NarratorModel(events, snapshot, () -> nanos);

    @AfterEach
    void close() {
        narrator.close();
    }

    private void happens(ClusterEvent event) {
        events.add(event);
        narrator.tick();
    }

    private ClusterEvent scaled(int before, int after) {
        number++;
        var stamp = new Stamp(number, Duration.ofMinutes(12), Duration.ofMinutes(12), List.of());
        return new ClusterEvent.ServiceScaled(stamp, new Subject.OfService("web", "web"), before, after);
    }

    private void after(double seconds) {
        nanos += Math.round(seconds * 1e9);
        narrator.tick();
    }

    private String shown() {
        return narrator.shown().get().map(ENGLISH::sentence).orElse("");
    }

    @Test
    void saysHowThingsStandAndThenWhatHappens() {
        assertThat(shown()).isEqualTo("Five machines, two managers; all 19 tasks run.");
        happens(scaled(2, 4));
        assertThat(shown()).as("held").startsWith("Five machines");
        after(2.5);
        assertThat(shown()).isEqualTo("4 tasks of web are to run, not 2.");
        assertThat(narrator.shown().get().orElseThrow().events()).containsExactly(1L);
        after(12);
        assertThat(shown()).startsWith("Five machines");
    }

    @Test
    void walksBackThroughWhatWasSaidAndForwardToNow() {
        for (int tasks : new int[] {4, 6, 8}) {
            after(2.5);
            happens(scaled(2, tasks));
            after(12);
            events.clear();
            happens(new ClusterEvent.NodeLeft(
                    new Stamp(100 + tasks, Duration.ZERO, Duration.ofMinutes(12), List.of()),
                    new Subject.OfNode("n" + tasks, "old" + tasks)));
            after(2.5);
        }
        assertThat(shown()).startsWith("old8");
        assertThat(narrator.newer().get()).isFalse();
        narrator.back();
        assertThat(shown()).startsWith("8 tasks of web");
        narrator.back();
        assertThat(shown()).startsWith("old6");
        assertThat(narrator.newer().get()).isTrue();

        happens(scaled(2, 10));
        after(5);
        assertThat(shown()).as("who reads is not disturbed").startsWith("old6");
        narrator.forward();
        assertThat(shown()).startsWith("8 tasks of web");
        narrator.forward();
        narrator.forward();
        assertThat(shown()).startsWith("10 tasks of web");
        assertThat(narrator.newer().get()).isFalse();
    }

    @Test
    void hasNothingBeforeTheFirst() {
        assertThat(narrator.older().get()).isFalse();
        narrator.back();
        assertThat(shown()).startsWith("Five machines");
        after(2.5);
        happens(scaled(2, 4));
        assertThat(narrator.older().get()).isFalse();
        after(12);
        assertThat(narrator.older().get()).as("before how things stand").isTrue();
        narrator.back();
        assertThat(shown()).startsWith("4 tasks");
    }
}
