package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterEvent.Kind;
import dev.clusterlab.provisioning.observe.ClusterEvent.Severity;
import java.time.Duration;
import java.util.Optional;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventsModelTest {
    private final ObservableList<ClusterEvent> all = FXCollections.observableArrayList();
    private final EventsModel events = new EventsModel(all);

    private static ClusterEvent event(Kind kind, Severity severity, String subject, String cause) {
        return new ClusterEvent(
                Duration.ZERO,
                kind,
                severity,
                subject,
                "something",
                Optional.of(cause).filter(c -> !c.isEmpty()));
    }

    @BeforeEach
    void fill() {
        all.add(event(Kind.TASK, Severity.GOOD, "web.1", ""));
        all.add(event(Kind.NODE, Severity.BAD, "worker3", "machine.kill"));
        all.add(event(Kind.FAULT, Severity.INFO, "worker3", ""));
    }

    @Test
    void findsWhatIsLookedForAlsoInCauses() {
        events.search().set("KILL");
        assertThat(events.shown()).extracting(ClusterEvent::kind).containsExactly(Kind.NODE);
        events.search().set("  web ");
        assertThat(events.shown()).extracting(ClusterEvent::subject).containsExactly("web.1");
        events.search().set("");
        assertThat(events.shown()).hasSize(3);
    }

    @Test
    void showsOnlyTroubleAndWhatWasBrokenOnPurpose() {
        events.troubleOnly().set(true);
        assertThat(events.shown()).extracting(ClusterEvent::kind).containsExactly(Kind.NODE, Kind.FAULT);
    }

    @Test
    void filtersWhatComesLater() {
        events.troubleOnly().set(true);
        all.add(event(Kind.TASK, Severity.WARNING, "web.2", ""));
        all.add(event(Kind.TASK, Severity.GOOD, "web.3", ""));
        assertThat(events.shown())
                .hasSize(3)
                .last()
                .extracting(ClusterEvent::subject)
                .isEqualTo("web.2");
    }
}
