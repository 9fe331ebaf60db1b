package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.words.History;
import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.Cause;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.NodeState;
import dev.clusterlab.provisioning.observe.Stamp;
import dev.clusterlab.provisioning.observe.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventsModelTest {
    private final ObservableList<ClusterEvent> all = FXCollections.observableArrayList();
    private final History history = new History();
    private final EventsModel events = new EventsModel(all, history, Sentences.of(Locale.ENGLISH));

    private static final ClusterEvent STARTED = started(1, "web.1");
    private static final ClusterEvent BEGAN = new ClusterEvent.FaultBegan(
            stamp(2),
            new ActiveFault(
                    "fault-1",
                    new Fault.MachineKill("worker3"),
                    new Target.OfMachine("worker3"),
                    Instant.EPOCH,
                    Optional.empty()),
            false);
    private static final ClusterEvent DOWN = new ClusterEvent.NodeStateChanged(
            stamp(3, new Cause.ByFault("fault-1")),
            new Subject.OfNode("n3", "worker2"),
            NodeState.READY,
            NodeState.DOWN,
            "");

    private static Stamp stamp(long number, Cause... causes) {
        return new Stamp(number, Duration.ZERO, Duration.ZERO, List.of(causes));
    }

    private static ClusterEvent started(long number, String task) {
        return new ClusterEvent.TaskStarted(
                stamp(number), new Subject.OfTask(task, task), "worker1", Optional.empty(), "");
    }

    private void happens(ClusterEvent event) {
        history.add(event);
        all.add(event);
    }

    @BeforeEach
    void fill() {
        List.of(STARTED, BEGAN, DOWN).forEach(this::happens);
    }

    @Test
    void findsWhatIsLookedForAlsoInCauses() {
        events.search().set("Without POWER");
        assertThat(events.shown()).containsExactly(BEGAN, DOWN);
        events.search().set("machine.kill");
        assertThat(events.shown()).containsExactly(BEGAN);
        events.search().set("  web ");
        assertThat(events.shown()).containsExactly(STARTED);
        events.search().set("");
        assertThat(events.shown()).hasSize(3);
    }

    @Test
    void searchesInTheLanguageOfTheWindow() {
        events.search().set("perdu");
        assertThat(events.shown()).isEmpty();
        events.language(Sentences.of(Locale.FRENCH));
        assertThat(events.shown()).containsExactly(DOWN);
    }

    @Test
    void showsOnlyTroubleAndWhatWasBrokenOnPurpose() {
        events.troubleOnly().set(true);
        assertThat(events.shown()).containsExactly(BEGAN, DOWN);
    }

    @Test
    void filtersWhatComesLater() {
        events.troubleOnly().set(true);
        var waiting = new ClusterEvent.TaskWaiting(stamp(4), new Subject.OfTask("t2", "web.2"), "", "no node");
        happens(waiting);
        happens(started(5, "web.3"));
        assertThat(events.shown()).hasSize(3).last().isEqualTo(waiting);
    }
}
